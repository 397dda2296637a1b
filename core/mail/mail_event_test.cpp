#include "core/mail/mail_event.h"

#include <gtest/gtest.h>

namespace mailrota::mail {
namespace {

using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr Type all_types[] = {Type::queued,     Type::sent,     Type::rejected,   Type::failed,
                              Type::bounced,    Type::deferred, Type::delivered,  Type::autoresponded,
                              Type::opened,     Type::clicked,  Type::complained, Type::unsubscribed,
                              Type::subscribed, Type::unknown};

TEST(MailEvent, EachTypeAndReasonIsReadBackFromItsName) {
    for (const Type type : all_types) EXPECT_EQ(parse_event_type(to_string(type)), type);
    for (const Reason reason : {Reason::none, Reason::invalid, Reason::bounced, Reason::timed_out,
                                Reason::blocked, Reason::spam, Reason::unsubscribed, Reason::other})
        EXPECT_EQ(parse_event_reason(to_string(reason)), reason);
    EXPECT_EQ(parse_event_type("Bounced"), std::nullopt);
    EXPECT_EQ(parse_event_type(""), std::nullopt);
    EXPECT_EQ(parse_event_reason("nonsense"), std::nullopt);
}

TEST(MailEvent, AStandingMovesOnlyTowardsTheEnd) {
    const Type way[] = {Type::unknown,   Type::queued,  Type::sent,      Type::deferred,
                        Type::delivered, Type::bounced, Type::complained};
    for (std::size_t from = 0; from < std::size(way); ++from)
        for (std::size_t to = 0; to < std::size(way); ++to)
            EXPECT_EQ(advances(way[from], way[to]), to > from)
                << to_string(way[from]) << " to " << to_string(way[to]);
}

TEST(MailEvent, OneFinalFailureDoesNotReplaceAnother) {
    EXPECT_FALSE(advances(Type::bounced, Type::rejected));
    EXPECT_FALSE(advances(Type::rejected, Type::failed));
    EXPECT_FALSE(advances(Type::failed, Type::bounced));
    EXPECT_TRUE(advances(Type::delivered, Type::failed));
    EXPECT_TRUE(advances(Type::rejected, Type::complained));
}

TEST(MailEvent, WhatPeopleDoWithAMailChangesNoStanding) {
    for (const Type next : {Type::opened, Type::clicked, Type::unsubscribed, Type::subscribed,
                            Type::autoresponded, Type::unknown})
        for (const Type standing : all_types) EXPECT_FALSE(advances(standing, next)) << to_string(next);
}

TEST(MailEvent, FinalFailuresAreThoseThatReachNobody) {
    for (const Type type : all_types)
        EXPECT_EQ(is_final_failure(type),
                  type == Type::rejected || type == Type::failed || type == Type::bounced);
}

}  // namespace
}  // namespace mailrota::mail
