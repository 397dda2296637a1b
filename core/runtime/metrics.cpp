#include "core/runtime/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

namespace mailrota::runtime {
namespace {

using Counters = prometheus::Family<prometheus::Counter>;
using Gauges = prometheus::Family<prometheus::Gauge>;

Counters& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Gauges& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

// The counters of one family by the values of its labels. Family::Add checks and hashes every label anew; a
// mail is counted several times, so each counter is looked up there once only.
template <std::size_t labels>
class Labelled {
  public:
    using Names = std::array<const char*, labels>;
    using Values = std::array<std::string_view, labels>;

    Labelled(Counters& family, const Names& names) : family_(family), names_(names) {}

    void increment(const Values& values, double by = 1) { counter(values).Increment(by); }

  private:
    struct Before {
        using is_transparent = void;
        template <class Left, class Right>
        bool operator()(const Left& left, const Right& right) const {
            return std::ranges::lexicographical_compare(
                left, right, [](std::string_view one, std::string_view other) { return one < other; });
        }
    };

    prometheus::Counter& counter(const Values& values) {
        const std::lock_guard lock(mutex_);
        if (const auto found = known_.find(values); found != known_.end()) return *found->second;
        std::array<std::string, labels> owned;
        std::map<std::string, std::string> pairs;
        for (std::size_t i = 0; i < labels; ++i) pairs.emplace(names_[i], owned[i] = values[i]);
        return *known_.emplace(std::move(owned), &family_.Add(pairs)).first->second;
    }

    Counters& family_;
    const Names names_;
    std::mutex mutex_;
    std::map<std::array<std::string, labels>, prometheus::Counter*, Before> known_;  // never removed
};

// In seconds: from a mail that no rule concerns to a database that makes us wait.
const prometheus::Histogram::BucketBoundaries buckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                      0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};

// Of calls over the Internet.
const prometheus::Histogram::BucketBoundaries call_buckets{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

prometheus::MetricFamily single(const std::string& name, const std::string& help, double value) {
    prometheus::ClientMetric metric;
    const bool counts = name.ends_with("_total");
    (counts ? metric.counter.value : metric.gauge.value) = value;
    return {name, help, counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge, {metric}};
}

}  // namespace

struct Metrics::Registry {
    prometheus::Registry all;
    prometheus::Gauge& sessions =
        gauges(all, "mailrota_sessions", "Sessions of the MTA that are open.").Add({});
    prometheus::Counter& sessions_total =
        counters(all, "mailrota_sessions_total", "Sessions of the MTA opened.").Add({});
    Labelled<1> messages{counters(all, "mailrota_messages_total", "Messages by what became of them."),
                         {"outcome"}};
    prometheus::Histogram& duration = prometheus::BuildHistogram()
                                          .Name("mailrota_end_of_message_seconds")
                                          .Help("Time from the message's end to our answer.")
                                          .Register(all)
                                          .Add({}, buckets);
    Labelled<2> recipients{counters(all, "mailrota_recipients_total", "Recipients by fate and rota."),
                           {"fate", "rota"}};
    Labelled<3> turns{
        counters(all, "mailrota_turns_total", "Turns by rota and reason; replayed: found again."),
        {"rota", "reason", "replayed"}};
    Labelled<2> relay_calls{
        counters(all, "mailrota_relay_calls_total", "Calls to providers by what came of them."),
        {"provider", "outcome"}};
    prometheus::Family<prometheus::Histogram>& relay_duration = prometheus::BuildHistogram()
                                                                    .Name("mailrota_relay_call_seconds")
                                                                    .Help("Time of a call to a provider.")
                                                                    .Register(all);
    Gauges& relay_breakers =
        gauges(all, "mailrota_relay_breaker_open", "1: mail is kept away from this provider.");
    Gauges& provider_statuses =
        gauges(all, "mailrota_provider_status",
               "What the provider's status page tells: 0 nothing, 1 minor, 2 major, 3 critical, -1 unknown.");
    Gauges& selftests =
        gauges(all, "mailrota_selftest_passed", "1: the last run of this self-test came through.");
    Gauges& selftest_times = gauges(all, "mailrota_selftest_last_pass_timestamp_seconds",
                                    "When this self-test came through last, seconds since 1970.");
    Labelled<2> events{counters(all, "mailrota_events_total", "Events that providers told by webhooks."),
                       {"provider", "event"}};
    Labelled<1> errors{counters(all, "mailrota_errors_total", "Errors by cause."), {"cause"}};
    prometheus::Counter& failed_open =
        counters(all, "mailrota_failed_open_total", "Messages passed untouched on an error.").Add({});
    Labelled<1> reloads{counters(all, "mailrota_reloads_total", "Reloads of the configuration."), {"result"}};
    prometheus::Gauge& generation =
        gauges(all, "mailrota_config_generation", "Number of the configuration in effect.").Add({});

