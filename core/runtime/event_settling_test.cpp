#include "core/runtime/event_settling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "core/runtime/relayed_mail.h"

namespace mailrota::runtime {
namespace {

using mail::MailEvent;
using store::RelayAttempt;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Type = MailEvent::Type;

const store::Time now{std::chrono::seconds{1'800'000'000}};
const std::string attempt_id = "0123456789abcdef0123456789abcdef";

// A mail for Ann and Ben that sendgrid has taken.
class EventSettling : public testing::Test {
  protected:
    EventSettling() {
        terms.now = now;
        terms.hostname = "mx.example.com";
        RelayedMail remembered;
        remembered.sender_parameters = {"ENVID=xyz"};
        remembered.recipients = {{"ben@example.net", {"NOTIFY=NEVER"}}};
        remembered.header = "Subject: hello\r\n\r\n";
        write([&](store::Transaction& transaction) -> Result<void> {
            auto begun = transaction.begin_attempt(mail, attempt());
            if (!begun) return begun;
            if (auto ended = transaction.end_attempt(attempt()); !ended) return tl::unexpected(ended.error());
            return transaction.put_bytes(relayed_mail_name(mail.id), to_json(remembered));
        });
    }

    RelayAttempt attempt() const {
        RelayAttempt made;
        made.id = attempt_id;
        made.mail = mail.id;
        made.rota = "outbound";
        made.provider = "sendgrid";
        made.owner = "test/1";
        made.state = RelayAttempt::State::accepted;
        made.begun = made.last = made.ended = now;
        using Outcome = RelayAttempt::Recipient::Outcome;
        made.recipients = {{"offer-a", "Ann@example.net", Outcome::accepted, "sg-1", "", Type::unknown, {}},
                           {"offer-b", "ben@example.net", Outcome::accepted, "sg-1", "", Type::unknown, {}}};
        return made;
    }

    template <typename F>
    void write(F work) {
        const auto written = store->write({}, work);
        ASSERT_TRUE(written) << written.error().text;
    }

    MailEvent event(Type type, const std::string& recipient = "ann@example.net") {
        MailEvent made;
        made.type = type;
        made.id = "event-" + std::to_string(++events);
        made.at = now;
        made.attempt = attempt_id;
        made.recipient = recipient;
        made.raw = "{}";
        return made;
    }

    std::vector<SettledEvent> settle(const std::vector<MailEvent>& news,
                                     const std::string& provider = "sendgrid") {
        std::vector<SettledEvent> settled;
        write([&](store::Transaction& transaction) -> Result<void> {
            if (auto put = transaction.put_events(provider, news, now); !put)
                return tl::unexpected(put.error());
            auto done = settle_events(transaction, terms, 100);
            if (!done) return tl::unexpected(done.error());
            settled = *std::move(done);
            return {};
        });
        return settled;
    }

    std::vector<store::Job> jobs(std::string_view kind) {
        std::vector<store::Job> found;
        write([&](store::Transaction& transaction) -> Result<void> {
            found = transaction.jobs(true, 100).value();
            std::erase_if(found, [kind](const store::Job& job) { return job.kind != kind; });
            return {};
        });
        return found;
    }

    std::string bytes_of(const store::Job& job) {
        std::string bytes;
        write([&](store::Transaction& transaction) -> Result<void> {
            bytes = transaction.job_bytes(job.id).value();
            return {};
        });
        return bytes;
    }

    Type standing(std::size_t recipient) {
        Type found = Type::unknown;
        write([&](store::Transaction& transaction) -> Result<void> {
            found = transaction.attempt(attempt_id).value()->recipients.at(recipient).standing;
            return {};
        });
        return found;
    }

    std::vector<std::string> suppressed() {
        std::vector<std::string> found;
        write([&](store::Transaction& transaction) -> Result<void> {
            const auto entries = transaction.suppressions("", 100).value();
            for (const auto& entry : entries) found.push_back(entry.address + " " + entry.reason);
            return {};
        });
        return found;
    }

    std::unique_ptr<store::Store> store = store::open_store("memory:").value();
    store::StoredMail mail{
        "feedfeedfeedfeedfeedfeedfeedfeed", "", "Q1", "m@example.com", "eli@example.com", "relay", 100, now};
    EventTerms terms;
    int events = 0;
};

TEST_F(EventSettling, MovesTheRecipientThatTheEventNames) {
    const auto settled = settle({event(Type::delivered)});
    ASSERT_THAT(settled, SizeIs(1));
    EXPECT_TRUE(settled[0].moved);
    EXPECT_EQ(settled[0].event.mail, mail.id);
    EXPECT_EQ(standing(0), Type::delivered);
    EXPECT_EQ(standing(1), Type::unknown);
}

TEST_F(EventSettling, ALateDeferralDoesNotUndoADelivery) {
    settle({event(Type::delivered), event(Type::deferred)});
    EXPECT_EQ(standing(0), Type::delivered);
}

TEST_F(EventSettling, ABounceAfterDeliveryIsToldToTheSenderOnce) {
    MailEvent bounced = event(Type::bounced);
    bounced.mta_response = "550 5.1.1 User not found";
    settle({event(Type::delivered), bounced, event(Type::bounced)});
    const auto notices = jobs("deliver");
    ASSERT_THAT(notices, SizeIs(1));
    const std::string notice = bytes_of(notices.front());
    EXPECT_THAT(notice, HasSubstr("Final-Recipient: rfc822; Ann@example.net"));
    EXPECT_THAT(notice, HasSubstr("Action: failed"));
    EXPECT_THAT(notice, HasSubstr("Status: 5.1.1"));
    EXPECT_THAT(notice, HasSubstr("550 5.1.1 User not found"));
    EXPECT_THAT(notice, HasSubstr("Original-Envelope-Id: xyz"));
    EXPECT_THAT(notice, HasSubstr("Subject: hello"));
    EXPECT_THAT(suppressed(), ElementsAre("ann@example.net bounced"));
}

TEST_F(EventSettling, WhoAskedForNoNotificationGetsNone) {
    settle({event(Type::bounced, "ben@example.net")});
    EXPECT_THAT(jobs("deliver"), IsEmpty());
    EXPECT_EQ(standing(1), Type::bounced);
}

TEST_F(EventSettling, ASoftBounceIsToldButSuppressesNobody) {
    MailEvent soft = event(Type::bounced);
    soft.soft = true;
    settle({soft});
    EXPECT_THAT(jobs("deliver"), SizeIs(1));
    EXPECT_THAT(suppressed(), IsEmpty());
}

TEST_F(EventSettling, ABounceOfNobodyIsInNobodysWay) {
    for (const char* nobody : {"", " ", "<>"})
        EXPECT_THAT(settle({event(Type::bounced, nobody), event(Type::delivered)}), SizeIs(2));
    EXPECT_THAT(suppressed(), IsEmpty());
    EXPECT_EQ(standing(0), Type::delivered);
}

TEST_F(EventSettling, AComplaintSuppressesAndTellsNobody) {
    settle({event(Type::delivered), event(Type::complained)});
    EXPECT_THAT(suppressed(), ElementsAre("ann@example.net complained"));
    EXPECT_THAT(jobs("deliver"), IsEmpty());
}

TEST_F(EventSettling, OneProviderDoesNotSpeakForTheCallsOfAnother) {
    const auto settled = settle({event(Type::bounced)}, "mailgun");
    EXPECT_EQ(settled.at(0).attempt, "");
    EXPECT_EQ(standing(0), Type::unknown);
    EXPECT_THAT(jobs("deliver"), IsEmpty());
}

TEST_F(EventSettling, WithoutOurIdTheProvidersFindsTheCall) {
    MailEvent delivered = event(Type::delivered, "ben@example.net");
    delivered.attempt.clear();
    delivered.message_id = "sg-1.filter0001";
    EXPECT_EQ(settle({delivered}).at(0).attempt, attempt_id);
    EXPECT_EQ(standing(1), Type::delivered);
}

TEST_F(EventSettling, WhatSettingsTurnOffStaysUndone) {
    terms.relay.notify = false;
    terms.relay.suppress.clear();
    settle({event(Type::bounced)});
    EXPECT_THAT(jobs("deliver"), IsEmpty());
    EXPECT_THAT(suppressed(), IsEmpty());
}

TEST_F(EventSettling, EventsAreHandedOnInOneJobALineEach) {
    terms.events.url = "https://app.example.com/events";
    settle({event(Type::delivered), event(Type::clicked)});
    const auto handed = jobs(hand_on_kind);
    ASSERT_THAT(handed, SizeIs(1));
    const std::string lines = bytes_of(handed.front());
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
    EXPECT_THAT(lines, HasSubstr(R"({"provider":"sendgrid","mail":")" + mail.id + R"(",)"));
    EXPECT_THAT(lines, HasSubstr("\"delivered\""));
    EXPECT_THAT(lines, HasSubstr("\"clicked\""));
}

TEST_F(EventSettling, WhatWasSettledIsNotSettledAgain) {
    const auto first = event(Type::delivered);
    settle({first});
    EXPECT_THAT(settle({first}), IsEmpty());
}

TEST(RelayedMail, ComesBackAsItWasWritten) {
    RelayedMail written;
    written.sender_parameters = {"RET=HDRS"};
    written.recipients = {{"a@example.com", {"NOTIFY=FAILURE", "ORCPT=rfc822;b@example.com"}}};
    for (int byte = 0; byte < 256; ++byte) written.header += static_cast<char>(byte);
    EXPECT_EQ(read_relayed_mail(to_json(written)).value(), written);
}

}  // namespace
}  // namespace mailrota::runtime
