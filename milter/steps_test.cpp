#include "milter/steps.h"

#include <gtest/gtest.h>

namespace mailrota::milter {
namespace {

StepSet every_step() {
    StepSet steps;
    for (int i = 0; i < step_count; ++i) steps.add(static_cast<Step>(i));
    return steps;
}

StepSet set(std::initializer_list<Step> steps) {
    StepSet result;
    for (const auto step : steps) result.add(step);
    return result;
}

Offer full_offer() {
    return {.rights = {true, true, true, true, true, true},
            .can_leave_out = every_step(),
            .can_go_unanswered = every_step(),
            .can_skip_body = true,
            .can_list_macros = true};
}

policy::Needs recipients_only() {
    policy::Needs needs;
    needs.anything = needs.headers = needs.change_recipients = true;
    return needs;
}

TEST(Steps, PolicyWithoutContentLeavesEverythingOut) {
    const auto result = wanted({}, full_offer());
    EXPECT_TRUE(result.possible);
    EXPECT_EQ(result.leave_out, every_step());
    EXPECT_EQ(result.unanswered, StepSet());
    EXPECT_EQ(result.rights, Rights());
}

TEST(Steps, MailIsAnsweredWhereItCannotBeLeftOut) {
    auto offer = full_offer();
    offer.can_leave_out = {};
    const auto result = wanted({}, offer);
    EXPECT_FALSE(result.unanswered.has(Step::mail));
    EXPECT_FALSE(result.unanswered.has(Step::rcpt));
    EXPECT_TRUE(result.unanswered.has(Step::header));
}

TEST(Steps, RotaTakesEnvelopeAndHeaderWithoutReplies) {
    const auto result = wanted(recipients_only(), full_offer());
    EXPECT_EQ(result.leave_out,
              set({Step::connect, Step::helo, Step::data, Step::end_of_header, Step::body, Step::unknown}));
    EXPECT_EQ(result.unanswered, set({Step::mail, Step::rcpt, Step::header}));
    EXPECT_EQ(result.rights, (Rights{.add_header = true,
                                     .change_header = true,
                                     .add_recipient_with_parameters = true,
                                     .add_recipient = true,
                                     .delete_recipient = true,
                                     .quarantine = false}));
}

TEST(Steps, EachNeedBringsItsStep) {
    struct Case {
        bool policy::Needs::*need;
        StepSet more;
    };
    for (const auto& [need, more] :
         {Case{&policy::Needs::connection, set({Step::connect})},
          Case{&policy::Needs::helo, set({Step::helo})}, Case{&policy::Needs::headers, set({Step::header})},
          Case{&policy::Needs::body, set({Step::header, Step::body})}}) {
        policy::Needs needs;
        needs.anything = true;
        needs.*need = true;
        const auto result = wanted(needs, full_offer());
        for (int i = 0; i < step_count; ++i) {
            const auto step = static_cast<Step>(i);
            const bool comes = step == Step::mail || step == Step::rcpt || more.has(step);
            EXPECT_EQ(result.leave_out.has(step), !comes) << i;
            EXPECT_EQ(result.unanswered.has(step), comes) << i;
        }
    }
}

TEST(Steps, RepliesToRecipientsOnlyWhereOneCanBeRefused) {
    auto needs = recipients_only();
    needs.recipient_replies = true;
    const auto result = wanted(needs, full_offer());
    EXPECT_FALSE(result.unanswered.has(Step::rcpt));
    EXPECT_TRUE(result.unanswered.has(Step::mail));
}

TEST(Steps, BodyThatComesUnaskedIsAnsweredWithSkip) {
    auto offer = full_offer();
    offer.can_leave_out = {};
    EXPECT_FALSE(wanted(recipients_only(), offer).unanswered.has(Step::body));
    offer.can_skip_body = false;
    EXPECT_TRUE(wanted(recipients_only(), offer).unanswered.has(Step::body));
}

TEST(Steps, AllSevenMacroStagesAreListed) {
    const auto result = wanted(recipients_only(), full_offer());
    ASSERT_EQ(result.macros.size(), 7U);
    const auto names = [&result](MacroStage stage) {
        for (const auto& [at, list] : result.macros)
            if (at == stage) return list;
        return std::string("not listed");
    };
    EXPECT_EQ(names(MacroStage::mail), "{client_addr} {client_name} {auth_authen} {daemon_name}");
    EXPECT_EQ(names(MacroStage::rcpt), "i {rcpt_mailer}");
    EXPECT_EQ(names(MacroStage::helo), "");
    EXPECT_EQ(names(MacroStage::end_of_message), "i");
    auto offer = full_offer();
    offer.can_list_macros = false;
    EXPECT_TRUE(wanted(recipients_only(), offer).macros.empty());
}

TEST(Steps, MissingRightMakesItImpossibleAndKeepsMailAnswered) {
    struct Case {
        bool Rights::*right;
        const char* name;
    };
    for (const auto& [right, name] :
         {Case{&Rights::add_header, "add header"}, Case{&Rights::change_header, "change header"},
          Case{&Rights::add_recipient, "add recipient"},
          Case{&Rights::delete_recipient, "delete recipient"}}) {
        auto offer = full_offer();
        offer.rights.*right = false;
        const auto result = wanted(recipients_only(), offer);
        EXPECT_FALSE(result.possible);
        EXPECT_NE(result.why.find(name), std::string::npos) << result.why;
        EXPECT_FALSE(result.leave_out.has(Step::mail));
        EXPECT_FALSE(result.unanswered.has(Step::mail));
        EXPECT_EQ(result.rights, Rights());
    }
}

TEST(Steps, ParametersAreNoMust) {
    auto offer = full_offer();
    offer.rights.add_recipient_with_parameters = false;
    const auto result = wanted(recipients_only(), offer);
    EXPECT_TRUE(result.possible);
    EXPECT_FALSE(result.rights.add_recipient_with_parameters);
    EXPECT_TRUE(result.rights.add_recipient);
}

TEST(Steps, OldMtaThatOffersNothingIsFineForAPolicyWithoutEdits) {
    policy::Needs needs;
    needs.anything = true;
    const auto result = wanted(needs, {});
    EXPECT_TRUE(result.possible);
    EXPECT_EQ(result.leave_out, StepSet());
    EXPECT_EQ(result.unanswered, StepSet());
}

}  // namespace
}  // namespace mailrota::milter
