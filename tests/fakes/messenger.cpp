#include "tests/fakes/messenger.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "tests/fakes/client.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr int most_tries = 40;

asio::awaitable<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> send_until_taken(const Provider* provider, std::vector<HookEvent> events,
                                       std::size_t index, HookPost post, Messages* messages) {
    HookOrder order;
    order.url = provider->account().hook_url;
    auto gap = 100ms;
    for (int count = 0; count < most_tries; ++count) {
        ++messages->posts;
        const PostOutcome outcome = co_await send_post(order.url, post);
        if (outcome.status / 100 == 2) co_return;
        co_await pause(gap);
        gap = std::min(gap * 2, 2'000ms);
        // Svix alone signs anew at each repetition.
        if (provider->name() == "resend") post = provider->posts(events, order).at(index);
    }
    ++messages->given_up;
}

}  // namespace

asio::awaitable<PostOutcome> send_post(std::string url, HookPost post) {
    Outgoing request;
    request.url = std::move(url);
    request.headers = std::move(post.headers);
    request.body = std::move(post.body);
    Incoming incoming = co_await ask(std::move(request), 20);
    PostOutcome outcome;
    outcome.status = incoming.status;
    outcome.words = std::move(incoming.words);
    co_return outcome;
}

namespace {

std::string usual_words(const std::string& type) {
    if (type == "deferred") return "450 4.2.0 Try again later";
    if (type == "soft_bounced") return "452 4.2.2 Mailbox full";
    return type == "delivered" ? "250 2.0.0 OK" : "550 5.1.1 No such user here";
}

}  // namespace

HookEvent event_about(const Mail& mail, const std::string& recipient, const std::string& type) {
    HookEvent event;
    event.type = type;
    event.our_id = mail.our_id;
    event.message_id = mail.id;
    for (const auto& delivery : mail.deliveries)
        if (delivery.recipient == recipient) event.message_id = delivery.provider_id;
    event.recipient = recipient;
    event.all = mail.to;
    event.sender = mail.sender;
    event.subject = mail.subject;
    event.event_id = random_hex(32);
    event.at = current_second();
    event.words = usual_words(type);
    return event;
}

asio::awaitable<void> tell_of(const Provider* provider, MailPointer mail, Messages* messages) {
    co_await pause(provider->account().hook_delay);
    std::vector<HookEvent> events;
    for (const auto& recipient : mail->to) {
        const auto small = small_letters(recipient);
        const bool rejected = provider->account().suppressed.contains(small);
        const bool bounced = provider->account().bouncing.contains(small);
        events.push_back(event_about(*mail, recipient,
                                     rejected  ? "rejected"
                                     : bounced ? "bounced"
                                               : "delivered"));
    }
    messages->events += events.size();
    HookOrder order;
    order.url = provider->account().hook_url;
    const auto posts = provider->posts(events, order);
    messages->waiting += posts.size();
    for (std::size_t index = 0; index < posts.size(); ++index) {
        co_await send_until_taken(provider, events, index, posts[index], messages);
        --messages->waiting;
    }
}

}  // namespace mailrota::fakes
