#include "milter/mails_in_progress.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace mailrota::milter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(MailsInProgress, LongMailSendsProgressUntilItIsEnded) {
    MailsInProgress mails(milliseconds(1));
    std::atomic<int> sent = 0;
    std::promise<void> third;
    auto ticket = mails.enter([&] {
        if (++sent == 3) third.set_value();
    });
    ASSERT_EQ(third.get_future().wait_for(seconds(30)), std::future_status::ready);
    ticket.end_progress();
    const int at_end = sent;

    // Another mail's progress shows that the ticker has gone round since.
    std::promise<void> second;
    int others = 0;
    auto other = mails.enter([&] {
        if (++others == 2) second.set_value();
    });
    ASSERT_EQ(second.get_future().wait_for(seconds(30)), std::future_status::ready);
    other.end_progress();
    EXPECT_EQ(sent, at_end);
}

TEST(MailsInProgress, CountsAndAges) {
    MailsInProgress mails(seconds(60));
    EXPECT_EQ(mails.count(), 0U);
    EXPECT_EQ(mails.oldest(), milliseconds(0));
    {
        const auto first = mails.enter([] {});
        const auto second = mails.enter([] {});
        EXPECT_EQ(mails.count(), 2U);
        EXPECT_GE(mails.oldest(), milliseconds(0));
    }
    EXPECT_EQ(mails.count(), 0U);
}

TEST(MailsInProgress, StopWaitsForTheLastMail) {
    MailsInProgress mails(seconds(60));
    EXPECT_TRUE(mails.wait_until_none(milliseconds(0)));
    std::future<bool> waiting;
    {
        const auto ticket = mails.enter([] {});
        EXPECT_FALSE(mails.wait_until_none(milliseconds(1)));
        waiting = std::async(std::launch::async, [&] { return mails.wait_until_none(seconds(60)); });
    }
    EXPECT_TRUE(waiting.get());
}

}  // namespace
}  // namespace mailrota::milter
