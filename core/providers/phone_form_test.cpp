#include "core/providers/phone_form.h"

#include <gmock/gmock.h>

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* form_type = "application/x-www-form-urlencoded";

Result<Form> posted(std::string body, std::string type = form_type) {
    return callback_form(
        {"POST", "https://mail.example.com/call/1/status?a=1", std::move(type), "", std::move(body)});
}

TEST(CallbackForm, APostIsReadFromItsBodyAndAGetFromItsQuery) {
    EXPECT_THAT(*posted("CallSid=CA1&To=%2B15550100&Words=on+call%20&Empty=&Bare"),
                ElementsAre(Pair("CallSid", "CA1"), Pair("To", "+15550100"), Pair("Words", "on call "),
                            Pair("Empty", ""), Pair("Bare", "")));
    const auto form = callback_form(
        {"GET", "https://mail.example.com/call/1/digit?Digits=1&To=%2b1#rc=3&Digits=3", "", "", ""});
    EXPECT_THAT(*form, ElementsAre(Pair("Digits", "1"), Pair("To", "+1")));
    EXPECT_THAT(*callback_form({"GET", "https://mail.example.com/call/1/digit", "", "", ""}), IsEmpty());
    EXPECT_THAT(*posted("", ""), IsEmpty());
    EXPECT_THAT(*posted("&&a=b&=c=d&", "Application/X-WWW-Form-Urlencoded;charset=UTF-8"),
                ElementsAre(Pair("a", "b"), Pair("", "c=d")));
}

TEST(CallbackForm, OfARepeatedNameTheFirstCounts) {
    EXPECT_EQ(value_of(*posted("a=1&b=2&a=3"), "a"), "1");
    EXPECT_EQ(value_of(*posted("a=1"), "A"), "");
}

TEST(CallbackForm, WhatIsNoFormIsRefused) {
    EXPECT_FALSE(posted("{}", "application/json"));
    EXPECT_FALSE(posted("a=1", ""));
    EXPECT_FALSE(posted("a=1", "application/x-www-form-urlencodedness"));
    EXPECT_FALSE(callback_form({"PUT", "", form_type, "", "a=1"}));
}

TEST(CallbackForm, EveryPercentSignNeedsTwoDigits) {
    for (const char* body : {"%", "a=%", "a=%4", "a=%4&b=1", "a=%zz", "%4g=1", "a=%%41", "a=b%2"})
        EXPECT_FALSE(posted(body)) << body;
    EXPECT_EQ(percent_decoded("%00%fF+%2B"), std::string("\0\xFF +", 4));
}

TEST(CallbackForm, SizeAndNumberAreBounded) {
    std::string fields;
    for (int at = 0; at < 200; ++at) fields += "a=1&";
    EXPECT_EQ(posted(fields)->size(), 200U);
    EXPECT_FALSE(posted(fields + "a=1"));
    EXPECT_TRUE(posted("a=" + std::string(99'998, 'x')));
    EXPECT_FALSE(posted("a=" + std::string(99'999, 'x')));
    EXPECT_FALSE(callback_form({"GET", "https://a/?" + std::string(200'000, '&'), "", "", ""}));
}

TEST(PercentCode, WhatWasEncodedIsDecodedAgain) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
    EXPECT_EQ(percent_encoded("a-Z_0.~ +<&"), "a-Z_0.~%20%2B%3C%26");
    EXPECT_EQ(form_text({{"StartTime>", "2024-02-29"}, {"To", "+1555"}}),
              "StartTime%3E=2024-02-29&To=%2B1555");
}

}  // namespace
}  // namespace mailrota::providers
