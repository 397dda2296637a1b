#include "core/runtime/contact_kind.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "core/policy/overloaded.h"
#include "core/runtime/alert_jobs.h"
#include "core/runtime/contact_request.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using policy::Contact;
using providers::HttpAnswer;
using providers::HttpOutcome;
using providers::PhoneAnswer;
using std::chrono::seconds;

constexpr seconds after_a_fault{2};
constexpr seconds until_told_again{5};  // of a call that was to end and did not

// One attempt at one contact's job. Lives in its coroutine.
class Attempt {
  public:
    Attempt(AlertServices& services, ContactJob job)
        : services_(services),
          telephones_(services.telephones()),
          policy_(services.policy()),
          job_(std::move(job)) {}

    asio::awaitable<Attempted> run() {
        ContactStep step;
        const Result<void> stepped = co_await next(step);
        if (!stepped) co_return again(after_a_fault, "not begun: " + stepped.error().text);
        if (step.what == ContactStep::Do::finish) co_return Finished{std::move(step.words), {}};
        if (step.what == ContactStep::Do::wait) co_return again(step.wait, std::move(step.words));
        telephone_ = telephones_->account(step.contact.account);  // the step has seen that there is one
        Attempted attempted = co_await perform(std::move(step));
        co_return attempted;
    }

  private:
    Attempted again(seconds wait, std::string words) const {
        return Postponed{std::move(words), to_json(job_), wait, {}, true};
    }

    Attempted later(const Contact& contact, std::string words) const {
        return again(next_look(contact, terms().seconds()), std::move(words));
    }

    ContactTerms terms() const { return {*telephones_, *policy_, services_.clock()}; }

    HttpTerms http_terms() const { return terms_of(telephone_->settings()); }

    asio::awaitable<Result<void>> next(ContactStep& step) {
        const ContactTerms now = terms();
        const ContactJob job = job_;
        store::Work work = [this, &now, &job, &step](store::Transaction& transaction) -> Result<void> {
            job_ = job;  // the work may be run again
            auto decided = contact_step(transaction, now, job_);
            if (!decided) return tl::unexpected(decided.error());
            step = *std::move(decided);
            return {};
        };
        const Result<void> done = co_await services_.store.write(incidents_only(), std::move(work));
        if (!done) job_ = job;
        co_return done;
    }

    asio::awaitable<Attempted> perform(ContactStep step) {
        switch (step.what) {
            case ContactStep::Do::send: {
                Attempted sent = co_await send(std::move(step));
                co_return sent;
            }
            case ContactStep::Do::find: {
                Attempted found = co_await find(std::move(step.contact));
                co_return found;
            }
            case ContactStep::Do::cancel: {
                Attempted cancelled = co_await cancel(std::move(step.contact));
                co_return cancelled;
            }
            default: {
                Attempted looked = co_await look(std::move(step.contact));
                co_return looked;
            }
        }
    }

    asio::awaitable<Attempted> send(ContactStep step) {
        if (step.slot > services_.clock()) {
            co_await wait_until(step.slot);
            const Result<bool> wanted = co_await still_wanted_now();
            if (!wanted || !*wanted) co_return again(seconds(0), "not needed any more, or not known");
        }
        providers::HttpRequest request = contact_request(*telephones_, *telephone_, step, job_);
        const HttpOutcome outcome = co_await services_.http.send(std::move(request), http_terms());
        const PhoneAnswer answer = std::visit(
            policy::Overloaded{
                [](const HttpAnswer& came) { return providers::Telephone::read_sent(came); },
                [](const providers::HttpFailure& none) { return providers::Telephone::read_failure(none); }},
            outcome);
        Attempted written = co_await write([this, &step, &answer](store::Transaction& transaction) {
            return put_answer(transaction, terms(), job_, step.contact, answer);
        });
        co_return written;
    }

    // It may have been acknowledged while we waited.
    asio::awaitable<Result<bool>> still_wanted_now() {
        bool wanted = false;
        store::Work work = [this, &wanted](store::Transaction& transaction) -> Result<void> {
            const auto known = still_wanted(transaction, job_);
            if (!known) return tl::unexpected(known.error());
            wanted = *known;
            return {};
        };
        const Result<void> done = co_await services_.store.write(incidents_only(), std::move(work));
        if (!done) co_return tl::unexpected(done.error());
        co_return wanted;
    }

