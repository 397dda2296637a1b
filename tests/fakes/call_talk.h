#pragma once

#include <boost/asio/awaitable.hpp>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/phone_exchange.h"
#include "tests/fakes/twiml.h"

namespace mailrota::fakes {

/// What is said and pressed during an answered call: runs its documents until somebody hangs up.
class CallTalk {
  public:
    CallTalk(PhoneExchange* exchange, CallPointer call) : exchange_(exchange), call_(std::move(call)) {}

    boost::asio::awaitable<void> run(TwimlSource source);

  private:
    using Verbs = std::vector<Verb>;

    /// The document, fetched and checked, or that of the fallback URL. Nothing: both failed.
    boost::asio::awaitable<std::optional<Twiml>> load(TwimlSource source);
    boost::asio::awaitable<std::optional<Twiml>> fetch(TwimlSource source, Fields more);
    std::optional<Twiml> read(const TwimlSource& source, const std::string& document);
    boost::asio::awaitable<void> perform(const Verbs* verbs);
    boost::asio::awaitable<void> say(const Verb* verb);
    boost::asio::awaitable<void> gather(const Verb* verb);
    /// What is pressed while this <Gather> listens; empty: nothing.
    boost::asio::awaitable<std::string> listen(const Verb* verb);
    /// Digits as this <Gather> takes them: to the finishing key, at most numDigits.
    std::string taken(const Verb& verb, std::string digits) const;
    void go_on_at(const std::string& url, const std::string& method, Fields more);
    /// Time during which somebody may hang up.
    boost::asio::awaitable<void> pass(double seconds);
    void fail(int code, const TwimlSource& source, const std::string& words = "");
    bool is_interrupted() const;

    PhoneExchange* exchange_;
    CallPointer call_;
    std::string base_;  ///< URL of the document; empty: it came with the call
    std::optional<TwimlSource> next_;
    Fields next_fields_;
    bool over_ = false;
    int error_ = 0;  ///< the last that ended a document
    std::size_t gathers_ = 0;
    double press_at_ = std::numeric_limits<double>::infinity();  ///< on the call's clock
};

/// A URL as a document at `base` means it; empty if that cannot be said.
std::string resolved(const std::string& url, const std::string& base);

}  // namespace mailrota::fakes
