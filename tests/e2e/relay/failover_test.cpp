#include <algorithm>
#include <array>

#include "tests/e2e/relay/scene.h"
#include "tests/rig/wait.h"

// What is done when a provider fails, and whom it concerns.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr auto by_sendgrid = "250 2.0.0 accepted by sendgrid";
constexpr auto by_mailgun = "250 2.0.0 accepted by mailgun";

/// Another account of a kind that the scene has, with the same key.
std::string account(const std::string& name, const std::string& kind, const std::string& url) {
    return "[provider." + name + "]\nkind = \"" + kind + "\"\napi_key = { file = \"{keys}/" + kind +
           ".key\" }\nbase_url = \"" + url + "\"\n" + (kind == "mailgun" ? "domain = \"example.com\"\n" : "");
}

/// All mail to these, in order.
std::string rota_of(const std::vector<std::string>& names) {
    std::string text = "[rota.these]\nmembers = [";
    for (const auto& name : names) text += "{ provider = \"" + name + "\" }, ";
    return text + "]\n[[rule]]\nthen = [{ relay = \"these\" }]\n";
}

class RelayFailover : public RelayTest {
  protected:
    std::uint64_t calls(std::string_view kind) const { return fakes().calls(kind).sending; }
    std::size_t mails() const { return fakes().mails().size(); }
    std::string breakers() {
        return scene_now().sql("SELECT group_concat(scope) FROM breaker WHERE state > 0");
    }
};

TEST_F(RelayFailover, ES1_AMailLeavesThroughEachProvider) {
    auto& host = scene({.providers = http_kinds(), .more = rota_of_each(http_kinds())});
    for (const auto& kind : http_kinds())
        EXPECT_THAT(host.send_one(fresh_mail(), "bob@" + kind + ".example.net"),
                    StartsWith("250 2.0.0 accepted by " + kind))
            << host.logs();
    EXPECT_EQ(mails(), http_kinds().size());
    for (const auto& mail : fakes().mails()) EXPECT_THAT(mail.our_id, SizeIs(32)) << mail.provider;
}

TEST_F(RelayFailover, ES3_TheSecondSendsWhatTheFirstHasNoDomainFor) {
    fakes().set("mailgun", {.domains = {{"example.org"}}});
    auto& host = scene({.providers = {"mailgun", "sendgrid"}});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_sendgrid));
    EXPECT_TRUE(host.lmtp().wait_for_log("Domain not found")) << host.logs();
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_sendgrid));
    EXPECT_EQ(calls("mailgun"), 1);  // it is left alone from now on
}

TEST_F(RelayFailover, ES4_AStatusPageThatCannotBeHadStopsNoMail) {
    const auto nobody = std::to_string(rig::free_port());
    auto& host = scene({.providers = {"sendgrid"},
                        .of_each = "status_url = \"http://127.0.0.1:" + nobody + "/summary.json\""});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_sendgrid));
    EXPECT_TRUE(host.worker().wait_for_log("status-page provider=sendgrid indicator=unknown")) << host.logs();
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_sendgrid));
    EXPECT_EQ(breakers(), "");
}

TEST_F(RelayFailover, ES4_WhosePageTellsOfAnOutageIsPassedOverWithoutACall) {
    fakes().set("sendgrid", {.indicator = "major"});
    const auto page = "status_url = \"" + fakes().status_url("sendgrid") + "\"\n";
    auto& host = scene({.more = account("watched", "sendgrid", fakes().base_url("sendgrid")) + page +
                                rota_of({"watched", "mailgun"})});
    host.worker();
    ASSERT_TRUE(rig::wait_until([&] { return breakers() == "watched"; }, seconds(30))) << host.logs();
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_mailgun));
    EXPECT_EQ(calls("sendgrid"), 0);
    EXPECT_THAT(host.ask({"provider", "status", "watched"}), HasSubstr("status page: major, Service outage"));
}

