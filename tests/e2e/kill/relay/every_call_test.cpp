#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/kill/kill_at_call.h"
#include "tests/e2e/kill/relay/mail_queue.h"
#include "tests/e2e/kill/relay/programs.h"
#include "tests/e2e/kill/relay/proof.h"

// Each system call with which a relayed mail is written down, sent or answered is once the one that is not
// made any more.

namespace mailrota::rig {
namespace {

using std::chrono::seconds;

using Providers = std::vector<std::string_view>;

/// mailrota-lmtp, which dies at every call of a mail to one of these providers, each in its turn; what stays
/// open goes out at the end.
Duplicates die_at_every_call_before(const Providers& providers) {
    RelayPrograms programs;
    programs.start_serving(programs.lmtp());
    MailQueue queue(programs.lmtp_socket());
    const int deaths = die_at_every_call([&](const char* call, int n) {
        SCOPED_TRACE(call + (" " + std::to_string(n)));
        MailSession session(programs.lmtp_socket());
        KillAtCall death(programs.lmtp(), call, n);
        const auto turn = static_cast<std::size_t>(queue.mails()) % providers.size();
        const bool whole = queue.offer_new(session, std::string(providers[turn]) + ".example.net");
        const bool struck = death.struck(programs.lmtp());
        EXPECT_TRUE(whole || struck) << programs.lmtp().log();
        if (!struck) return false;
        programs.lmtp().bury();
        EXPECT_LE(programs.note_death(), 1U);
        programs.start_serving(programs.lmtp());
        return true;
    });
    queue.start(4, false);
    const bool drained = wait_until(
        [&] {
            programs.let_time_pass();
            return queue.drained(seconds(1));
        },
        seconds(60));
    EXPECT_TRUE(drained) << programs.logs();
    const auto duplicates = expect_each_once(programs, queue);
    std::cout << testing::PrintToString(providers) << ": " << deaths << " deaths, twice " << duplicates
              << std::endl;
    EXPECT_GE(deaths, fewest_deaths);
    return duplicates;
}

TEST(RelayKills, AtEveryCallAMailComesOnceAndTwiceOnlyFromAProviderThatForgetsIt) {
    constexpr auto forgetful = RelayPrograms::forgetful;
    Providers last{RelayPrograms::idempotent, RelayPrograms::looked_up, forgetful};
    if (std::getenv("MAILROTA_KILLS") != nullptr) {  // there is time for each alone
        for (const auto provider : {RelayPrograms::idempotent, RelayPrograms::looked_up})
            die_at_every_call_before({provider});
        last = {forgetful};
    }
    EXPECT_GT(die_at_every_call_before(last).after_death, 0)
        << "no death came between the provider's acceptance and the database";
}

}  // namespace
}  // namespace mailrota::rig
