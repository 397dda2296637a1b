#include "core/runtime/late_intake.h"

#include <chrono>
#include <utility>
#include <vector>

#include "core/store/trace_secret.h"

namespace mailrota::runtime {

// The store that is not there yet.
class LateIntake::Absent : public store::Store {
  public:
    void because(const std::string& reason) {
        const std::lock_guard lock(mutex_);
        reason_ = reason;
    }
    Result<void> write(std::vector<std::string>, store::Work) override { return failure(); }
    std::vector<Result<void>> write_all(std::vector<store::Write> writes) override {
        return std::vector<Result<void>>(writes.size(), failure());
    }
    Result<void> read(store::Work) override { return failure(); }
    Result<void> rehearse(std::vector<std::string>, store::Work) override { return failure(); }
    Result<mail::TraceSecret> trace_secret() override { return failure(); }
    Result<std::size_t> purge(store::Time, std::chrono::seconds) override { return failure(); }
    Result<void> probe() override { return failure(); }
    store::StoreCounters counters() const override { return {}; }
    std::string description() const override { return "not open yet"; }

  private:
    tl::unexpected<Error> failure() const {
        const std::lock_guard lock(mutex_);
        return unavailable("the store is not open yet: " + reason_);
    }

    mutable std::mutex mutex_;
    std::string reason_ = "starting";
};

struct LateIntake::Opened {
    Opened(std::unique_ptr<store::Store> given, const mail::TraceSecret& secret, Clock clock)
        : store(std::move(given)), intake(*store, secret, std::move(clock)) {}

    std::unique_ptr<store::Store> store;
    Intake intake;
};

namespace {

// Without a store there is nothing to check traces with: a secret that nobody knows makes each as good as
// none. A mail that a rule redirects meanwhile is told from others by this process alone.
mail::TraceSecret secret_of_nobody() {
    return store::new_trace_secret().and_then(store::to_trace_secret).value();
}

}  // namespace

LateIntake::LateIntake(config::StoreSettings settings, Clock clock)
    : settings_(std::move(settings)),
      clock_(std::move(clock)),
      absent_(std::make_unique<Absent>()),
      without_(*absent_, secret_of_nobody(), clock_),
      in_force_(&without_) {}

LateIntake::~LateIntake() = default;

Result<void> LateIntake::open() {
    const std::lock_guard lock(opening_);
    if (opened_) return {};
    store::StoreOptions options;
    options.busy = settings_.busy;
    auto store = store::open_store(settings_.url, options);
    auto secret = store ? (*store)->trace_secret() : tl::unexpected(store.error());
    if (secret) secret = (*store)->probe().map([&] { return *secret; });
    if (!secret) {
        absent_->because(secret.error().text);
        return tl::unexpected(secret.error());
    }
    opened_ = std::make_unique<Opened>(*std::move(store), *secret, clock_);
    in_force_ = &opened_->intake;
    store_ = opened_->store.get();
    return {};
}

}  // namespace mailrota::runtime