TEST_F(RelayFailover, ES6_AReadTimeOutSendsNothingTwice) {
    fakes().fail({.fault = "silent", .provider = "sendgrid", .after = true, .times = 1});
    auto& host = scene({.of_each = "timeout = \"2s\""});
    const auto mail = fresh_mail();
    EXPECT_THAT(host.send_one(mail), StartsWith("451 4.4.2 "));
    EXPECT_THAT(host.send_one(mail), StartsWith("451 4.4.2 "));
    EXPECT_EQ(mails(), 1);
    EXPECT_EQ(calls("mailgun"), 0);
}

TEST_F(RelayFailover, ES7_WhoseQuotaIsUsedUpIsPassedOver) {
    std::vector<std::string> others = http_kinds();
    std::erase(others, "mailgun");
    auto& host = scene({.providers = http_kinds(), .more = rota_of_each(others, "mailgun")});
    for (const auto& kind : others) {
        fakes().fail({.fault = "quota", .provider = kind});
        for (int i = 0; i < 2; ++i)
            EXPECT_THAT(host.send_one(fresh_mail(), "bob@" + kind + ".example.net"), StartsWith(by_mailgun))
                << kind;
        EXPECT_EQ(calls(kind), 1) << kind;
    }
    EXPECT_THAT(host.ask({"provider", "status"}), HasSubstr("quota"));
    EXPECT_EQ(mails(), 2 * others.size());
}

TEST_F(RelayFailover, Case07_BeforeTheBodyWentOutTheNextIsTriedAtOnce) {
    const auto nobody = "http://127.0.0.1:" + std::to_string(rig::free_port());
    auto& host = scene({.more = account("refused", "sendgrid", nobody) +
                                account("untrusted", "sendgrid", fakes().tls_base_url("sendgrid")) +
                                rota_of({"refused", "untrusted", "mailgun"})});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_mailgun)) << host.logs();
    EXPECT_EQ(mails(), 1);
}

TEST_F(RelayFailover, Case07_AConnectionCutBeforeTheBodyIsReadLosesNothing) {
    fakes().fail({.fault = "cut_off", .provider = "sendgrid"});
    auto& host = scene();
    const auto reply = host.send_one(fresh_mail());
    EXPECT_THAT(reply, AnyOf(StartsWith(by_mailgun), StartsWith("451 4.4.2 "))) << host.logs();
    EXPECT_LE(mails(), 1);
}

TEST_F(RelayFailover, Case07_AfterTheBodyWentOutNobodyElseIsTriedBeforeItIsKnown) {
    for (const auto* fault : {"reset", "server_error", "unavailable", "garbage", "html"}) {
        auto& host = scene();
        fakes().fail({.fault = fault, .provider = "sendgrid", .after = true, .times = 1, .status = 500});
        const auto mail = fresh_mail();
        EXPECT_THAT(host.send_one(mail), StartsWith("451 4.4.2 ")) << fault;
        EXPECT_EQ(calls("mailgun"), 0) << fault;
        EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("250")) << fault;  // others are not held up
        fakes().heal();
        fakes().clear();
    }
}

TEST_F(RelayFailover, Case07_WhoCanBeAskedIsAskedAndWhoKnowsOurIdIsGivenItAgain) {
    for (const auto* kind : {"mailgun", "mandrill", "postmark", "sparkpost", "resend"}) {
        auto& host = scene({.providers = {kind, "sendgrid"}});
        fakes().fail({.fault = "reset", .provider = kind, .after = true, .times = 1});
        const auto mail = fresh_mail();
        const auto first = host.send_one(mail);
        EXPECT_THAT(first, AnyOf(StartsWith("451 4.4.2 "), StartsWith("250"))) << kind;
        EXPECT_THAT(host.send_one(mail), StartsWith(std::string("250 2.0.0 accepted by ") + kind)) << kind;
        EXPECT_EQ(mails(), 1) << kind;
        EXPECT_EQ(calls("sendgrid"), 0) << kind;
        fakes().clear();
    }
}

TEST_F(RelayFailover, Case08_AnUnverifiedDomainRestsAndTheOtherDomainsGoOn) {
    for (const auto* kind : {"ses", "sendgrid", "postmark", "resend"}) {
        fakes().set(kind, {.domains = {{"example.net"}}});
        auto& host = scene({.providers = {kind, "mailgun"}});
        EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_mailgun)) << kind;
        EXPECT_EQ(breakers(), std::string(kind) + "/example.com");
        EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_mailgun)) << kind;
        EXPECT_EQ(calls(kind), 1) << kind;
        EXPECT_THAT(host.send_one("From: ann@example.net\nTo: bob@example.net\nSubject: other\n\nhi\n"),
                    StartsWith("250 2.0.0 accepted by " + std::string(kind)));
    }
}

