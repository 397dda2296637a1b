#include <gtest/gtest.h>

#include "core/providers/phone_callback.h"

namespace mailrota::providers {
namespace {

using Do = Command::Do;

TEST(CallCommand, KeysAreTheMenus) {
    EXPECT_EQ(read_digit("1").what, Do::acknowledge);
    EXPECT_EQ(read_digit("2").what, Do::pass_on);
    EXPECT_EQ(read_digit("3").what, Do::resolve);
    EXPECT_EQ(read_digit("9").what, Do::repeat);
    EXPECT_EQ(read_digit("*").what, Do::repeat);
    for (const char* other : {"", "0", "4", "#", "11", "1 ", "one", "hangup"})
        EXPECT_EQ(read_digit(other).what, Do::unknown) << other;
}

struct Reply {
    const char* text;
    Do what;
    std::int64_t incident = 0;  // 0: none
};

class Replies : public testing::TestWithParam<Reply> {};

TEST_P(Replies, AreUnderstood) {
    const auto& [text, what, incident] = GetParam();
    const Command command = read_reply(text);
    EXPECT_EQ(command.what, what) << text;
    EXPECT_EQ(command.incident.value_or(0), incident) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Sms, Replies,
    testing::Values(Reply{"1", Do::acknowledge}, Reply{"1 17", Do::acknowledge, 17},
                    Reply{"ack", Do::acknowledge}, Reply{"ACK 17", Do::acknowledge, 17},
                    Reply{" \r\n\tAck #17.\r\n", Do::acknowledge, 17}, Reply{"Ok!", Do::acknowledge},
                    Reply{"ok, on my way", Do::acknowledge}, Reply{"\"Yes\"", Do::acknowledge},
                    Reply{"2 17", Do::pass_on, 17}, Reply{"next", Do::pass_on}, Reply{"3", Do::resolve},
                    Reply{"resolve 17", Do::resolve, 17}, Reply{"Resolved", Do::resolve},
                    Reply{"9", Do::repeat}, Reply{"STOP", Do::stop}, Reply{"unsubscribe", Do::stop},
                    Reply{"Stop.", Do::stop}, Reply{"stop it, all is on fire", Do::unknown},
                    Reply{"1 new message", Do::unknown}, Reply{"17", Do::unknown}, Reply{"", Do::unknown},
                    Reply{" \n \n", Do::unknown}, Reply{"no", Do::unknown}, Reply{"not ok", Do::unknown},
                    Reply{"1 0", Do::unknown}, Reply{"1 99999999999999999999", Do::unknown},
                    Reply{"1:30", Do::unknown}, Reply{"I am driving and will ack later", Do::unknown},
                    Reply{"acknowledgement", Do::unknown}));

// The answer of a telephone that quotes what it answers to.
TEST(CallCommand, WhatIsQuotedBelowAReplyDoesNotCount) {
    EXPECT_EQ(read_reply("OK\n> Reply 1 17 to acknowledge.").what, Do::acknowledge);
    EXPECT_EQ(read_reply("OK\n> Reply 1 17 to acknowledge.").incident, std::nullopt);
    EXPECT_EQ(read_reply("who is this?\nack").what, Do::unknown);
}

TEST(CallCommand, LongAndOddRepliesEndWell) {
    EXPECT_EQ(read_reply("ack " + std::string(1'000'000, ' ') + "17").what, Do::acknowledge);
    EXPECT_EQ(read_reply(std::string(1'000'000, '\n') + "ack").what, Do::unknown);
    EXPECT_EQ(read_reply(std::string("a\0ck", 4)).what, Do::unknown);
    EXPECT_EQ(read_reply("\xFF\xFE").what, Do::unknown);
}

}  // namespace
}  // namespace mailrota::providers
