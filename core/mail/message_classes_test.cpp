#include <gtest/gtest.h>

#include "core/mail/classes_for_test.h"
#include "core/mail/message.h"
#include "core/mail/text_hints.h"

namespace mailrota::mail {
namespace {

std::vector<std::string> classes_of(const std::string& bytes) {
    std::vector<std::string> all;
    const Message message = Message::from_bytes(bytes);
    for (const ClassifiedText& text : message.classified()) all.push_back(letters(text));
    return all;
}

using Classes = std::vector<std::string>;

const std::string alternatives = "Subject: Re: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n";
const std::string html_part = "\n--b\nContent-Type: text/html\n\n";

TEST(MessageClasses, HtmlBesideThePlainTextCountsIfItsWordsDiffer) {
    EXPECT_EQ(classes_of(alternatives + "Yes.\n> old *bold*" + html_part +
                         "<p>Yes.<blockquote type=cite>old <b>bold</b></blockquote>\n--b--\n"),
              (Classes{"NQ"}));
    EXPECT_EQ(classes_of(alternatives + "Yes.\n> old" + html_part + "<p>Yes.<p>Really.\n--b--\n"),
              (Classes{"NQ", "NN"}));
    EXPECT_EQ(classes_of(alternatives + html_part + "<p>Yes.\n--b--\n"), (Classes{"N"}));
}

TEST(MessageClasses, WhatThePlainTextQuotesIsOldInTheHtmlToo) {
    EXPECT_EQ(classes_of(alternatives + "Yes.\n> It is down\n" + html_part +
                         "<p>Yes.<p>It is down<p>by the way\n--b--\n"),
              (Classes{"NQ", "NQN"}));
}

TEST(MessageClasses, AttachedMessagesAreForwardedAndTheirQuotesQuoted) {
    EXPECT_EQ(
        classes_of(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nFYI\n--b\nContent-Type: message/rfc822\n\n"
            "Subject: Re: x\n\nIt is down.\n> Is it?\n--b--\n"),
        (Classes{"N", "FQ"}));
}

TEST(MessageClasses, TheDepthOfFlowedTextIsCertain) {
    const std::string head = "Auto-Submitted: auto-generated\nContent-Type: text/plain";
    EXPECT_EQ(classes_of(head + "; format=flowed\n\nNew\n> one \n> line\n >stuffed\n"), (Classes{"NQN"}));
    EXPECT_EQ(classes_of(head + "\n\nNew\n> one\n> line\n"), (Classes{"NNN"}));
}

TEST(MessageClasses, TruncationIsTold) {
    const auto message = Message::from_bytes("\none\ntwo\n", {.text_bytes = 4});
    EXPECT_TRUE(message.classified().front().truncated);
}

TEST(TextHints, ReadTheFirstPrefixOfTheSubject) {
    for (const char* subject :
         {"Re: x", "RE[2]: x", "AW: Fwd: x", "[list] Antw: x", "SV: x", "\u56DE\u590D\uFF1A x"})
        EXPECT_EQ(subject_prefix(subject), SubjectPrefix::reply) << subject;
    for (const char* subject : {"Fwd: Re: x", "WG: x", "TR: x", "RV: x", "\u8F6C\u53D1: x", "\u0130LT: x"})
        EXPECT_EQ(subject_prefix(subject), SubjectPrefix::forward) << subject;
    for (const char* subject : {"x", "[Project - Support #86581] Fwd: x", "Alert: x", ": x", ""})
        EXPECT_EQ(subject_prefix(subject), SubjectPrefix::none) << subject;
}

TEST(TextHints, KnowMachinesByTheirHeader) {
    const auto machine = [](const std::string& field) {
        return hints_of(Message::from_bytes(field + "\n\n")).machine;
    };
    EXPECT_TRUE(machine("Auto-Submitted: auto-generated"));
    EXPECT_TRUE(machine("Precedence: bulk"));
    EXPECT_TRUE(machine("X-Redmine-Host: redmine.example.com"));
    EXPECT_FALSE(machine("Auto-Submitted: no"));
    const auto hints = hints_of(Message::from_bytes("References: <a@example.com>\n\n"));
    EXPECT_TRUE(hints.answers && !hints.machine && !hints.reply_subject && !hints.forward_subject);
}

}  // namespace
}  // namespace mailrota::mail
