#include "core/store/relay_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Outcome = RelayAttempt::Recipient::Outcome;
using State = RelayAttempt::State;

class RelaysContract : public StoreTest {
  protected:
    void begin(const StoredMail& mail, const RelayAttempt& attempt) {
        succeed(store_->write({}, [&](Transaction& t) { return t.begin_attempt(mail, attempt); }));
    }
    bool end(const RelayAttempt& attempt) {
        return change(*store_, [&](Transaction& t) { return t.end_attempt(attempt); });
    }
    std::optional<RelayAttempt> attempt(std::string_view id) {
        return ask(*store_, [&](Transaction& t) { return t.attempt(id); });
    }
    std::vector<RelayAttempt> of(const std::vector<std::string>& offers) {
        return ask(*store_, [&](Transaction& t) { return t.attempts_of(offers); });
    }
    std::vector<std::string> by_provider_id(std::string_view provider, std::string_view id,
                                            std::size_t limit = 10) {
        return ids_of(
            ask(*store_, [&](Transaction& t) { return t.attempts_by_provider_id(provider, id, limit); }));
    }
    std::vector<std::string> of_mail(std::string_view mail) {
        return ids_of(ask(*store_, [&](Transaction& t) { return t.attempts_of_mail(mail); }));
    }
    std::vector<policy::Breaker> breakers(const std::vector<std::string>& scopes) {
        return ask(*store_, [&](Transaction& t) { return t.breakers(scopes); });
    }
    std::size_t purge(std::int64_t now) {
        return value_of(store_->purge(at(now), std::chrono::seconds(100)));
    }

