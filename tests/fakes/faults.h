#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// One way of failing. What is not said here is done right.
struct Fault {
    enum class Kind {
        // What the provider says instead of accepting, in its own words:
        wrong_key,
        unverified_domain,
        suspended,
        rate_limited,
        quota,
        server_error,
        unavailable,  ///< 503
        too_large,
        bad_message,
        // What comes instead of an answer:
        silent,   ///< nothing, ever
        reset,    ///< after the whole request was read
        cut_off,  ///< a reset before the body is read
        garbage,
        html,
        megabytes,
        drip,  ///< the right answer, a byte at a time; always accepted
        // Mandrill: accepted, but "queued" for the reason `words` names
        stuck,
    };

    std::string provider;  ///< empty: any
    Kind kind = Kind::server_error;
    bool after = false;       ///< the mail is accepted and delivered all the same
    bool every_call = false;  ///< also what is not a sending call
    std::uint64_t times = 0;  ///< how often yet; 0: for ever
    double probability = 1;
    int seconds = 1;   ///< rate_limited: the delay that is told
    std::string form;  ///< rate_limited: "retry_after", "http_date", "reset_epoch", "ratelimit", "text_date",
                       ///< "text_seconds", "plain"; empty: the provider's own
    int status = 0;    ///< another status than the provider's; garbage, html, megabytes: than 200
    int code = 0;      ///< twilio: another code than the kind's
    std::string words;               ///< another message; stuck: the reason
    std::uint64_t size = 5'000'000;  ///< megabytes: bytes
    std::minstd_rand dice;

    bool is_refusal() const { return kind <= Kind::bad_message; }
    /// {"fault": "rate_limited", "provider": …}; nothing if a member is wrong.
    static std::optional<Fault> from_json(const boost::json::object& order);
};

/// The faults that wait. The first that fits a call and whose dice say so is taken.
class Faults {
  public:
    void add(Fault fault) { waiting_.push_back(std::move(fault)); }
    void clear(std::string_view provider = {});  ///< empty: all
    std::optional<Fault> take(std::string_view provider, bool sending);
    /// As take(), before the body of a request is read: cut_off only.
    bool take_cut_off(std::string_view provider);

  private:
    std::optional<Fault> take_if(std::string_view provider, bool sending, bool cut_off);

    std::list<Fault> waiting_;
};

/// Makes the reply what the fault wants that is no refusal.
Reply disturbed(Reply reply, const Fault& fault);
/// Adds the header by which a delay is told, if the form is one.
void tell_delay(Reply& reply, const Fault& fault, std::string_view own_form);

}  // namespace mailrota::fakes
