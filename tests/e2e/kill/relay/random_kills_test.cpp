#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/e2e/kill/relay/event_teller.h"
#include "tests/e2e/kill/relay/mail_queue.h"
#include "tests/e2e/kill/relay/programs.h"
#include "tests/e2e/kill/relay/proof.h"
#include "tests/rig/wait.h"

// LMTP server, web process and worker die again and again while mail goes out by providers that fail at
// times, and their events come in.

namespace mailrota::rig {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int sessions = 6;

/// MAILROTA_KILLS, else as many as a minute has room for.
int kills_wanted() {
    const char* given = std::getenv("MAILROTA_KILLS");
    return given != nullptr ? std::max(1, std::atoi(given)) : 24;
}

/// Kills one program after the other, the LMTP server every other time.
class Killer {
  public:
    explicit Killer(RelayPrograms& programs) : programs_(programs) {
        std::cout << "seed " << seed_ << std::endl;
    }

    unsigned seed() const { return seed_; }

    void kill_one() {
        Victim& victim = pick();
        std::this_thread::sleep_for(milliseconds(number(0, 500)));
        EXPECT_TRUE(victim.running()) << victim.name() << " died by itself:\n" << victim.log();
        victim.kill9();
        if (&victim == &programs_.lmtp()) {
            EXPECT_LE(programs_.note_death(), 2U * sessions)
                << "calls had not been ended that were long over";
        }
        if (&victim == &programs_.worker()) programs_.note_worker_death();
        programs_.let_time_pass();
        programs_.start_serving(victim);
    }

  private:
    Victim& pick() {
        const int which = number(0, 3);
        return which == 0 ? programs_.web() : which == 1 ? programs_.worker() : programs_.lmtp();
    }
    int number(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }

    RelayPrograms& programs_;
    unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
};

/// Until no mail waits and nothing is left for the worker.
bool drained(RelayPrograms& programs, const MailQueue& queue) {
    return wait_until(
        [&] {
            std::this_thread::sleep_for(seconds(1));
            programs.let_time_pass();
            return queue.waiting() == 0 &&
                   programs
                       .sql(
                           "SELECT 1 FROM event WHERE settled = 0 UNION ALL SELECT 1 FROM job WHERE "
                           "ready IS NOT NULL")
                       .empty();
        },
        seconds(120));
}

TEST(RelayKills, NothingIsLostAndTwiceComesOnlyWhereNobodyKnowsOfTheFirst) {
    RelayPrograms programs;
    for (Victim* victim : {&programs.lmtp(), &programs.web(), &programs.worker()})
        programs.start_serving(*victim);
    Killer killer(programs);
    programs.trouble(killer.seed());
    MailQueue queue(programs.lmtp_socket());
    queue.start(sessions, true);
    EventTeller teller(programs, queue);
    const int wanted = kills_wanted();
    for (int kill = 1; kill <= wanted && !testing::Test::HasFailure(); ++kill) {
        killer.kill_one();
        if (kill % 20 == 0)
            std::cout << "  " << kill << " of " << wanted << ", " << queue.taken().size() << " taken, "
                      << queue.waiting() << " wait" << std::endl;
    }
    queue.end_load();
    teller.end();
    programs.fakes().heal();
    EXPECT_TRUE(drained(programs, queue)) << queue.waiting() << " wait\n" << programs.logs();
    const auto duplicates = expect_each_once(programs, queue);
    const int notices_twice = expect_each_event_once(programs, teller);
    std::cout << wanted << " kills (lmtp " << programs.lmtp().kills() << " web " << programs.web().kills()
              << " worker " << programs.worker().kills() << "), " << queue.mails() << " mails, "
              << queue.taken().size() << " recipients, twice " << duplicates << "; " << teller.told().size()
              << " events, " << teller.unanswered() << " posts unanswered, " << teller.repeated()
              << " repeated; " << teller.bounced().size() << " bounces, " << notices_twice << " notices twice"
              << std::endl;
}

}  // namespace
}  // namespace mailrota::rig
