#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/kill/kill_at_call.h"
#include "tests/e2e/kill/spool/programs.h"
#include "tests/e2e/kill/spool/queue_client.h"
#include "tests/rig/wait.h"

// Each system call with which a mail is written down or handed on is once the one that is not made any more.

namespace mailrota::rig {
namespace {

using std::chrono::seconds;

int sum(const std::map<Route, int>& duplicates) {
    int all = 0;
    for (const auto& [route, count] : duplicates) all += count;
    return all;
}

/// mailrota-lmtp, which dies at every call of a mail to this route; its client offers it again.
int die_at_every_call_of(Programs& programs, Route route) {
    programs.start_serving(programs.lmtp());
    int mails = 0;
    return die_at_every_call([&](const char* call, int n) {
        SCOPED_TRACE(call + (" " + std::to_string(n)));
        QueueClient client(SmtpClient::Protocol::lmtp, programs.lmtp_socket(), programs.evidence());
        const int mail = ++mails;
        std::vector<Part> open{{mail, route}};
        KillAtCall death(programs.lmtp(), call, n);
        const bool whole = client.offer(mail, open);
        const bool struck = death.struck(programs.lmtp());
        EXPECT_TRUE(whole || struck) << programs.lmtp().log();
        if (struck) {
            EXPECT_LE(programs.note_death(programs.lmtp().bury()), 1U);
            programs.start_serving(programs.lmtp());
        }
        if (!open.empty()) client.send(mail, {route});
        return struck;
    });
}

TEST(SpoolKills, AtEveryCallAKeptMailComesOnceOrTwiceWhereItsServerAnsweredAndNothingWasWritten) {
    Programs programs;
    const int deaths = die_at_every_call_of(programs, Route::kept);
    const int twice = sum(expect_explained(programs.evidence()));
    std::cout << "kept: " << deaths << " deaths, " << twice << " came twice" << std::endl;
    EXPECT_GE(deaths, fewest_deaths);
    EXPECT_GT(twice, 0) << "no death came between the next hop's reply and the journal";
    EXPECT_LT(twice, deaths) << "each death came there";
}

TEST(SpoolKills, AtEveryCallASpooledMailIsInTheBoxOnceAndComesOnce) {
    Programs programs;
    const int deaths = die_at_every_call_of(programs, Route::spooled);
    EXPECT_EQ(programs.on_disk().in_box.size(), programs.evidence().taken());
    programs.start_serving(programs.web());
    programs.pull().start();
    EXPECT_TRUE(wait_until([&] { return programs.drained(); }, seconds(60))) << programs.logs();
    EXPECT_EQ(sum(expect_explained(programs.evidence())), 0);
    std::cout << "spooled: " << deaths << " deaths" << std::endl;
    EXPECT_GE(deaths, fewest_deaths);
}

/// `mailrota pull`, once, with `before` in front of it; whether it came to its end.
bool pulls_to_the_end(const Programs& programs, const std::vector<std::string>& before = {}) {
    Command command = programs.pull_command({});
    command.argv.insert(command.argv.begin(), before.begin(), before.end());
    // A leak is found by tracing, which strace does already.
    command.environment = {"ASAN_OPTIONS=detect_leaks=0"};
    const auto ended = Process(command).wait(seconds(60));
    EXPECT_TRUE(ended == 0 || ended == 128 + SIGKILL) << read_file(command.output);
    return ended == 0;
}

/// The same, killed at the n-th use of this call, on a socket or on the done-list.
bool pulls_to_the_end_but(const Programs& programs, const std::string& call, int n) {
    std::vector<std::string> strace = {"strace", "-f", "-o/dev/null", "-etrace=" + call,
                                       "-einject=" + call + ":signal=KILL:when=" + std::to_string(n)};
    // The sanitizers write into pipes of their own.
    const auto list = programs.done_list();
    if (!call.starts_with("send"))
        for (const auto& path : {list.string(), list.string() + ".new", list.parent_path().string()})
            strace.insert(strace.end(), {"-P", path});
    return pulls_to_the_end(programs, strace);
}

TEST(SpoolKills, AtEveryCallOfThePullerAMailComesOnceOrTwiceWhereItsServerAnsweredAndNothingWasWritten) {
    Programs programs;
    programs.start_serving(programs.lmtp());
    programs.start_serving(programs.web());
    QueueClient client(SmtpClient::Protocol::lmtp, programs.lmtp_socket(), programs.evidence());
    int mails = 0;
    int deaths = 0;
    for (const char* call : {"write", "fdatasync", "sendmsg", "sendto", "rename", "fsync"}) {
        for (int n = 1;; ++n, ++deaths) {
            SCOPED_TRACE(call + (" " + std::to_string(n)));
            client.send(++mails, {Route::spooled});
            if (pulls_to_the_end_but(programs, call, n)) break;
            // If the dead one has brought nothing, this is a predecessor, who leaves nothing open.
            const auto arrivals = programs.evidence().arrivals();
            const std::size_t open = arrivals.empty() ? 0 : programs.note_death(arrivals.back().by);
            EXPECT_LE(open, 1U);
            EXPECT_TRUE(pulls_to_the_end(programs));
            ASSERT_LT(n, 100) << "no mail comes through";
        }
    }
    programs.pull().start();  // what a dead puller had leased comes when its lease is over
    EXPECT_TRUE(wait_until([&] { return programs.drained(); }, seconds(60))) << programs.logs();
    const int twice = sum(expect_explained(programs.evidence()));
    std::cout << "pulled: " << deaths << " deaths, " << twice << " came twice" << std::endl;
    EXPECT_GE(deaths, fewest_deaths);
    EXPECT_GT(twice, 0) << "no death came between the mail server's reply and the done-list";
    EXPECT_LT(twice, deaths);
}

}  // namespace
}  // namespace mailrota::rig
