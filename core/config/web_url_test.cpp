#include "core/config/web_url.h"

#include <gtest/gtest.h>

namespace mailrota::config {
namespace {

TEST(WebUrls, AreTakenApart) {
    EXPECT_EQ(parse_web_url("https://api.example.com"),
              (WebUrl{true, "api.example.com", 443, "", false, false}));
    EXPECT_EQ(parse_web_url("http://127.0.0.1:8080/v3/"),
              (WebUrl{false, "127.0.0.1", 8080, "/v3/", false, false}));
    EXPECT_EQ(parse_web_url("http://[::1]:8080"), (WebUrl{false, "::1", 8080, "", false, false}));
    EXPECT_EQ(parse_web_url("https://[2001:db8::1]/a"),
              (WebUrl{true, "2001:db8::1", 443, "/a", false, false}));
    EXPECT_EQ(parse_web_url("https://u:p@hook.example.com/mandrill?n=1"),
              (WebUrl{true, "hook.example.com", 443, "/mandrill", true, true}));
    EXPECT_EQ(parse_web_url("https://a.example.com?q@b"),
              (WebUrl{true, "a.example.com", 443, "", false, true}));
}

TEST(WebUrls, FaultsAreToldWithoutTheText) {
    for (const char* text : {"", "ftp://hunter2", "https://", "https:///hunter2", "https://hunter2:x",
                             "https://hunter2:0", "https://hunter2:65536", "https://hunter2:", "https://[::1",
                             "https://[hunter2]", "https://[::1]hunter2", "https://hunter 2",
                             "https://-hunter2", "https://hunter2\n", "HTTPS://hunter2", "https://a@"}) {
        const auto url = parse_web_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().text.find("hunter"), std::string::npos) << text;
    }
    EXPECT_FALSE(parse_web_url("https://example.com/" + std::string(2000, 'a')));
}

TEST(WebUrls, LoopbackIsWhatNeverLeavesTheMachine) {
    EXPECT_TRUE(is_loopback_host("localhost"));
    EXPECT_TRUE(is_loopback_host("127.1.2.3"));
    EXPECT_TRUE(is_loopback_host("::1"));
    EXPECT_FALSE(is_loopback_host("localhost.example.com"));
    EXPECT_FALSE(is_loopback_host("128.0.0.1"));
    EXPECT_FALSE(is_loopback_host("127.0.0.1.example.com"));
}

}  // namespace
}  // namespace mailrota::config