    StoredMail mail_ = some_mail("m1");
};
INSTANTIATE_TEST_SUITE_P(Each, RelaysContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(RelaysContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    const StoredMail mail = some_mail(odd);
    RelayAttempt whole{.id = odd,
                       .mail = odd,
                       .rota = odd,
                       .provider = odd,
                       .begun = at(-5),
                       .last = at(7),
                       .owner = odd,
                       .words = odd,
                       .recipients = {{.offer = odd,
                                       .address = odd,
                                       .outcome = Outcome::uncertain,
                                       .provider_id = odd,
                                       .words = odd,
                                       .standing = mail::MailEvent::Type::complained,
                                       .standing_at = at(9)},
                                      {.offer = "another", .address = "", .provider_id = "", .words = ""}}};
    begin(mail, whole);
    EXPECT_EQ(attempt(odd), whole);
    EXPECT_THAT(of({odd}), ElementsAre(whole));
    EXPECT_THAT(ask(*store_, [&](Transaction& t) { return t.find_mails(odd, 1); }), ElementsAre(mail));
    EXPECT_EQ(attempt("unknown"), std::nullopt);
}

TEST_P(RelaysContract, AnEndedAttemptHasTheOutcomeOfEachRecipient) {
    RelayAttempt one = some_attempt("a1", mail_, {"zoe", "ann", "ben"});
    begin(mail_, one);
    one.state = State::accepted;
    one.ended = at(1001);
    one.words = "200 OK";
    one.recipients[0].outcome = Outcome::accepted;
    one.recipients[0].provider_id = "id-1";
    one.recipients[2].outcome = Outcome::failed;
    one.recipients[2].words = "invalid";
    EXPECT_TRUE(end(one));
    EXPECT_EQ(attempt("a1"), one);
}

TEST_P(RelaysContract, OnlyWhoBeganItEndsAnAttemptAndOnlyOnceForGood) {
    const RelayAttempt first = some_attempt("a1", mail_);
    begin(mail_, first);
    RelayAttempt second = first;
    second.owner = "node/2 b";
    second.last = at(1100);
    begin(mail_, second);
    EXPECT_FALSE(end(accepted(first, "x")));
    second.tries = 2;
    EXPECT_EQ(attempt("a1"), second);
    RelayAttempt silent = second;
    silent.state = State::uncertain;
    silent.ended = at(1101);
    EXPECT_TRUE(end(silent));
    EXPECT_TRUE(end(accepted(silent, "found")));  // whoever looked it up
    RelayAttempt refused = silent;
    refused.state = State::refused;
    EXPECT_FALSE(end(refused) || end(silent));
    EXPECT_EQ(attempt("a1"), accepted(silent, "found"));
    EXPECT_FALSE(end(some_attempt("unknown", mail_)));
}

TEST_P(RelaysContract, ADoubtIsAsOldAsTheFirstCallThatMayHaveSent) {
    RelayAttempt one = some_attempt("a1", mail_);
    begin(mail_, one);
    one.state = State::refused;
    EXPECT_TRUE(end(one));
    RelayAttempt again = some_attempt("a1", mail_);
    again.begun = again.last = at(2000);
    begin(mail_, again);
    EXPECT_EQ(attempt("a1")->begun, at(2000));
    again.state = State::uncertain;
    EXPECT_TRUE(end(again));
    again.begun = again.last = at(3000);
    begin(mail_, again);
    EXPECT_EQ(attempt("a1")->begun, at(2000));
}

TEST_P(RelaysContract, BegunAgainKeepsWhatIsKnownOfItsRecipients) {
    RelayAttempt one = some_attempt("a1", mail_, {"ann", "ben"});
    begin(mail_, one);
    one.state = State::uncertain;
    one.ended = at(1030);
    one.words = "no answer";
    one.recipients[0].outcome = Outcome::accepted;
    one.recipients[0].provider_id = "id-1";
    EXPECT_TRUE(end(one));
    RelayAttempt again = some_attempt("a1", mail_, {"ann", "ben"});
    again.begun = again.last = at(2000);
    again.owner = "node/1 b";
    begin(mail_, again);
    one.state = State::begun;
    one.ended = at(0);
    one.tries = 2;
    one.last = at(2000);
    one.owner = "node/1 b";
    EXPECT_EQ(attempt("a1"), one);
    const StoredMail other = some_mail("m2");
    expect_error(
        store_->write({}, [&](Transaction& t) { return t.begin_attempt(other, some_attempt("a1", other)); }),
        ErrorKind::invalid, "another mail");
}

TEST_P(RelaysContract, AttemptsOfOffersComeWholeOnceAndTheOldestFirst) {
    const StoredMail other = some_mail("m2");
    begin(mail_, some_attempt("z", mail_, {"ben", "ann"}));
    begin(mail_, some_attempt("y", mail_, {"ann"}));
    begin(other, some_attempt("x", other, {"ann"}));
    EXPECT_THAT(ids_of(of({"m1/ann", "m1/ben", "m1/ann"})), ElementsAre("z", "y"));
    EXPECT_THAT(of({"m1/ben"}), ElementsAre(some_attempt("z", mail_, {"ben", "ann"})));
    EXPECT_THAT(ids_of(of({"m2/ann", "m1/ann"})), ElementsAre("z", "y", "x"));
    EXPECT_THAT(of({"unknown"}), IsEmpty());
    EXPECT_THAT(of({}), IsEmpty());
    EXPECT_THAT(of_mail("m1"), ElementsAre("z", "y"));
    EXPECT_THAT(of_mail("m3"), IsEmpty());
}

TEST_P(RelaysContract, AThousandRecipientsAtOnce) {
    std::vector<std::string> names, offers;
    for (int i = 2000; i-- > 0;) names.push_back(std::to_string(i));
    const RelayAttempt large = some_attempt("large", mail_, names);
    for (const auto& recipient : large.recipients) offers.push_back(recipient.offer);
    EXPECT_THAT(of(offers), IsEmpty());
    begin(mail_, large);
    EXPECT_TRUE(end(accepted(large, "one for all")));
    EXPECT_EQ(attempt("large"), accepted(large, "one for all"));
    EXPECT_THAT(ids_of(of(offers)), ElementsAre("large"));
    EXPECT_THAT(by_provider_id("sendgrid", "one for all"), ElementsAre("large"));
}

TEST_P(RelaysContract, AttemptsAreFoundByWhatTheProviderCallsThem) {
    const std::string id = "LRzXl_NHStOGhQ4kofSm_A";
    for (const char* name : {"a1", "a2", "a3", "a4"}) begin(mail_, some_attempt(name, mail_, {"ann", name}));
    RelayAttempt elsewhere = some_attempt("a5", mail_);
    elsewhere.provider = "mailgun";
    begin(mail_, elsewhere);
    for (const auto& [name, provider_id] : {std::pair("a1", id), {"a2", id}, {"a3", id + ".whole"}})
        EXPECT_TRUE(end(accepted(some_attempt(name, mail_, {"ann", name}), provider_id)));
    EXPECT_TRUE(end(accepted(elsewhere, id)));
    EXPECT_THAT(by_provider_id("sendgrid", id), ElementsAre("a2", "a1"));
    EXPECT_THAT(by_provider_id("sendgrid", id + ".filter-x1-5F5FC76C-9.0"), ElementsAre("a2", "a1"));
    EXPECT_THAT(by_provider_id("sendgrid", id + ".whole"), ElementsAre("a3", "a2", "a1"));
    EXPECT_THAT(by_provider_id("sendgrid", id, 1), ElementsAre("a2"));
    EXPECT_THAT(by_provider_id("mailgun", id), ElementsAre("a5"));
    for (const char* nothing : {"", ".", ".x", "LRzXl", "LRzXl_NHStOGhQ4kofSm_AB"})
        EXPECT_THAT(by_provider_id("sendgrid", nothing), IsEmpty()) << nothing;
}

TEST_P(RelaysContract, AStandingIsOfOneRecipientAndOutlivesTheEnd) {
    RelayAttempt one = some_attempt("a1", mail_, {"ann", "ben"});
    begin(mail_, one);
    succeed(store_->write({}, [](Transaction& t) {
        return t.put_standing("a1", "m1/ben", mail::MailEvent::Type::bounced, at(1500));
    }));
    EXPECT_TRUE(end(accepted(one, "x")));
    one = accepted(one, "x");
    one.recipients[1].standing = mail::MailEvent::Type::bounced;
    one.recipients[1].standing_at = at(1500);
    EXPECT_EQ(attempt("a1"), one);
}

TEST_P(RelaysContract, BreakersAreKeptByScopeAndNeverForgotten) {
    policy::Breaker whole{.scope = "sendgrid/example.com",
                          .state = policy::Breaker::State::probing,
                          .failures = 3,
                          .until = at(70),
                          .period = std::chrono::seconds(60),
                          .alarmed = true,
                          .why = every_byte(),
                          .last_fault = at(10),
                          .last_success = at(5)};
    const policy::Breaker plain{.scope = "sendgrid", .why = ""};
    EXPECT_THAT(breakers({}), IsEmpty());
    for (const auto& breaker : {whole, plain, policy::Breaker{.scope = "mailgun", .why = ""}})
        succeed(store_->write({"sendgrid"}, [&](Transaction& t) -> Result<void> {
            EXPECT_THAT(value_of(t.breakers({breaker.scope})), IsEmpty());
            return t.put_breaker(breaker);
        }));
    EXPECT_THAT(breakers({whole.scope, "unknown", "sendgrid", "sendgrid"}), ElementsAre(plain, whole));
    EXPECT_EQ(breakers({}).size(), 3u);
    whole.state = policy::Breaker::State::closed;
    whole.why = "";
    succeed(store_->write({}, [&](Transaction& t) { return t.put_breaker(whole); }));
    purge(1'000'000);
    EXPECT_THAT(breakers({whole.scope}), ElementsAre(whole));
}

TEST_P(RelaysContract, TheLastHoldOfARotaCounts) {
    const auto hold = [&] { return ask(*store_, [](Transaction& t) { return t.relay_hold("outgoing"); }); };
    EXPECT_EQ(hold(), std::nullopt);
    for (const RelayHold& one : {RelayHold{"sendgrid", at(10)}, RelayHold{"mailgun", at(20)}}) {
        succeed(store_->write({}, [&](Transaction& t) { return t.put_relay_hold("outgoing", one); }));
        EXPECT_EQ(hold(), one);
    }
}

TEST_P(RelaysContract, AttemptsGoWithTheirMail) {
    const StoredMail young = some_mail("m2");
    RelayAttempt late = some_attempt("late", young);
    late.last = at(2000);
    for (int i = 0; i < 70; ++i) begin(mail_, some_attempt("a" + std::to_string(i), mail_, {"ann", "ben"}));
    begin(young, late);
    EXPECT_EQ(purge(1100), 0u);
    EXPECT_EQ(purge(2100), 71u);  // a mail, its attempts
    EXPECT_THAT(of({"m1/ann", "m1/ben"}), IsEmpty());
    EXPECT_THAT(of_mail("m2"), ElementsAre("late"));
    EXPECT_EQ(purge(2101), 2u);
    begin(mail_, some_attempt("a0", mail_));  // nothing of the old one is left
    EXPECT_EQ(attempt("a0"), some_attempt("a0", mail_));
}

TEST_P(RelaysContract, WhatIsKeptOfAMailGoesWithIt) {
    const auto kept = [&](std::string_view mail) {
        return ask(*store_, [&](Transaction& t) { return t.bytes(bytes_name_of(mail)); });
    };
    StoredMail young = some_mail("m2");
    young.arrived = at(2000);
    for (const StoredMail& mail : {mail_, young})
        succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
            if (auto put = t.put_journal(mail, {}); !put) return put;
            return t.put_bytes(bytes_name_of(mail.id), "header");
        }));
    EXPECT_EQ(purge(2001), 1u);
    EXPECT_EQ(kept("m1"), std::nullopt);
    EXPECT_EQ(kept("m2"), "header");
}

TEST_P(RelaysContract, AReadWritesNothing) {
    expect_error(
        store_->read([&](Transaction& t) { return t.begin_attempt(mail_, some_attempt("a", mail_)); }),
        ErrorKind::invalid, "read");
    expect_error(store_->read([&](Transaction& t) {
        return t.end_attempt(some_attempt("a", mail_)).map([](bool) {});
    }),
                 ErrorKind::invalid, "read");
}

}  // namespace
}  // namespace mailrota::store
