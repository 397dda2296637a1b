#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// What a webhook's receiver answered; status 0: nothing, `words` says why.
struct PostOutcome {
    int status = 0;
    std::string words;  ///< the body, or what failed
};

/// Sends one POST, to a URL as Outgoing has it. Gives up after twenty seconds.
boost::asio::awaitable<PostOutcome> send_post(std::string url, HookPost post);

/// How events that went out by themselves fared.
struct Messages {
    std::uint64_t events = 0;
    std::uint64_t posts = 0;     ///< tries, the failed among them
    std::uint64_t given_up = 0;  ///< posts that never were answered 2xx
    std::uint64_t waiting = 0;   ///< posts that are still tried
};

/// Tells Account::hook_url what became of a mail: delivered, bounced for recipients in Account::bouncing,
/// rejected for those in Account::suppressed. A post that is not answered 2xx is repeated with growing gaps.
/// The provider and the counts must outlive it.
boost::asio::awaitable<void> tell_of(const Provider* provider, MailPointer mail, Messages* messages);

/// An event about a mail, of one of its recipients.
HookEvent event_about(const Mail& mail, const std::string& recipient, const std::string& type);

}  // namespace mailrota::fakes
