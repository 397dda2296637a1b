#include "milter/mails_in_progress.h"

#include <utility>

namespace mailrota::milter {

struct MailsInProgress::Ticket::Watch {
    explicit Watch(SendProgress given) : send(std::move(given)) {}

    const SendProgress send;
    const Clock::time_point since = Clock::now();
    std::mutex sending;  // held while progress is sent
    bool ended = false;
};

MailsInProgress::Ticket::Ticket(MailsInProgress& owner, std::uint64_t number, std::shared_ptr<Watch> watch)
    : owner_(owner), number_(number), watch_(std::move(watch)) {}

MailsInProgress::Ticket::~Ticket() {
    end_progress();
    const std::lock_guard lock(owner_.mutex_);
    owner_.watches_.erase(number_);
    if (owner_.watches_.empty()) owner_.changed_.notify_all();
}

void MailsInProgress::Ticket::end_progress() {
    const std::lock_guard lock(watch_->sending);
    watch_->ended = true;
}

MailsInProgress::MailsInProgress(std::chrono::milliseconds interval)
    : interval_(interval), ticker_([this] { tick(); }) {}

MailsInProgress::~MailsInProgress() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_all();
    ticker_.join();
}

MailsInProgress::Ticket MailsInProgress::enter(SendProgress send) {
    auto watch = std::make_shared<Ticket::Watch>(std::move(send));
    const std::lock_guard lock(mutex_);
    const auto number = next_++;
    watches_.emplace(number, watch);
    return {*this, number, std::move(watch)};
}

std::size_t MailsInProgress::count() const {
    const std::lock_guard lock(mutex_);
    return watches_.size();
}

std::uint64_t MailsInProgress::total() const {
    const std::lock_guard lock(mutex_);
    return next_;
}

std::chrono::milliseconds MailsInProgress::oldest() const {
    const std::lock_guard lock(mutex_);
    if (watches_.empty()) return {};
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() -
                                                                 watches_.begin()->second->since);
}

bool MailsInProgress::wait_until_none(std::chrono::milliseconds deadline) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, deadline, [this] { return watches_.empty(); });
}

std::vector<std::shared_ptr<MailsInProgress::Ticket::Watch>> MailsInProgress::overdue() const {
    std::vector<std::shared_ptr<Ticket::Watch>> result;
    const auto border = Clock::now() - interval_;
    for (const auto& [number, watch] : watches_)
        if (watch->since <= border) result.push_back(watch);
    return result;
}

// A send that blocks holds up its own mail's edits and the progress of others, never the other mails.
void MailsInProgress::tick() {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, interval_, [this] { return stopping_; })) {
        const auto watches = overdue();
        lock.unlock();
        for (const auto& watch : watches) {
            const std::lock_guard sending(watch->sending);
            if (!watch->ended) watch->send();
        }
        lock.lock();
    }
}

}  // namespace mailrota::milter
