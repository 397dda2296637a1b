#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/rig/fake_calls.h"
#include "tests/rig/fake_providers.h"

namespace mailrota::rig {

/// One account of the fake Twilio in mailrota-fake-providers: "twilio", or "twilio2" for a second one.
///
/// Without a script a call is answered by a human who listens and presses nothing. The account starts with
/// any sender number, no limits but one call dialled a second, and speed 1. HTTP faults are those of
/// FakeProviders::fail with this name as provider; a "bad_message" may have a `code`. Not thread-safe; every
/// failure is a std::runtime_error.
class FakeTwilio {
  public:
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    /// `fakes` must outlive it.
    explicit FakeTwilio(FakeProviders& fakes, std::string name = "twilio");

    /// "http://127.0.0.1:PORT/twilio": stands where "https://api.twilio.com" stands.
    std::string base_url() const { return fakes_.base_url(name_); }
    std::string tls_base_url() const { return fakes_.tls_base_url(name_); }
    const std::string& name() const { return name_; }
    std::string account_sid() const { return member("sid"); }
    std::string auth_token() const { return member("auth_token"); }
    std::string key_sid() const { return member("key_sid"); }
    std::string key_secret() const { return member("key_secret"); }

    void set(const FakePhoneAccount& change);
    /// What becomes of calls to this number, one after another, the last for all further ones; and of SMS.
    /// An empty number stands for all that have no script.
    void script(const std::string& number, const std::vector<FakeCallScript>& calls,
                const FakeSmsScript& sms = {});
    /// Somebody writes an SMS to one of our numbers; its sid.
    std::string say_sms(const std::string& from, const std::string& to, const std::string& text);
    /// Goes on from a script's hold, of a call or an SMS.
    void release(const std::string& sid);
    /// Keys, for a script's digit "?".
    void press(const std::string& sid, const std::string& digits);

    /// All, in the order in which they were asked for.
    std::vector<FakeCall> calls() const;
    std::vector<FakeCall> calls_to(std::string_view number) const;
    /// Waits until at least `count` calls fit; returns all that fit then, fewer when the deadline passes.
    std::vector<FakeCall> wait_for_calls(std::size_t count, const std::function<bool(const FakeCall&)>& fits,
                                         std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    /// Waits until `count` calls are over, and told.
    std::vector<FakeCall> wait_for_ended_calls(
        std::size_t count = 1, std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    /// Out and in.
    std::vector<FakeSms> messages() const;
    std::vector<FakeSms> wait_for_messages(
        std::size_t count, std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    /// What the account's error log holds: empty when all our documents and answers were right.
    std::vector<FakeNotice> notices() const;
    FakeCalls counts() const;         ///< of requests; `accepted`: calls there are now
    std::uint64_t most_live() const;  ///< calls that were not over at once

    void clear();  ///< calls, messages, notices, scripts, counts; the account stays

  private:
    std::string ask(std::string_view method, const std::string& call, const std::string& body = "") const;
    std::string member(const char* member_name) const;
    std::int64_t number(const char* member_name) const;

    FakeProviders& fakes_;
    std::string name_;
};

}  // namespace mailrota::rig