TEST_F(RelayFailover, Case08_ATwoHundredThatDoesNotSayWhatItMustIsNoSuccess) {
    auto& host = scene({.more = account("wrong", "mailgun", fakes().base_url("mailgun") + "/wrong") +
                                rota_of({"wrong", "sendgrid"})});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_sendgrid));
    EXPECT_THAT(host.logs(), HasSubstr("the URL is none of Mailgun's API"));
    auto& each = scene({.providers = http_kinds(), .more = rota_of_each(http_kinds())});
    for (const auto& kind : http_kinds()) {
        fakes().fail({.fault = "garbage", .provider = kind, .times = 1, .status = 200});
        EXPECT_THAT(each.send_one(fresh_mail(), "bob@" + kind + ".example.net"), StartsWith("451 4.4.2 "))
            << kind;
    }
    EXPECT_EQ(mails(), 1);
}

TEST_F(RelayFailover, Case09_AToldDelayIsWaitedOutInEveryForm) {
    const std::vector<std::string> kinds = {"sendgrid", "mailgun", "resend", "sparkpost"};
    for (const auto& forms : {std::array{"reset_epoch", "text_date", "ratelimit", "retry_after"},
                              {"http_date", "text_seconds", "retry_after", "http_date"}}) {
        auto& host = scene({.providers = kinds, .more = rota_of_each(kinds)});
        fakes().clear();
        std::vector<std::string> recipients;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            recipients.push_back("bob@" + kinds[i] + ".example.net");
            fakes().fail(
                {.fault = "rate_limited", .provider = kinds[i], .times = 1, .seconds = 4, .form = forms[i]});
        }
        const auto mail = fresh_mail();
        EXPECT_THAT(host.send(mail, recipients), Each(StartsWith("451 4.4.1 ")));
        host.send(fresh_mail(), recipients);
        for (std::size_t i = 0; i < kinds.size(); ++i)  // nobody asks before it is time
            EXPECT_EQ(calls(kinds[i]), 1) << kinds[i] << " " << forms[i];
        const auto all_taken = [&] {
            const auto replies = host.send(mail, recipients);
            return std::ranges::all_of(replies, [](const auto& reply) { return reply.starts_with("250"); });
        };
        EXPECT_TRUE(rig::wait_until(all_taken, seconds(30))) << host.logs();
    }
}

TEST_F(RelayFailover, Case10_WhatIsStuckAtAProviderIsNotSentAgainButIsTheLastThatItGets) {
    fakes().fail({.fault = "stuck", .provider = "mandrill", .times = 1, .words = "hourly-quota-exhausted"});
    auto& host = scene({.providers = {"mandrill", "mailgun"}});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("250 2.0.0 accepted by mandrill"));
    EXPECT_TRUE(host.lmtp().wait_for_log("hourly-quota-exhausted"));
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith(by_mailgun));
    EXPECT_EQ(mails(), 2);
}

TEST_F(RelayFailover, Case12_TheSecondAttemptStartsFromTheSameBytes) {
    auto& host = scene(
        {.providers = {"mailgun"},
         .more = account("second", "mailgun", fakes().base_url("mailgun")) + rota_of({"mailgun", "second"})});
    fakes().fail({.fault = "rate_limited", .provider = "mailgun", .after = true, .times = 1});
    EXPECT_THAT(host.send_one(fresh_mail("Gr\xFC\xDF"
                                         "e",
                                         "X-Odd:   two  blanks\t\nX-Fold: a\n b\n")),
                StartsWith("250 2.0.0 accepted by second"));
    const auto both = fakes().mails();
    ASSERT_THAT(both, SizeIs(2));
    EXPECT_EQ(both[0].given, both[1].given);
    EXPECT_NE(both[0].our_id, both[1].our_id);
}

}  // namespace
}  // namespace mailrota::e2e
