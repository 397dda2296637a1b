#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mailrota::runtime {

// What is counted, in Prometheus' terms (prometheus-cpp core). Thread-safe; counters only grow. Names begin
// with mailrota_.
class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;

    void session_opened();
    void session_closed();
    // outcome: "untouched", "edited", "refused", "deferred", "discarded", "quarantined", "aborted"; behind
    // the queue also "delivered", "handed", "mixed"
    void message(std::string_view outcome, std::chrono::microseconds at_end_of_message);
    // fate: "keep", "redirect", "refuse", "defer", "drop"
    void recipient(std::string_view fate, std::string_view rota);
    void turn(std::string_view rota, std::string_view reason, bool replayed);
    // outcome: "accepted", "bad_message", "bad_message_here", "bad_recipient", "configuration", "temporary",
    // "uncertain", "mixed"
    void relay_call(std::string_view provider, std::string_view outcome, std::chrono::microseconds took);
    // scope: a provider, or a provider and a sender's domain; open: mail is kept away from it
    void relay_breaker(std::string_view scope, bool open);
    // gravity: of what the provider's status page tells: 0 nothing, 1 minor, 2 major, 3 critical, -1 unknown
    void provider_status(std::string_view provider, int gravity);
    // what: a type of event as providers' webhooks tell it ("delivered", "bounced" …), counted as it comes,
    // or "duplicate" (of those, what was known), "forged" (requests), "unreadable"
    void event(std::string_view provider, std::string_view what, std::uint64_t count);
    // passed: whether the last run came through; at: when one did last, seconds since 1970
    void selftest(std::string_view name, bool passed, std::optional<double> at);
    void selftest_gone(std::string_view name);
    // cause: "store", "protocol", "edit", "limit"
    void error(std::string_view cause);
    void failed_open();
    void reloaded(bool succeeded, std::uint64_t generation);
    // Set before exposing: a value as another piece keeps it; a counter if the name ends in _total, else a
    // gauge.
    void set(std::string_view name, std::string_view help, double value);

    // The text exposition format, version 0.0.4.
    std::string expose() const;

  private:
    struct Registry;
    std::unique_ptr<Registry> registry_;
};

}  // namespace mailrota::runtime
