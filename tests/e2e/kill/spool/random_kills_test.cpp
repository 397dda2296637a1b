#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "tests/e2e/kill/deliveries.h"
#include "tests/e2e/kill/history.h"
#include "tests/e2e/kill/spool/programs.h"
#include "tests/e2e/kill/spool/queue_client.h"
#include "tests/rig/wait.h"

// LMTP server, web process, worker and puller die again and again while mail of all routes is on its way.

namespace mailrota::rig {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int lmtp_sessions = 5;
constexpr int smtp_sessions = 2;

/// MAILROTA_KILLS, else 200.
int kills_wanted() {
    const char* given = std::getenv("MAILROTA_KILLS");
    return given != nullptr ? std::max(1, std::atoi(given)) : 200;
}

/// Kills one program after the other.
class Killer {
  public:
    explicit Killer(Programs& programs) : programs_(programs) { std::cout << "seed " << seed_ << std::endl; }

    void kill_one() {
        Victim& victim = *programs_.all().at(number(0, 3));
        wait_for_a_good_moment(victim);
        const std::size_t open = programs_.note_death(victim.kill9());
        victim.start();
        EXPECT_LE(open, most_open(victim)) << victim.name() << " had not written what it had long done";
    }

  private:
    /// Mostly shortly after it has delivered something (the web process: after its puller has); else any.
    void wait_for_a_good_moment(Victim& victim) {
        const Victim& seen = &victim == &programs_.web() ? programs_.pull() : victim;
        if (number(0, 3) == 0)
            std::this_thread::sleep_for(milliseconds(number(0, 300)));
        else if (programs_.evidence().wait_for_arrival(seen.pid(), milliseconds(1500)))
            std::this_thread::sleep_for(std::chrono::microseconds(number(0, 100) * number(0, 100)));
    }

    /// What a program may have delivered and not written down: as much as it does at once.
    std::size_t most_open(const Victim& victim) const {
        if (&victim == &programs_.lmtp()) return 2 * (lmtp_sessions + smtp_sessions);
        if (&victim == &programs_.worker()) return Programs::jobs_at_once;
        return &victim == &programs_.pull() ? 1 : 0;
    }

    std::size_t number(std::size_t least, std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(least, most)(random_);
    }

    Programs& programs_;
    unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
};

/// Each mail of the rota had one turn, and came to whom it named.
void expect_one_turn_each(const Programs& programs, const Evidence& evidence) {
    const auto turns =
        turns_in(programs.mailrota({"rota", "history", "orders", "--limit", "1000000", "--json"}));
    std::map<std::string, std::string> colleague;
    for (const auto& arrival : evidence.arrivals())
        if (arrival.part.route == Route::rota)
            colleague[message_id_of(arrival.part.mail)] =
                arrival.recipient.substr(0, arrival.recipient.find('@'));
    Tally tally;
    for (const auto& [id, who] : colleague) {
        const auto found = turns.find(id);
        ASSERT_NE(found, turns.end()) << id;
        EXPECT_EQ(found->second, std::vector<std::string>{who}) << id;
        ++tally.turns[who];
    }
    EXPECT_EQ(turns.size(), colleague.size());
    EXPECT_LE(spread(tally), 1) << tally;
}

TEST(SpoolKills, NothingIsLostAndTwiceComesOnlyWhatNobodyCouldWriteDownInTime) {
    Programs programs;
    for (Victim* victim : {&programs.lmtp(), &programs.web(), &programs.worker()})
        programs.start_serving(*victim);
    programs.pull().start();
    QueueLoad load(programs.evidence(), programs.lmtp_socket(), lmtp_sessions, programs.smtp_socket(),
                   smtp_sessions);
    Killer killer(programs);
    const int wanted = kills_wanted();
    for (int kill = 1; kill <= wanted && !testing::Test::HasFailure(); ++kill) {
        killer.kill_one();
        if (kill % 20 == 0)
            std::cout << "  " << kill << " of " << wanted << ", " << programs.evidence().taken() << " taken, "
                      << programs.evidence().on_their_way() << " on their way" << std::endl;
    }
    const int mails = load.end();
    EXPECT_TRUE(wait_until([&] { return programs.drained(); }, seconds(90)))
        << programs.evidence().on_their_way() << " on their way\n"
        << programs.logs();
    const auto duplicates = expect_explained(programs.evidence());
    expect_one_turn_each(programs, programs.evidence());
    EXPECT_EQ(programs.pull().stop(), 0) << programs.pull().log();
    std::cout << wanted << " kills (";
    for (const Victim* victim : programs.all()) std::cout << victim->name() << ' ' << victim->kills() << ' ';
    std::cout << "), " << mails << " mails, " << programs.evidence().taken() << " recipients; twice came";
    for (const auto& [route, count] : duplicates) std::cout << ' ' << to_string(route) << ' ' << count;
    std::cout << std::endl;
}

}  // namespace
}  // namespace mailrota::rig
