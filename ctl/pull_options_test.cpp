#include "ctl/pull_options.h"

#include <gmock/gmock.h>

#include "ctl/pull_progress.h"

namespace mailrota::ctl {
namespace {

std::string base_of(const std::string& url, bool plain_allowed = false) {
    const auto parsed = parse_box_url(url, plain_allowed);
    return parsed ? parsed->base : "";
}

TEST(PullOptions, TheUrlNamesTheBox) {
    EXPECT_EQ(base_of("https://mail.example.com/boxes/web"), "https://mail.example.com/boxes/web");
    EXPECT_EQ(base_of("https://mail.example.com:8443/a/b/boxes/web.1//"),
              "https://mail.example.com:8443/a/b/boxes/web.1");
    EXPECT_EQ(parse_box_url("https://[2001:db8::1]/boxes/web", false)->box, "web");
    EXPECT_EQ(base_of("https://[2001:db8::1]/boxes/web"), "https://[2001:db8::1]/boxes/web");
}

TEST(PullOptions, MailDoesNotTravelInTheClear) {
    EXPECT_EQ(base_of("http://mail.example.com/boxes/web"), "");
    EXPECT_EQ(base_of("http://127.example.com/boxes/web"), "");
    EXPECT_EQ(base_of("http://mail.example.com/boxes/web", true), "http://mail.example.com/boxes/web");
    for (const char* host : {"127.0.0.1", "localhost", "[::1]", "127.1.2.3:8025"})
        EXPECT_NE(base_of("http://" + std::string(host) + "/boxes/web"), "") << host;
}

TEST(PullOptions, OtherUrlsAreRefused) {
    for (const char* url :
         {"", "web", "ftp://mail.example.com/boxes/web", "https://mail.example.com/", "file:///boxes/web",
          "https://mail.example.com/boxes/", "https://mail.example.com/web", "https://a:b@h/boxes/web",
          "https://a@h/boxes/web", "https://h/boxes/web?x=1", "https://h/boxes/web#x",
          "https://h/boxes/w%2Fb"})
        EXPECT_EQ(base_of(url), "") << url;
}

TEST(PullOptions, MailGoesToAServerOrToSendmail) {
    const auto smtp = parse_deliver("smtp:127.0.0.1:25");
    ASSERT_TRUE(smtp);
    EXPECT_EQ(std::get<config::Endpoint>(*smtp).port, 25);
    EXPECT_EQ(parse_deliver("sendmail"), DeliverTo(ToSendmail{"/usr/sbin/sendmail"}));
    EXPECT_EQ(parse_deliver("sendmail:/opt/x"), DeliverTo(ToSendmail{"/opt/x"}));
    for (const char* bad : {"", "smtp", "sendmail:x", "http://x"}) EXPECT_FALSE(parse_deliver(bad)) << bad;
}

TEST(PullOptions, TheDoneListHasItsPlace) {
    EXPECT_EQ(default_done_list("web", "/var/lib/x:/y", "/s", "/home/a"), "/var/lib/x/pull-web.done");
    EXPECT_EQ(default_done_list("web", "", "/s", "/home/a"), "/s/mailrota/pull-web.done");
    EXPECT_EQ(default_done_list("web", nullptr, nullptr, "/home/a"),
              "/home/a/.local/state/mailrota/pull-web.done");
    EXPECT_EQ(default_done_list("web", nullptr, nullptr, nullptr), std::nullopt);
}

TEST(PullSummary, IsToldInWordsAndInJson) {
    PullSummary summary;
    EXPECT_EQ(to_text(summary), "0 mails pulled");
    summary.mails = 2;
    summary.delivered = 3;
    summary.possible_duplicates = 1;
    summary.left = 7;
    EXPECT_EQ(to_text(summary), "2 mails pulled: 3 delivered, 1 perhaps sent twice; 7 left");
    summary.trouble = "no";
    EXPECT_EQ(to_json(summary),
              R"({"mails":2,"delivered":3,"failed":0,"deferred":0,"repeated":0,"possible_duplicates":1,)"
              R"("bytes":0,"left":7,"trouble":"no"})");
}

}  // namespace
}  // namespace mailrota::ctl
