#include "web/credentials.h"

#include <gtest/gtest.h>

namespace mailrota::web {
namespace {

TEST(Credentials, BearerIsTheTokenAsItIs) {
    EXPECT_EQ(std::get<BearerToken>(parse_credentials("Bearer abc.DEF-1~+/=")).token, "abc.DEF-1~+/=");
    EXPECT_EQ(std::get<BearerToken>(parse_credentials(" bearer   x ")).token, "x");
}

TEST(Credentials, BasicIsSplitAtTheFirstColon) {
    const auto basic =
        std::get<BasicCredentials>(parse_credentials("basic YW5uOnNlY3I6ZXQ="));  // ann:secr:et
    EXPECT_EQ(basic.user, "ann");
    EXPECT_EQ(basic.password, "secr:et");
    EXPECT_EQ(std::get<BasicCredentials>(parse_credentials("Basic Og==")).user, "");  // ":"
}

TEST(Credentials, WhatIsMalformedIsNone) {
    for (const char* text : {"", "Bearer", "Bearer ", "Basic", "Basic !!!!", "Basic YW5u", "Basic YW5uOg",
                             "Basic ====", "Digest username=\"ann\"", "YW5uOnNlY3JldA=="})
        EXPECT_TRUE(std::holds_alternative<NoCredentials>(parse_credentials(text))) << text;
    EXPECT_TRUE(
        std::holds_alternative<NoCredentials>(parse_credentials("Basic " + std::string(1 << 20, 'A'))));
}

}  // namespace
}  // namespace mailrota::web
