#include "core/config/endpoint.h"

#include <gtest/gtest.h>

namespace mailrota::config {
namespace {

TEST(Endpoint, IsSaidAsItIsWritten) {
    for (const char* text : {"smtp:127.0.0.1:10026", "smtp:[::1]:25", "lmtp:unix:/run/dovecot/lmtp",
                             "lmtp:host.example.com:24", "smtp:unix:/run/mta"}) {
        const auto endpoint = parse_endpoint(text);
        ASSERT_TRUE(endpoint) << text << ": " << endpoint.error().text;
        EXPECT_EQ(endpoint->to_string(), text);
    }
}

TEST(Endpoint, HasItsParts) {
    EXPECT_EQ(parse_endpoint("smtp:[::1]:25").value(), (Endpoint{Endpoint::Protocol::smtp, "::1", 25, ""}));
    EXPECT_EQ(parse_endpoint("lmtp:unix:/run/dovecot/lmtp").value(),
              (Endpoint{Endpoint::Protocol::lmtp, "", 0, "/run/dovecot/lmtp"}));
}

TEST(Endpoint, PostfixsSpellingIsUnderstood) {
    EXPECT_EQ(parse_endpoint("lmtp:inet:host.example.com:24")->to_string(), "lmtp:host.example.com:24");
}

TEST(Endpoint, NothingIsTakenForGranted) {
    for (const char* text :
         {"", "smtp", "smtp:", "127.0.0.1:25", "http:host:80", "smtp:host", "smtp:host:", "smtp::25",
          "smtp:host:0", "smtp:host:65536", "smtp:host:25x", "smtp:::1:25", "smtp:[::1]", "smtp:[::1]25",
          "smtp:25@host", "smtp:a b:25", "lmtp:unix:run/x", "lmtp:unix:"})
        EXPECT_FALSE(parse_endpoint(text)) << text;
}

}  // namespace
}  // namespace mailrota::config
