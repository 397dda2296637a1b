#include "tests/e2e/kill/relay/event_teller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace mailrota::rig {

namespace {

constexpr std::size_t most_of_a_batch = 12;
constexpr std::chrono::milliseconds between_posts{20};
constexpr std::chrono::minutes longest_unanswered{2};
/// Of the last posts that were answered one is repeated: signatures are not good for ever.
constexpr std::size_t repeatable = 30;

/// By what mailrota knows the event again: Mailgun's by the signature's token.
std::string id_in_store(const std::string& provider, const FakeEvent& event, const FakePost& post) {
    if (provider == "resend") return "msg_" + event.event_id;
    if (provider != "mailgun") return event.event_id;
    static constexpr std::string_view name = "\"token\":\"";
    const auto begin = post.body.find(name) + name.size();
    return post.body.substr(begin, post.body.find('"', begin) - begin);
}

}  // namespace

EventTeller::EventTeller(RelayPrograms& programs, const MailQueue& queue)
    : programs_(programs), queue_(queue), client_(programs.hook_socket()), thread_([this] { run(); }) {}

void EventTeller::end() {
    ending_ = true;
    if (thread_.joinable()) thread_.join();
}

void EventTeller::run() {
    std::size_t seen = 0;
    try {
        for (int round = 0; !ending_; ++round) {
            std::this_thread::sleep_for(between_posts);
            auto taken = queue_.taken(seen);
            if (taken.size() > most_of_a_batch) taken.resize(most_of_a_batch);
            seen += taken.size();
            if (!taken.empty()) tell_of(taken);
            if (taken.empty() || round % 4 == 0) repeat_one();
        }
    } catch (const std::exception& failure) {
        ADD_FAILURE() << failure.what();
    }
}

void EventTeller::tell_of(const std::vector<MailQueue::Taken>& taken) {
    std::map<std::string, FakeEvents> batches;
    for (const auto& one : taken) {
        const auto mails = programs_.fakes().mailbox(one.recipient);
        if (mails.empty()) throw std::runtime_error("lost: " + one.recipient + ": " + one.reply);
        FakeEvents& batch = batches[mails[0].provider];
        batch.provider = mails[0].provider;
        const auto add = [&](const char* type) {
            batch.events.push_back({.type = type,
                                    .our_id = mails[0].our_id,
                                    .recipient = one.recipient,
                                    .event_id = "e" + std::to_string(++events_)});
        };
        add("sent");
        const bool bounces = bounced_.size() * 8 < static_cast<std::size_t>(events_);
        add(bounces ? "bounced" : "delivered");
        if (bounces) bounced_.insert(one.recipient);
    }
    for (const auto& [provider, batch] : batches) tell(batch);
}

void EventTeller::repeat_one() {
    if (answered_.empty()) return;
    const auto back = static_cast<std::size_t>(events_ + repeated_) % std::min(answered_.size(), repeatable);
    const auto& [provider, again] = answered_[answered_.size() - 1 - back];
    if (post(provider, again)) ++repeated_;
}

void EventTeller::tell(const FakeEvents& batch) {
    const auto posts = programs_.fakes().emit(batch);
    for (std::size_t i = 0; i < batch.events.size(); ++i)
        told_.insert(batch.provider + " " +
                     id_in_store(batch.provider, batch.events[i], posts[std::min(i, posts.size() - 1)]));
    const auto give_up = std::chrono::steady_clock::now() + longest_unanswered;
    for (const FakePost& one : posts) {
        while (!post(batch.provider, one)) {
            ++unanswered_;
            if (std::chrono::steady_clock::now() > give_up)
                throw std::runtime_error("events are not taken, ever");
            std::this_thread::sleep_for(between_posts);
        }
        answered_.emplace_back(batch.provider, one);
    }
}

/// Whether it was answered by 200.
bool EventTeller::post(const std::string& provider, const FakePost& post) {
    const HttpClient::Headers headers(post.headers.begin(), post.headers.end());
    HttpAnswer answer;
    try {
        answer = client_.request("POST", "/hook/" + provider, post.body, headers);
    } catch (const std::runtime_error&) {  // nobody is there, or not any more
        client_.close();
    }
    if (answer.status >= 400 && answer.status < 500)
        throw std::runtime_error("an event is refused: " + std::to_string(answer.status) + answer.body);
    return answer.status == 200;
}

}  // namespace mailrota::rig
