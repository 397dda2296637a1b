#include "core/runtime/relay_verdict.h"

#include <gmock/gmock.h>

#include "core/runtime/relay_smtp.h"

namespace mailrota::runtime {
namespace {

using policy::Health;
using providers::Answer;
using providers::RecipientAnswer;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = RecipientAnswer::Kind;
using Outcome = store::RelayAttempt::Recipient::Outcome;
using State = store::RelayAttempt::State;
using Tried = Contender::Tried;
using Way = Verdict::Way;

Answer answer_of_kinds(const std::vector<Kind>& kinds) {
    Answer answer;
    for (const Kind kind : kinds) answer.recipients.push_back({kind, "id7", "5.1.1", "words"});
    return answer;
}

Judgement judged(const std::vector<Kind>& kinds, bool repeated = false) {
    return judge(answer_of_kinds(kinds), "one", "example.com", repeated);
}

std::vector<std::string> healths(const Judgement& judgement) {
    std::vector<std::string> all;
    for (const auto& [scope, health] : judgement.healths) {
        constexpr const char* words[] = {"works", "temporary", "configuration", "silent"};
        all.push_back(scope + " " + words[static_cast<int>(health.kind)]);
    }
    return all;
}

TEST(RelayVerdict, AnAcceptedMailIsDoneAndTheProviderWorks) {
    const Judgement judgement = judged({Kind::accepted});
    EXPECT_EQ(judgement.recipients[0].way, Way::done);
    EXPECT_EQ(wire::to_line(judgement.recipients[0].reply), "250 2.0.0 accepted by one as <id7>");
    EXPECT_EQ(judgement.state, State::accepted);
    EXPECT_THAT(healths(judgement), ElementsAre("one works", "one/example.com works"));
}

TEST(RelayVerdict, ABadRecipientOrMailFailsHereAndSaysThatTheProviderWorks) {
    EXPECT_EQ(wire::to_line(judged({Kind::bad_recipient}).recipients[0].reply), "550 5.1.1 one: words");
    EXPECT_EQ(wire::to_line(judged({Kind::bad_message}).recipients[0].reply), "554 5.1.1 one: words");
    for (const Kind kind : {Kind::bad_recipient, Kind::bad_message, Kind::bad_message_here})
        EXPECT_THAT(healths(judged({kind})), ElementsAre("one works"));
    EXPECT_EQ(judged({Kind::bad_recipient}).state, State::refused);
}

TEST(RelayVerdict, WhoWasNotSentToForOthersSakeIsTriedHereAgain) {
    const Judgement judgement = judged({Kind::bad_recipient, Kind::unsent});
    EXPECT_EQ(judgement.recipients[0].way, Way::failed);
    EXPECT_EQ(judgement.recipients[1].way, Way::again);
    EXPECT_THAT(healths(judgement), ElementsAre("one works"));
    EXPECT_EQ(judged({Kind::unsent}).recipients[0].way, Way::next) << "there are no others";
}

TEST(RelayVerdict, WhatIsTheProvidersOwnFaultGoesToTheNext) {
    for (const auto& [kind, tried] :
         {std::pair(Kind::temporary, Tried::fault), std::pair(Kind::configuration, Tried::fault),
          std::pair(Kind::bad_message_here, Tried::of_mail)}) {
        EXPECT_EQ(judged({kind}).recipients[0].way, Way::next);
        EXPECT_EQ(judged({kind}).recipients[0].tried, tried);
        EXPECT_EQ(judged({kind}).recipients[0].outcome, Outcome::deferred);
    }
    EXPECT_THAT(healths(judged({Kind::temporary})), ElementsAre("one temporary"));
    EXPECT_THAT(judged({Kind::temporary}).alarm, IsEmpty());
    EXPECT_THAT(healths(judged({Kind::configuration})), ElementsAre("one configuration"));
    EXPECT_EQ(judged({Kind::configuration}).alarm, "words");
}

TEST(RelayVerdict, AnUnverifiedDomainOpensTheBreakerOfThatDomainOnly) {
    Answer answer = answer_of_kinds({Kind::configuration});
    answer.of_domain = true;
    const Judgement judgement = judge(answer, "one", "example.com", false);
    EXPECT_EQ(judgement.recipients[0].tried, Tried::of_domain);
    EXPECT_THAT(healths(judgement), ElementsAre("one works", "one/example.com configuration"));
    EXPECT_THAT(healths(judge(answer, "one", "", false)), ElementsAre("one configuration"));
}

TEST(RelayVerdict, EachRecipientHasItsOwnOutcome) {
    const Judgement judgement =
        judged({Kind::accepted, Kind::bad_recipient, Kind::temporary, Kind::uncertain});
    std::vector<Way> ways;
    for (const Verdict& one : judgement.recipients) ways.push_back(one.way);
    EXPECT_THAT(ways, ElementsAre(Way::done, Way::failed, Way::next, Way::uncertain));
    EXPECT_EQ(judgement.state, State::uncertain);
    EXPECT_EQ(judged({Kind::accepted, Kind::temporary}).state, State::accepted);
}

TEST(RelayVerdict, AMailThatIsStuckIsAcceptedAndTheProviderIsUsedNoLonger) {
    Answer answer = answer_of_kinds({Kind::accepted});
    answer.alarm = "sending-paused";
    const Judgement judgement = judge(answer, "one", "example.com", false);
    EXPECT_EQ(judgement.recipients[0].way, Way::done);
    EXPECT_THAT(healths(judgement), ElementsAre("one configuration"));
    EXPECT_EQ(judgement.alarm, "sending-paused");
}

TEST(RelayVerdict, SilenceEndsTheCarryAndCountsAgainstTheProvider) {
    const Judgement judgement = judged({Kind::uncertain});
    EXPECT_EQ(judgement.recipients[0].way, Way::uncertain);
    EXPECT_EQ(judgement.recipients[0].reply.code, 451);
    EXPECT_THAT(healths(judgement), ElementsAre("one silent"));
}

TEST(RelayVerdict, ARepeatedCallThatTellsNothingOfTheMailLeavesItInDoubt) {
    for (const Kind kind : {Kind::temporary, Kind::configuration})
        EXPECT_EQ(judged({kind}, true).recipients[0].way, Way::uncertain);
    EXPECT_EQ(judged({Kind::accepted}, true).recipients[0].way, Way::done);
    EXPECT_EQ(judged({Kind::bad_recipient}, true).recipients[0].way, Way::failed);
}

TEST(RelayVerdict, WordsOfProvidersBecomeOneCleanLine) {
    Answer answer;
    answer.recipients = {{Kind::bad_recipient, {}, {}, "no\r\nRCPT \xff" + std::string(2000, 'x')}};
    const std::string line = wire::to_line(judge(answer, "one", "", false).recipients[0].reply);
    EXPECT_LT(line.size(), 500U);
    EXPECT_EQ(line.find_first_of("\r\n\xff"), std::string::npos);
}

// How a reply at a stage is classed.
Kind smtp_kind(wire::SmtpResult::Stage stage, const std::string& line,
               wire::SmtpResult::Outcome outcome = wire::SmtpResult::Outcome::failed) {
    const auto reply = wire::from_line(line).value();
    return answer_of({wire::SmtpResult{outcome, reply, true, stage}}).recipients.at(0).kind;
}

TEST(RelaySmtp, RepliesAreClassedByTheStageAtWhichTheyFell) {
    using Outcomes = wire::SmtpResult::Outcome;
    using Stage = wire::SmtpResult::Stage;
    EXPECT_EQ(smtp_kind(Stage::data, "250 2.0.0 Ok", Outcomes::done), Kind::accepted);
    EXPECT_EQ(smtp_kind(Stage::connection, "451 4.4.1 refused", Outcomes::deferred), Kind::temporary);
    EXPECT_EQ(smtp_kind(Stage::data, "451 4.4.2 lost", Outcomes::uncertain), Kind::uncertain);
    EXPECT_EQ(smtp_kind(Stage::login, "535 5.7.8 bad password"), Kind::configuration);
    EXPECT_EQ(smtp_kind(Stage::sender, "530 5.7.0 Authentication required"), Kind::configuration);
    EXPECT_EQ(smtp_kind(Stage::sender, "553 5.7.1 sender not allowed"), Kind::configuration);
    EXPECT_EQ(smtp_kind(Stage::sender, "552 5.3.4 too large"), Kind::bad_message_here);
    EXPECT_EQ(smtp_kind(Stage::recipient, "550 5.1.1 no such user"), Kind::bad_recipient);
    EXPECT_EQ(smtp_kind(Stage::recipient, "554 5.7.1 Relay access denied"), Kind::configuration);
    EXPECT_EQ(smtp_kind(Stage::recipient, "550 5.1.1 User unknown in relay recipient table"),
              Kind::bad_recipient);
    EXPECT_EQ(smtp_kind(Stage::recipient, "450 4.1.2 no such domain", Outcomes::deferred), Kind::later);
    EXPECT_EQ(smtp_kind(Stage::recipient, "450 4.7.1 too many", Outcomes::deferred), Kind::temporary);
    EXPECT_EQ(smtp_kind(Stage::recipient, "421 4.3.2 going down", Outcomes::deferred), Kind::temporary);
    EXPECT_EQ(smtp_kind(Stage::sender, "553 5.1.7 no address"), Kind::bad_message);
    EXPECT_EQ(smtp_kind(Stage::sender, "501 syntax"), Kind::bad_message);
    EXPECT_EQ(smtp_kind(Stage::data, "554 5.6.0 bad content"), Kind::bad_message);
    EXPECT_EQ(smtp_kind(Stage::data, "554 Message rejected: Email address is not verified."),
              Kind::configuration);
}

TEST(RelaySmtp, ARefusedSenderConcernsItsDomainARefusedLoginTheAccount) {
    const auto of_domain = [](wire::SmtpResult::Stage stage, int code) {
        return answer_of({{wire::SmtpResult::Outcome::failed, {code, "5.7.1", "no"}, true, stage}}).of_domain;
    };
    EXPECT_TRUE(of_domain(wire::SmtpResult::Stage::sender, 553));
    EXPECT_FALSE(of_domain(wire::SmtpResult::Stage::login, 535));
    EXPECT_FALSE(of_domain(wire::SmtpResult::Stage::sender, 530));
}

}  // namespace
}  // namespace mailrota::runtime
