// What states make of a contact, in whatever order they come.
#include "core/providers/phone_news.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/providers/phone_fixture.h"

namespace mailrota::providers {
namespace {

using policy::Contact;
using State = Contact::State;
using testing::HasSubstr;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'709'208'000}};

PhoneNews news(std::string status, int sequence = -1) {
    PhoneNews result;
    result.provider_id = "CA1";
    result.status = std::move(status);
    result.sequence = sequence;
    return result;
}

Contact call(State state = State::begun) {
    Contact contact = contact_by(Contact::Way::call, state == State::begun ? "" : "CA1");
    contact.state = state;
    return contact;
}

Contact after_all(Contact contact, const std::vector<PhoneNews>& all) {
    for (const PhoneNews& each : all)
        if (const auto next = after(contact, each, now)) contact = *next;
    return contact;
}

struct End {
    Contact::Way way;
    const char* status;
    State state;
};
class Ends : public testing::TestWithParam<End> {};

TEST_P(Ends, MakeAContactWhatItIs) {
    const auto& [way, status, state] = GetParam();
    PhoneNews last = news(status);
    last.provider_id = "X1";
    const auto next = after(contact_by(way), last, now);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->state, state);
    EXPECT_EQ(next->status, status);
    EXPECT_EQ(next->provider_id, "X1");
    EXPECT_EQ(next->ended, next->over() ? now : std::chrono::sys_seconds{});
    EXPECT_EQ(next->words.empty(), !next->over());
    EXPECT_FALSE(next->human) << "only a key or a reply proves somebody";
}

using Way = Contact::Way;
INSTANTIATE_TEST_SUITE_P(
    Calls, Ends,
    testing::Values(End{Way::call, "queued", State::placed}, End{Way::call, "initiated", State::placed},
                    End{Way::call, "ringing", State::placed}, End{Way::call, "in-progress", State::placed},
                    End{Way::call, "completed", State::done}, End{Way::call, "busy", State::unreached},
                    End{Way::call, "no-answer", State::unreached}, End{Way::call, "failed", State::unreached},
                    End{Way::call, "canceled", State::cancelled}, End{Way::sms, "accepted", State::placed},
                    End{Way::sms, "scheduled", State::placed}, End{Way::sms, "queued", State::placed},
                    End{Way::sms, "sending", State::placed}, End{Way::sms, "sent", State::done},
                    End{Way::sms, "delivered", State::done}, End{Way::sms, "undelivered", State::unreached},
                    End{Way::sms, "failed", State::unreached}, End{Way::sms, "canceled", State::cancelled}));

TEST(PhoneNews, ALateRingingDoesNotOverwriteCompleted) {
    const auto contact = after_all(call(), {news("completed", 3), news("ringing", 1), news("ringing", 7)});
    EXPECT_EQ(contact.state, State::done);
    EXPECT_EQ(contact.status, "completed");
    EXPECT_EQ(contact.sequence, 3);
}

// Case 2: the same end whatever the order, and however often each of them comes.
TEST(PhoneNews, EveryOrderOfCallbacksEndsAlike) {
    std::vector<PhoneNews> all{news("initiated", 0), news("ringing", 1), news("in-progress", 2),
                               news("busy", 3)};
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        std::vector<PhoneNews> sent;
        for (const std::size_t at : order) {
            sent.push_back(all[at]);
            sent.push_back(all[at]);
        }
        const Contact contact = after_all(call(), sent);
        EXPECT_EQ(contact.state, State::unreached);
        EXPECT_EQ(contact.status, "busy");
        EXPECT_EQ(contact.sequence, 3);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(PhoneNews, WhatSaysNothingNewChangesNothing) {
    const Contact ringing = after_all(call(), {news("ringing", 1)});
    EXPECT_FALSE(after(ringing, news("ringing", 1), now)) << "delivered twice";
    EXPECT_FALSE(after(ringing, news("initiated", 0), now));
    EXPECT_FALSE(after(ringing, news("ringing"), now)) << "polled";
    EXPECT_FALSE(after(ringing, news("queued"), now)) << "a poll that was answered late";
    EXPECT_FALSE(after(ringing, PhoneNews{}, now));
}

// A poll has no sequence: what it told is not undone by a callback that was sent before it.
TEST(PhoneNews, PollsAndCallbacksMix) {
    const Contact talking = after_all(call(), {news("initiated", 0), news("in-progress")});
    EXPECT_EQ(talking.status, "in-progress");
    EXPECT_EQ(talking.sequence, 0);
    EXPECT_FALSE(after(talking, news("ringing", 1), now));
    EXPECT_EQ(after(talking, news("completed", 3), now)->state, State::done);
    EXPECT_EQ(after(talking, news("completed"), now)->state, State::done);
}

TEST(PhoneNews, ACallbackProvesACallWhoseAnswerWasLost) {
    const auto placed = after(call(State::begun), news("initiated", 0), now);
    ASSERT_TRUE(placed);
    EXPECT_EQ(placed->state, State::placed);
    EXPECT_EQ(placed->provider_id, "CA1");
}

TEST(PhoneNews, AnotherCallsStatesDoNotCount) {
    PhoneNews other = news("completed", 3);
    other.provider_id = "CA2";
    EXPECT_FALSE(after(call(State::placed), other, now));
}

TEST(PhoneNews, AnUnknownStateIsNoEnd) {
    const Contact contact = after_all(call(State::placed), {news("ringing", 1), news("levitating", 2)});
    EXPECT_EQ(contact.state, State::placed);
    EXPECT_EQ(contact.status, "ringing");
    EXPECT_EQ(after(contact, news("completed", 3), now)->state, State::done);
}

TEST(PhoneNews, MachineDetectionIsAddedWithoutAState) {
    PhoneNews machine = news("");
    machine.answered_by = "machine_start";
    const Contact contact =
        after_all(call(State::placed), {news("in-progress", 2), machine, news("completed", 3)});
    EXPECT_EQ(contact.answered_by, "machine_start");
    EXPECT_EQ(contact.words, "completed, answered by machine_start");
    EXPECT_EQ(contact.state, State::done);
}

// SIP 480: the telephone is away for now, which is no fault of the number.
TEST(PhoneNews, ATelephoneThatIsAwayIsUnreached) {
    PhoneNews failed = news("failed", 3);
    failed.sip = "480";
    const auto contact = after(call(State::placed), failed, now);
    EXPECT_EQ(contact->state, State::unreached);
    EXPECT_THAT(contact->words, HasSubstr("SIP 480"));
}

TEST(PhoneNews, ANumberThatIsNoneIsBarred) {
    for (const auto& [code, state] : {std::pair{30005, State::barred},
                                      {30006, State::barred},
                                      {21610, State::barred},
                                      {30003, State::unreached},
                                      {30008, State::unreached},
                                      {30007, State::unreached},
                                      {0, State::unreached},
                                      {13224, State::unreached},
                                      {99999, State::unreached}}) {
        for (const char* status : {"undelivered", "failed"}) {
            PhoneNews told = news(status);
            told.provider_id = "SM1";
            told.code = code;
            told.words = "Unknown handset";
            const auto contact = after(contact_by(Contact::Way::sms, "SM1"), told, now);
            EXPECT_EQ(contact->state, state) << code;
            EXPECT_THAT(contact->words, HasSubstr("Unknown handset"));
        }
    }
}

TEST(PhoneNews, CallbacksOfCallsAreRead) {
    const auto read = read_call_status({{"CallSid", "CA1"},
                                        {"CallStatus", "failed"},
                                        {"SequenceNumber", "3"},
                                        {"SipResponseCode", "480"},
                                        {"AnsweredBy", "machine_start"},
                                        {"ErrorCode", "13224"},
                                        {"ErrorMessage", "a\r\nb"},
                                        {"ToCity", ""}});
    EXPECT_EQ(read.provider_id, "CA1");
    EXPECT_EQ(read.status, "failed");
    EXPECT_EQ(read.sequence, 3);
    EXPECT_EQ(read.sip, "480");
    EXPECT_EQ(read.answered_by, "machine_start");
    EXPECT_EQ(read.code, 13224);
    EXPECT_EQ(read.words, "a b");
}

TEST(PhoneNews, OddValuesOfCallbacksAreNone) {
    for (const char* odd : {"", "-1", "1e3", "0x1", " 1", "99999999999999999999", "one"}) {
        const auto read =
            read_call_status({{"SequenceNumber", odd}, {"SipResponseCode", odd}, {"ErrorCode", odd}});
        EXPECT_EQ(read.sequence, -1) << odd;
        EXPECT_EQ(read.sip, "") << odd;
        EXPECT_EQ(read.code, 0) << odd;
    }
    const std::string huge(90'000, 'x');
    const auto read = read_call_status({{"CallSid", huge}, {"CallStatus", huge}, {"AnsweredBy", "a\nb"}});
    EXPECT_EQ(read.provider_id, "");
    EXPECT_LE(read.status.size(), 40U);
    EXPECT_EQ(read.answered_by, "a b");
}

TEST(PhoneNews, CallbacksOfMessagesAreRead) {
    const auto read =
        read_sms_status({{"MessageSid", "SM1"}, {"MessageStatus", "undelivered"}, {"ErrorCode", "30006"}});
    EXPECT_EQ(read.provider_id, "SM1");
    EXPECT_EQ(read.status, "undelivered");
    EXPECT_EQ(read.code, 30006);
    EXPECT_EQ(read.sequence, -1);
    EXPECT_EQ(read_sms_status({{"SmsSid", "SM2"}, {"SmsStatus", "sent"}}).provider_id, "SM2");
}

}  // namespace
}  // namespace mailrota::providers
