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

}  // namespace

EventTeller::EventTeller(RelayPrograms& programs, const MailQueue& queue)
    : programs_(programs), queue_(queue), thread_([this] { run(); }) {}

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
        batch.url = programs_.hook(batch.provider);
        const auto add = [&](const char* type) {
            const std::string id = "e" + std::to_string(++events_);
            batch.events.push_back(
                {.type = type, .our_id = mails[0].our_id, .recipient = one.recipient, .event_id = id});
            told_.insert(batch.provider + " " + id);
        };
        add("sent");
        const bool bounces = bounced_.size() * 4 < told_.size() / 2;
        add(bounces ? "bounced" : "delivered");
        if (bounces) bounced_.insert(one.recipient);
    }
    for (const auto& [provider, batch] : batches) post_until_answered(batch);
}

void EventTeller::repeat_one() {
    if (answered_.empty()) return;
    FakeEvents again = answered_[static_cast<std::size_t>(events_ + repeated_) % answered_.size()];
    again.times = 2;
    if (post(again)) ++repeated_;
}

/// Whether all its requests were answered by 200.
bool EventTeller::post(const FakeEvents& batch) {
    const auto posts = programs_.fakes().emit(batch);
    for (const auto& post : posts)
        if (post.status >= 400 && post.status < 500)
            throw std::runtime_error("an event is refused: " + std::to_string(post.status) + post.words);
    return std::all_of(posts.begin(), posts.end(), [](const auto& post) { return post.status == 200; });
}

void EventTeller::post_until_answered(const FakeEvents& batch) {
    const auto give_up = std::chrono::steady_clock::now() + longest_unanswered;
    while (!post(batch)) {
        ++unanswered_;
        if (std::chrono::steady_clock::now() > give_up)
            throw std::runtime_error("events are not taken, ever");
        std::this_thread::sleep_for(between_posts);
    }
    answered_.push_back(batch);
}

}  // namespace mailrota::rig