    struct Value {
        std::string help;
        double value;
    };
    std::mutex setting;
    std::map<std::string, Value, std::less<>> set;
};

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}

Metrics::~Metrics() = default;

void Metrics::session_opened() {
    registry_->sessions.Increment();
    registry_->sessions_total.Increment();
}

void Metrics::session_closed() { registry_->sessions.Decrement(); }

void Metrics::message(std::string_view outcome, std::chrono::microseconds at_end_of_message) {
    registry_->messages.increment({outcome});
    registry_->duration.Observe(std::chrono::duration<double>(at_end_of_message).count());
}

void Metrics::recipient(std::string_view fate, std::string_view rota) {
    registry_->recipients.increment({fate, rota});
}

void Metrics::turn(std::string_view rota, std::string_view reason, bool replayed) {
    registry_->turns.increment({rota, reason, replayed ? "true" : "false"});
}

void Metrics::relay_call(std::string_view provider, std::string_view outcome,
                         std::chrono::microseconds took) {
    registry_->relay_calls.increment({provider, outcome});
    registry_->relay_duration.Add({{"provider", std::string(provider)}}, call_buckets)
        .Observe(std::chrono::duration<double>(took).count());
}

void Metrics::relay_breaker(std::string_view scope, bool open) {
    registry_->relay_breakers.Add({{"scope", std::string(scope)}}).Set(open ? 1 : 0);
}

void Metrics::provider_status(std::string_view provider, int gravity) {
    registry_->provider_statuses.Add({{"provider", std::string(provider)}}).Set(gravity);
}

void Metrics::event(std::string_view provider, std::string_view what, std::uint64_t count) {
    registry_->events.increment({provider, what}, static_cast<double>(count));
}

void Metrics::selftest(std::string_view name, bool passed, std::optional<double> at) {
    const std::map<std::string, std::string> labels{{"selftest", std::string(name)}};
    registry_->selftests.Add(labels).Set(passed ? 1 : 0);
    if (at) registry_->selftest_times.Add(labels).Set(*at);
}

void Metrics::selftest_gone(std::string_view name) {
    const std::map<std::string, std::string> labels{{"selftest", std::string(name)}};
    for (Gauges* family : {&registry_->selftests, &registry_->selftest_times})
        family->Remove(&family->Add(labels));
}

void Metrics::error(std::string_view cause) { registry_->errors.increment({cause}); }

void Metrics::failed_open() { registry_->failed_open.Increment(); }

void Metrics::reloaded(bool succeeded, std::uint64_t generation) {
    registry_->reloads.increment({succeeded ? "ok" : "error"});
    registry_->generation.Set(static_cast<double>(generation));
}

void Metrics::set(std::string_view name, std::string_view help, double value) {
    std::lock_guard lock(registry_->setting);
    registry_->set.insert_or_assign(std::string(name), Registry::Value{std::string(help), value});
}

std::string Metrics::expose() const {
    std::vector<prometheus::MetricFamily> families = registry_->all.Collect();
    {
        std::lock_guard lock(registry_->setting);
        for (const auto& [name, value] : registry_->set)
            families.push_back(single(name, value.help, value.value));
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace mailrota::runtime
