#include "core/runtime/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

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

// In seconds: from a mail that no rule concerns to a database that makes us wait.
const prometheus::Histogram::BucketBoundaries buckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                      0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};

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
    Counters& messages = counters(all, "mailrota_messages_total", "Messages by what became of them.");
    prometheus::Histogram& duration = prometheus::BuildHistogram()
                                          .Name("mailrota_end_of_message_seconds")
                                          .Help("Time from the message's end to our answer.")
                                          .Register(all)
                                          .Add({}, buckets);
    Counters& recipients = counters(all, "mailrota_recipients_total", "Recipients by fate and rota.");
    Counters& turns =
        counters(all, "mailrota_turns_total", "Turns by rota and reason; replayed: found again.");
    Counters& errors = counters(all, "mailrota_errors_total", "Errors by cause.");
    prometheus::Counter& failed_open =
        counters(all, "mailrota_failed_open_total", "Messages passed untouched on an error.").Add({});
    Counters& reloads = counters(all, "mailrota_reloads_total", "Reloads of the configuration.");
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
    registry_->messages.Add({{"outcome", std::string(outcome)}}).Increment();
    registry_->duration.Observe(std::chrono::duration<double>(at_end_of_message).count());
}

void Metrics::recipient(std::string_view fate, std::string_view rota) {
    registry_->recipients.Add({{"fate", std::string(fate)}, {"rota", std::string(rota)}}).Increment();
}

void Metrics::turn(std::string_view rota, std::string_view reason, bool replayed) {
    registry_->turns
        .Add({{"rota", std::string(rota)},
              {"reason", std::string(reason)},
              {"replayed", replayed ? "true" : "false"}})
        .Increment();
}

void Metrics::error(std::string_view cause) {
    registry_->errors.Add({{"cause", std::string(cause)}}).Increment();
}

void Metrics::failed_open() { registry_->failed_open.Increment(); }

void Metrics::reloaded(bool succeeded, std::uint64_t generation) {
    registry_->reloads.Add({{"result", succeeded ? "ok" : "error"}}).Increment();
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