    asio::awaitable<Attempted> find(Contact contact) {
        const HttpOutcome outcome = co_await services_.http.send(
            telephone_->list_sent(contact.way, contact.number, contact.begun), http_terms());
        const auto* answer = std::get_if<HttpAnswer>(&outcome);
        if (answer == nullptr) co_return later(contact, "the account could not be asked for it");
        const auto listed = providers::Telephone::read_list(contact.way, *answer);
        if (!listed) co_return later(contact, "the account could not be asked: " + listed.error().text);
        Attempted written = co_await write([this, &listed](store::Transaction& transaction) {
            return put_found(transaction, terms(), job_, *listed);
        });
        co_return written;
    }

    asio::awaitable<Attempted> look(Contact contact) {
        const HttpOutcome outcome = co_await services_.http.send(telephone_->fetch(contact), http_terms());
        const auto* answer = std::get_if<HttpAnswer>(&outcome);
        if (answer == nullptr) co_return later(contact, "the account could not be asked how it stands");
        const auto news = providers::Telephone::read_fetched(contact.way, *answer);
        if (!news) co_return later(contact, "how it stands: " + news.error().text);
        Attempted written = co_await take(*news);
        co_return written;
    }

    asio::awaitable<Attempted> cancel(Contact contact) {
        const bool talking = contact.status == "in-progress";
        const HttpOutcome outcome =
            co_await services_.http.send(telephone_->cancel(contact, talking), http_terms());
        const auto* answer = std::get_if<HttpAnswer>(&outcome);
        if (answer == nullptr) co_return later(contact, "the account could not be told to end it");
        const auto told = providers::Telephone::read_cancelled(*answer);
        // It may have gone from ringing to talking, or be over: it is seen how it stands.
        if (told.outcome != providers::PhoneOutcome::accepted) {
            Attempted looked = co_await look(std::move(contact));
            if (auto* goes_on = std::get_if<Postponed>(&looked))
                goes_on->wait = std::min(goes_on->wait, until_told_again);
            co_return looked;
        }
        providers::PhoneNews news;
        news.provider_id = contact.provider_id;
        news.status = told.status;
        news.words = "not needed any more";
        Attempted written = co_await take(news);
        co_return written;
    }

    asio::awaitable<Attempted> take(providers::PhoneNews news) {
        Attempted written = co_await write([this, &news](store::Transaction& transaction) {
            return put_news(transaction, terms(), job_, news);
        });
        co_return written;
    }

    using Writing = std::function<Result<ContactAnswered>(store::Transaction&)>;
    asio::awaitable<Attempted> write(Writing writing) {
        const ContactJob job = job_;
        ContactAnswered answered;
        store::Work work = [this, &job, &writing,
                            &answered](store::Transaction& transaction) -> Result<void> {
            job_ = job;  // the work may be run again
            auto written = writing(transaction);
            if (!written) return tl::unexpected(written.error());
            answered = *std::move(written);
            return {};
        };
        const Result<void> done = co_await services_.store.write(incidents_only(), std::move(work));
        if (!done) {
            job_ = job;
            co_return again(after_a_fault, "not written: " + done.error().text);
        }
        if (answered.alarm)
            services_.log.error(LogLine("telephone-refuses")
                                    .with("account", answered.contact.account)
                                    .with("incident", answered.contact.incident)
                                    .with("reason", answered.words));
        if (answered.over) co_return Finished{std::move(answered.words), {}};
        co_return again(answered.wait, std::move(answered.words));
    }

    asio::awaitable<void> wait_until(store::Incidents::Milliseconds slot) {
        const auto wait = slot - services_.clock();
        if (wait <= wait.zero()) co_return;
        asio::steady_timer timer(co_await asio::this_coro::executor, wait);
        boost::system::error_code cancelled;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }

    AlertServices& services_;
    std::shared_ptr<const Telephones> telephones_;
    std::shared_ptr<const policy::Policy> policy_;
    const providers::Telephone* telephone_ = nullptr;
    ContactJob job_;
};

asio::awaitable<Attempted> attempt(std::shared_ptr<AlertServices> services, store::Job job) {
    auto read = read_contact_job(job.payload);
    if (!read) {
        Failed failed{read.error().text, {}};
        co_return failed;
    }
    Attempt one(*services, *std::move(read));
    Attempted attempted = co_await one.run();
    co_return attempted;
}

}  // namespace

JobKind contact_kind_on(AlertServices services) {
    return [shared = std::make_shared<AlertServices>(std::move(services))](
               store::Job job, std::string, bool) { return attempt(shared, std::move(job)); };
}

}  // namespace mailrota::runtime
