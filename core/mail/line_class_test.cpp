#include "core/mail/line_class.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/mail/classes_for_test.h"

namespace mailrota::mail {
namespace {

using testing::AllOf;
using testing::Field;
using testing::StrEq;

const std::string block =
    "From: Sam Poe <sam@example.com>\nSent: Monday, March 6, 2017 8:15 AM\nSubject: It broke\n";

TEST(LineClass, NothingIsDeleted) {
    const auto text = classify_plain("one\n\n> two\n> three\nfour", answer());
    EXPECT_EQ(text.utf8, "one\n\n> two\n> three\nfour\n");
    EXPECT_EQ(text.text_of(LineClass::fresh), "one\n\nfour\n");
    EXPECT_EQ(text.text_of(LineClass::quoted), "> two\n> three\n");
    EXPECT_EQ(text.lines.size(), 5U);
    EXPECT_EQ(classify_plain("", {}).lines.size(), 0U);
}

TEST(LineClass, QuoteMarksOfAPersonCountBesideOtherText) {
    EXPECT_EQ(letters("Yes.\n> Is it\n> down?\n"), "NQQ");
    EXPECT_EQ(letters("> Is it\n> down?\nYes.\n"), "QQN");
    EXPECT_EQ(letters("See\n> one line\nthere\n"), "NNN");
    EXPECT_EQ(letters("See\n> one line\nthere\n", answer()), "NQN");
    EXPECT_EQ(letters("> all\n> of it\n"), "NN");
    EXPECT_EQ(letters(">From here on\nit fails\n", answer()), "NN");
}

TEST(LineClass, QuoteMarksOfAMachineNeedMore) {
    EXPECT_EQ(letters("Diff:\n> old\n> new\n", machine()), "NNN");
    EXPECT_EQ(letters("Joe wrote a note.\nOn Mon, 6 Mar 2017, Sam Poe wrote:\n> old\nnew\n", machine()),
              "NQQN");
    EXPECT_EQ(letters("A note.\n> -----Original Message-----\n> old\n", machine()), "NQQ");
}

TEST(LineClass, LevelsAreCounted) {
    const auto text = classify_plain("New\nOn 6 Mar 2017, Sam Poe wrote:\n> one\n>> two\n> > > three\n", {});
    ASSERT_EQ(letters(text), "NQQQQ");
    EXPECT_EQ(text.lines[0].level, 0);
    EXPECT_EQ(text.lines[1].level, 1);
    EXPECT_EQ(text.lines[2].level, 1);
    EXPECT_EQ(text.lines[3].level, 2);
    EXPECT_EQ(text.lines[4].level, 3);
}

TEST(LineClass, AllBelowAHeaderBlockIsQuotedAndEachBlockIsALevel) {
    const std::string chain = "Done.\n\n-----Original Message-----\n" + block + "\nIt is down.\n\n" +
                              "-----Original Message-----\n" + block + "\nPriority changed\n";
    for (const TextHints& hints : {TextHints{}, answer(), machine()}) {
        const auto text = classify_plain(chain, hints);
        EXPECT_EQ(letters(text), "NNQQQQQQQQQQQQQ");
        EXPECT_EQ(text.lines[7].level, 1);
        EXPECT_EQ(text.lines.back().level, 2);
        EXPECT_TRUE(text.has_history());
    }
}

TEST(LineClass, ABlockNeedsThreeLabelsAndAnAddressOrADate) {
    EXPECT_EQ(letters("New\n\n" + block + "\nold\n"), "NNQQQQQ");
    EXPECT_EQ(letters("New\n\nFrom: sam@example.com\nDate: 6 Mar 2017\n\nnew\n"), "NNNNNN");
    EXPECT_EQ(letters("New\n\nFrom: Sam\nSubject: x\nTo: Joe\n\nnew\n"), "NNNNNNN");
    EXPECT_EQ(letters("New\n\nFrom: sam@example.com\nGesendet: 6.3.2017\nOnderwerp: x\n\nnew\n"), "NNNNNNN");
}

TEST(LineClass, LabelsAmongOthersAreAMachinesData) {
    const std::string data = "Host: db1\n" + block + "State: DOWN\nPriority: Emergency\n";
    EXPECT_EQ(letters(data, machine()), "NNNNNN");
    EXPECT_EQ(letters(data), "NNNNNN");
    EXPECT_EQ(letters(block + "\nEmergency\n", machine()), "NNNNN");
}

TEST(LineClass, WhatIsForwardedAtTheTopIsForwardedAndItsQuotesAreQuoted) {
    const std::string forward =
        "---------- Forwarded message ---------\n" + block + "\nIt broke.\n> so\n> long\n";
    EXPECT_EQ(letters(forward), "FFFFFFQQ");
    EXPECT_EQ(letters("Please look.\n" + forward), "NFFFFFFQQ");
    EXPECT_EQ(letters(block + "\nIt broke.\n"), "FFFFF");
    EXPECT_EQ(letters("Please look.\n\n" + block + "\nIt broke.\n", passed_on()), "NNFFFFF");
    EXPECT_EQ(letters("Begin forwarded message:\n\n> From: Sam <sam@example.com>\n> Date: 6 March 2017\n"
                      "> Subject: x\n>\n> It broke.\n"),
              "FFFFFFF");
    EXPECT_EQ(letters("Yes.\n\nOn 6 March 2017, Sam Poe wrote:\n> " + forward.substr(0, 39)), "NNQQ");
}

TEST(LineClass, AnswersBetweenAndBelowQuotesAreNew) {
    EXPECT_EQ(letters("On 6 Mar 2017 at 8:15, Sam Poe <sam@example.com> wrote:\n> a?\n\nYes.\n\n> b?\nNo.\n"),
              "QQNNNQN");
}

TEST(LineClass, WithoutMarksTheQuoteGoesOnToTheEnd) {
    EXPECT_EQ(
        letters("Yes.\n\nOn Mon, Mar 6, 2017 at 8:15 AM Sam Poe <sam@example.com> wrote:\n\nold\n\nold\n"),
        "NNQQQQQ");
    EXPECT_EQ(letters("Yes.\nOn 6 March 2017, Sam Poe wrote:\n| old\n| old\nNew.\n"), "NQQQN");
}

TEST(LineClass, RulersAndPromptsAndLogsAreNew) {
    const std::string report =
        "*****\nHost: db1\n-----\n> mount\n--\nEmergency\n====\n08:15 mail to <a@example.com>:\nx\n";
    EXPECT_EQ(letters(report, machine()), "NNNNNNNNN");
    EXPECT_EQ(letters(report), "NNNNNNNNN");
}

TEST(LineClass, ASignatureIsAPersonsAndShort) {
    EXPECT_EQ(letters("Yes.\n-- \nSam\n+15550100\n"), "NSSS");
    EXPECT_EQ(letters("Yes.\n--\nSam\n", answer()), "NSS");
    EXPECT_EQ(letters("Yes.\n-- \nEmergency\n", machine()), "NNN");
    EXPECT_EQ(letters("Yes.\n\nSent from my iPhone\n"), "NNS");
    EXPECT_EQ(letters("Yes.\n\nThis e-mail is confidential.\nDo not read it.\n\nPS: really\n"), "NNSSNN");
    std::string log = "Yes.\n-- \n";
    for (int i = 0; i < 20; ++i) log += "line\n";
    EXPECT_EQ(letters(log), std::string(22, 'N'));
}

TEST(LineClass, AMailThatWouldAllBeQuotedIsNewUnlessAPersonAnswers) {
    const std::string all = "On Mon, 6 Mar 2017, Sam Poe <sam@example.com> wrote:\n> Priority: Emergency\n";
    EXPECT_EQ(letters(all, machine()), "NN");
    EXPECT_EQ(letters(all, answer()), "QQ");
}

TEST(LineClass, TellsWhy) {
    const auto text =
        classify_plain("Ja.\n\nVon: Sam <sam@example.com>\nGesendet: 6.3.2017\nBetreff: x\n\nalt\n", {});
    EXPECT_EQ(text.lines[2].why, "header block (German)");
    EXPECT_EQ(text.lines[6].why, "below a header block");
    EXPECT_EQ(to_string(LineClass::fresh), "new");
}

TEST(LineClass, AllIsNewWhenTheBudgetEnds) {
    const std::string text = "New\n-----Original Message-----\n" + block;
    const auto given_up = classify_plain(text, {}, 20);
    EXPECT_TRUE(given_up.gave_up);
    EXPECT_EQ(given_up.text_of(LineClass::fresh), text);
    EXPECT_FALSE(classify_plain(text, {}).gave_up);
    EXPECT_TRUE(classify_plain(std::string(500'000, '\n'), {}).gave_up);
}

}  // namespace
}  // namespace mailrota::mail
