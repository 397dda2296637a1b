#include "web/response.h"

#include <gmock/gmock.h>

namespace mailrota::web {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Response, HeadSaysHowLongTheBodyIs) {
    auto response = text_response(200, "ok\n");
    const auto head =
        head_of(response, http_date(std::chrono::sys_seconds(std::chrono::seconds(784111777))), true);
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 3\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("Connection:")));
    EXPECT_THAT(head, EndsWith("\r\n\r\n"));
    EXPECT_THAT(head_of(response, "", false), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Response, NoHeaderValueBreaksOut) {
    Response response;
    response.headers.emplace_back("X-Test", "a\r\nSet-Cookie: b");
    EXPECT_THAT(head_of(response, "", true), HasSubstr("X-Test: aSet-Cookie: b\r\n"));
}

TEST(Response, AnErrorIsJsonWhateverItsText) {
    const auto response = error_response(400, "no \"quotes\"\n\x01");
    EXPECT_EQ(response.body.pieces.front(), "{\"error\":\"no \\\"quotes\\\"\\n\\u0001\"}\n");
}

TEST(Response, WhatTheStoreSaidIsForTheLogOnly) {
    const auto response = error_response(Error{ErrorKind::unavailable, "password of /secret/place"});
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(std::string(response.body.pieces.front()), Not(HasSubstr("secret")));
    EXPECT_EQ(response.noted.front().second, "password of /secret/place");
}

}  // namespace
}  // namespace mailrota::web
