#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime/relay_call.h"
#include "core/runtime/relay_step.h"
#include "core/runtime/relay_verdict.h"

namespace mailrota::runtime {

// One parcel on its way through Relay: step in the store, call, step in the store, until every recipient is
// settled. Batches (chunks within what a provider takes at once) go one after the other. Lives in the frame
// of Relay::carry(), which awaits run() once.
class Carrying {
  public:
    Carrying(Relay::Services& services, Parcel parcel);
    Carrying(const Carrying&) = delete;

    // Never throws: a fault of ours defers who is not settled.
    boost::asio::awaitable<std::vector<Carried>> run();

  private:
    boost::asio::awaitable<void> carry_all();
    boost::asio::awaitable<void> carry(Batch batch);
    // Ends the call before, if there was one, and begins the next: nothing if there is none.
    boost::asio::awaitable<std::optional<Begun>> step(Batch& batch, const std::optional<Ended>& ended);
    // What is written with the end of the last call; empty: it is not the last, or nothing is wanted.
    store::Work closing_work(const Batch& batch, const std::optional<Ended>& ended);
    std::vector<Carried> all_carried() const;
    boost::asio::awaitable<void> inquire(Inquiry inquiry, std::vector<Contender> members);
    boost::asio::awaitable<void> note_found(store::RelayAttempt attempt, providers::LookUp found);
    boost::asio::awaitable<Ended> make_call(const Begun& begun, Batch& batch);
    // Who was not sent to of a call of `of` recipients, at the members as they stood before it.
    void again(const std::vector<std::size_t>& unsent, std::size_t of, const std::vector<Contender>& members);
    // What the answer settles; the rest of the batch goes on.
    Ended take(const Begun& begun, const Called& called, Batch& batch, std::chrono::microseconds took);
    void not_written(const std::optional<Ended>& ended, const Error& error);
    void defer(const std::vector<std::size_t>& recipients, const wire::Reply& reply);
    std::chrono::seconds least_time() const;
    std::chrono::seconds time_left() const;

    Relay::Services& services_;
    const Parcel parcel_;
    const std::chrono::seconds least_time_ = least_time();
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::deque<Batch> batches_;                                         // that nobody carries yet
    std::deque<std::pair<Inquiry, std::vector<Contender>>> inquiries_;  // that nobody makes yet
    std::set<std::string> asked_;  // attempts whose providers could not tell
    std::vector<std::optional<Carried>> carried_;
};

}  // namespace mailrota::runtime
