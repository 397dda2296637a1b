#include "core/mail/authentication_results.h"

#include <gmock/gmock.h>

namespace mailrota::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> passes(std::string_view field) { return dkim_passes(field, "mx.example.com"); }

TEST(AuthenticationResults, APassNamesTheDomainThatSigned) {
    EXPECT_THAT(passes("mx.example.com; dkim=pass header.d=Example.net"), ElementsAre("example.net"));
    EXPECT_THAT(passes(" mx.example.com 1;\r\n\tdkim=pass (2048-bit key; secure) header.d=example.net\r\n"
                       "\theader.i=@example.net header.b=\"Ab/+c=\""),
                ElementsAre("example.net"));
    EXPECT_THAT(passes("mx.example.com; dkim=pass header.b=a/b+c== header.d=example.net;"),
                ElementsAre("example.net"));
    EXPECT_THAT(
        passes("MX.example.COM; DKIM/1 = Pass reason=\"good; signature\" header . d = \"example.net\""),
        ElementsAre("example.net"));
}

TEST(AuthenticationResults, OfSeveralSignaturesThoseThatVerifiedCount) {
    EXPECT_THAT(
        passes("mx.example.com;\n spf=pass smtp.mailfrom=ann@example.org;\n dkim=pass header.d=b.example;\n"
               " dkim=fail reason=\"bad signature\" header.d=c.example;\n dkim=pass header.d=a.example;\n"
               " dkim=pass header.d=A.example; dmarc=pass header.from=d.example"),
        ElementsAre("a.example", "b.example"));
}

TEST(AuthenticationResults, WithoutAPassOrADomainNobodyIsNamed) {
    for (const char* field :
         {"mx.example.com; none", "mx.example.com", "mx.example.com;", "mx.example.com; dkim=none",
          "mx.example.com; dkim=passed header.d=example.net",
          "mx.example.com; dkim=pass header.i=@example.net",
          "mx.example.com; xdkim=pass header.d=example.net", "mx.example.com; dkim=pass smtp.d=example.net",
          "mx.example.com; spf=pass header.d=example.net", "mx.example.com; dkim=fail header.d=example.net"})
        EXPECT_THAT(passes(field), IsEmpty()) << field;
}

TEST(AuthenticationResults, FieldsOfOthersAreNotBelieved) {
    for (const char* field :
         {"mx.example.org; dkim=pass header.d=example.net", "xmx.example.com; dkim=pass header.d=example.net",
          "mx.example.com.evil; dkim=pass header.d=example.net", "; dkim=pass header.d=example.net", "",
          "mx (mx.example.com;) .example.org; dkim=pass header.d=example.net",
          "(mx.example.com) mx.example.org; dkim=pass header.d=example.net",
          "mx.example.com 2; dkim=pass header.d=example.net"})
        EXPECT_THAT(passes(field), IsEmpty()) << field;
}

TEST(AuthenticationResults, WhatOthersWroteIntoCommentsAndQuotesIsNoResult) {
    EXPECT_THAT(passes("mx.example.com; spf=fail (said; dkim=pass header.d=example.net) smtp.helo=x.example"),
                IsEmpty());
    EXPECT_THAT(passes("mx.example.com; spf=fail reason=\"; dkim=pass header.d=example.net\""), IsEmpty());
    EXPECT_THAT(passes("mx.example.com; spf=fail (\\); (deep) dkim=pass header.d=example.net)"), IsEmpty());
    EXPECT_THAT(passes("mx.example.com; dkim=fail smtp.mailfrom=\"a;\"@example.org header.d=example.net"),
                IsEmpty());
}

TEST(AuthenticationResults, AFaultMakesAllOfTheFieldUnbelievable) {
    for (const char* field :
         {"mx.example.com; dkim=pass header.d=example.net (open",
          "mx.example.com (open; dkim=pass header.d=a.b",
          "mx.example.com; dkim=pass header.d=example.net reason=\"open",
          "mx.example.com; dkim pass header.d=a.b", "mx.example.com; dkim=pass header.d=example.net; =",
          "mx.example.com; dkim=pass header.=example.net",
          "mx.example.com; dkim=pass header.d=", "mx.example.com; dkim=pass (\\",
          "mx.example.com; dkim=pass header.d=example.net header.i=x header.d=example.org"})
        EXPECT_THAT(passes(field), IsEmpty()) << field;
}

TEST(AuthenticationResults, HostileFieldsTakeLinearTime) {
    const std::string nested(1'000'000, '(');
    EXPECT_THAT(passes("mx.example.com " + nested), IsEmpty());
    std::string many = "mx.example.com";
    for (int i = 0; i < 20'000; ++i) many += "; dkim=pass header.d=a.example";
    EXPECT_THAT(passes(many), ElementsAre("a.example"));
}

TEST(AuthenticationResults, AnAuthservIdIsAToken) {
    EXPECT_TRUE(is_authserv_id("mx.example.com"));
    EXPECT_TRUE(is_authserv_id("gate_1"));
    for (const char* text : {"", "mx example", "mx;", "a@b", "\"mx\"", "m\xC3\xBC"})
        EXPECT_FALSE(is_authserv_id(text)) << text;
}

}  // namespace
}  // namespace mailrota::mail
