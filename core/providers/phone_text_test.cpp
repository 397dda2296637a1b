// What a stranger's text is made before it is spoken or written.
#include "core/providers/phone_text.h"

#include <gmock/gmock.h>

#include "core/mail/text_encoding.h"
#include "core/providers/twiml.h"

namespace mailrota::providers {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t plenty = 100'000;

// TW-9
TEST(Spoken, DigitsOfLongNumbersComeOneByOne) {
    EXPECT_EQ(spoken("86581", plenty), "8 6 5 8 1");
    EXPECT_EQ(spoken("Issue #86581 (New), 12 of 99", plenty), "Issue #8 6 5 8 1 (New), 12 of 99");
    EXPECT_EQ(spoken("123", plenty), "1 2 3");
    EXPECT_EQ(spoken("db1234x", plenty), "db 1 2 3 4 x");
    EXPECT_EQ(spoken("1 2 3 10:30 2.5", plenty), "1 2 3 10:30 2.5");
}

TEST(Spoken, WhatCannotBeSaidIsGone) {
    EXPECT_EQ(spoken(" a\r\n\t b\x7F\x01"
                     "c  ",
                     plenty),
              "a b c");
    EXPECT_EQ(spoken(std::string("a\0b", 3), plenty), "a b");
    EXPECT_EQ(spoken("a\xC2\xA0\xE2\x80\xA8\xE3\x80\x80z", plenty), "a z") << "other kinds of blanks";
    EXPECT_EQ(spoken("a\xC2\x85z", plenty), "a z") << "C1 controls";
    EXPECT_EQ(spoken("ev\xE2\x80\xAEil\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C", plenty), "evil")
        << "marks of direction";
    EXPECT_EQ(spoken("a\xE2\x80\x8B\xEF\xBB\xBF\xC2\xADz", plenty), "az") << "invisible";
    EXPECT_EQ(spoken("a\xFF\xC3\x28\xED\xA0\x80z", plenty), "a(z") << "no UTF-8";
    EXPECT_EQ(spoken("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\xA5", plenty), "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\xA5");
    EXPECT_EQ(spoken("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", plenty), "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D");
}

TEST(Spoken, ALongTextIsCutAtAWord) {
    EXPECT_EQ(spoken("the disk is full", 16), "the disk is full");
    EXPECT_EQ(spoken("the disk is full", 15), "the disk is");
    EXPECT_EQ(spoken("the disk is full", 11), "the disk is");
    EXPECT_EQ(spoken("the disk is full", 12), "the disk is");
    EXPECT_EQ(spoken("the disk", 2), "th");
    EXPECT_EQ(spoken("the disk", 0), "");
    EXPECT_EQ(spoken("\xC3\xA4\xC3\xA4 \xC3\xA4\xC3\xA4", 4), "\xC3\xA4\xC3\xA4") << "characters, not bytes";
}

// TW-8: a name of 100 kB does not swallow what stands before it.
TEST(Spoken, AWordThatIsNoneIsCutAnywhere) {
    const std::string name(100'000, 'A');
    EXPECT_EQ(spoken("from " + name, 1'000), "from " + std::string(995, 'A'));
    std::string wide;
    while (wide.size() < 100'000) wide += "\xF0\x9F\x94\xA5";
    const std::string cut = spoken(wide, 1'000);
    EXPECT_EQ(cut.size(), 4'000U);
    EXPECT_TRUE(mail::is_utf8(cut));
}

TEST(SmsBody, SaysHowToAnswer) {
    EXPECT_EQ(sms_body("The disk of db1 is full.", 17, "en-US"),
              "The disk of db1 is full. Reply 1 17 to acknowledge.");
    EXPECT_EQ(sms_body("Ticket 86581", 17, "de"), "Ticket 86581 Antworten Sie mit 1 17, um zu übernehmen.");
    EXPECT_EQ(sms_body("", 17, "en"), "Reply 1 17 to acknowledge.");
    EXPECT_EQ(sms_body("a\r\n\x01<b> & \xE2\x80\xAE\xFFz", 17, "en"), "a <b> & z Reply 1 17 to acknowledge.");
}

std::size_t units(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        count += byte >= 0xF0 ? 2 : (byte < 0x80 || byte >= 0xC0 ? 1 : 0);
    }
    return count;
}

TEST(SmsBody, StaysWithinItsLimitAndKeepsTheAnswer) {
    const std::string full = sms_body(std::string(100'000, 'A'), 17, "en");
    EXPECT_EQ(full.size(), 1'600U);
    EXPECT_THAT(full, EndsWith("A Reply 1 17 to acknowledge."));
    std::string words;
    while (words.size() < 5'000) words += "disk full ";
    EXPECT_THAT(sms_body(words, 9'223'372'036'854'775'807, "en"),
                EndsWith(" Reply 1 9223372036854775807 to acknowledge."));
    for (const char* wide : {"\xF0\x9F\x94\xA5", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x94\xA5 x"}) {
        std::string text;
        while (text.size() < 20'000) text += wide;
        const std::string body = sms_body(text, 17, "pl");
        EXPECT_LE(units(body), 1'600U) << wide;
        EXPECT_GE(units(body), 1'590U) << wide;
        EXPECT_TRUE(mail::is_utf8(body));
    }
}

TEST(Phrases, AreOfTheLanguageElseEnglish) {
    for (const char* language : {"en", "de", "fr", "es", "it", "nl", "pl", "pt"}) {
        const Phrases& own = phrases(language);
        EXPECT_THAT(std::string(own.language), StartsWith(std::string(language) + "-"));
        EXPECT_EQ(&phrases(std::string(language) + "-XX"), &own);
        for (const char key : {'1', '2', '3', '9'})
            EXPECT_NE(own.menu.find(key), std::string_view::npos) << language << ' ' << key;
        for (const auto& each : {own.sms_reply, own.already})
            EXPECT_NE(each.find("{}"), std::string_view::npos) << language;
        EXPECT_THAT(taken_on_by("Ann", own), HasSubstr("Ann"));
        for (const auto each : {own.greeting, own.menu, own.no_input, own.acknowledged, own.passed_on,
                                own.resolved, own.unknown_key, own.over, own.already, own.sms_reply}) {
            EXPECT_EQ(clean_text(each, 200), each) << language;
            EXPECT_FALSE(each.empty());
        }
    }
    EXPECT_EQ(phrases("DE_at").language, "de-DE");
    for (const char* other : {"", "sv-SE", "e", "english", "-", "d"})
        EXPECT_EQ(phrases(other).language, "en-US") << other;
}

}  // namespace
}  // namespace mailrota::providers
