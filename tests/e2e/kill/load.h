#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/e2e/kill/traffic.h"
#include "tests/rig/mailrota_milter.h"

namespace mailrota::rig {

/// One sender's mail, which was offered again and again until it was accepted.
struct SentMail {
    std::string message_id;
    bool to_dan_too = false;  ///< orders@example.com is not the only recipient
    int attempts = 0;         ///< the accepted one included
    std::vector<std::vector<std::string>>
        to;  ///< a raw client's: who would get it, by attempt that had edits
};

/// Several senders at once, each on its own thread, each sending one mail after the other until end().
class Load {
  public:
    /// Sends one mail till it is accepted. `state` is the thread's number.
    using Sender = std::function<SentMail(Traffic&)>;
    using MakeSender = std::function<Sender()>;

    Load(int threads, const MakeSender& make) : results_(static_cast<std::size_t>(threads)) {
        for (auto& result : results_)
            threads_.emplace_back([this, &result, send = make()] { run(send, result); });
    }
    ~Load() { join(); }
    Load(const Load&) = delete;

    Traffic& traffic() { return traffic_; }

    /// Lets every sender finish its mail. Throws what a sender has thrown.
    std::vector<SentMail> end() {
        join();
        std::vector<SentMail> all;
        for (auto& result : results_) {
            if (result.failure) std::rethrow_exception(result.failure);
            all.insert(all.end(), result.mails.begin(), result.mails.end());
        }
        return all;
    }

  private:
    struct Result {
        std::vector<SentMail> mails;
        std::exception_ptr failure;
    };

    void run(const Sender& send, Result& result) {
        try {
            while (!traffic_.ending()) result.mails.push_back(send(traffic_));
        } catch (...) {
            result.failure = std::current_exception();
            traffic_.end();
        }
    }
    void join() {
        traffic_.end();
        for (auto& thread : threads_)
            if (thread.joinable()) thread.join();
    }

    Traffic traffic_;
    std::vector<Result> results_;
    std::vector<std::thread> threads_;
};

/// The place of a mail's content in the traffic while its answer is awaited.
class AwaitedAnswer {
  public:
    explicit AwaitedAnswer(Traffic& traffic) : traffic_(traffic) { traffic_.content_is_out(); }
    ~AwaitedAnswer() { traffic_.is_answered(); }
    AwaitedAnswer(const AwaitedAnswer&) = delete;

  private:
    Traffic& traffic_;
};

/// No sender tries for ever.
inline void count_attempt(SentMail& mail) {
    if (++mail.attempts > 1000) throw std::runtime_error("a mail was not accepted in 1000 attempts");
}

/// Kills the milter so many times, each at a random moment shortly after some mail's content was sent, and
/// starts it at once on the same socket and database. It runs when the function returns.
inline void kill_under(Load& load, MailrotaMilter& milter, int kills, const std::string& title) {
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> delay(0, 60'000);
    std::cout << title << ": " << kills << " kills, seed " << seed << std::endl;
    for (int kill = 1; kill <= kills && !load.traffic().ending(); ++kill) {
        load.traffic().wait_for_content();
        std::this_thread::sleep_for(std::chrono::microseconds(delay(random)));
        load.traffic().hold();
        milter.kill9();
        milter.start();
        load.traffic().go_on();
        if (kill % 20 == 0) std::cout << "  " << kill << " of " << kills << std::endl;
    }
}

}  // namespace mailrota::rig
