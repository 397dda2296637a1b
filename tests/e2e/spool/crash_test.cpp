#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>

#include "tests/e2e/spool/http_proxy.h"
#include "tests/e2e/spool/mail_servers.h"
#include "tests/e2e/spool/origin.h"
#include "tests/e2e/spool/pulling_host.h"
#include "tests/rig/nullmailer.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using namespace std::chrono_literals;
using rig::wait_until;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Fate = HttpProxy::Fate;

/// Puts so many mails into the box and returns their recipients, sorted.
std::vector<std::string> fill(Origin& origin, int count) {
    std::vector<std::string> recipients;
    auto client = rig::SmtpClient::to_port(origin.smtp_port());
    for (int i = 100; i < 100 + count; ++i) {
        recipients.push_back("r" + std::to_string(i) + "@example.com");
        EXPECT_TRUE(client.send_mail("ann@example.com", {recipients.back()}, mail()).accepted());
    }
    return recipients;
}

TEST(PO1, AServerKilledBeforeTheAcknowledgementSendsNothingTwice) {
    Origin origin;
    const auto sent = fill(origin, 5);
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    std::atomic<bool> killed = false;
    const HttpProxy proxy(origin.web_port(), [&](const std::string& target) {
        if (!target.ends_with("/acknowledge") || killed.exchange(true)) return Fate::pass;
        origin.web().kill9();
        return Fate::lose_request;
    });
    EXPECT_EQ(host.pull(proxy.url()).exit_code, 3);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
    EXPECT_EQ(origin.in_box(), 5U);
    origin.web().start();
    const Pulled again = host.pull(proxy.url());
    EXPECT_EQ(again.exit_code, 0) << again.notes;
    EXPECT_EQ(again.possible_duplicates, 0U);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
    EXPECT_EQ(origin.in_box(), 0U);
}

TEST(PO1, AServerKilledAfterTheLeaseLosesNothing) {
    Origin origin;
    const auto sent = fill(origin, 5);
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    std::atomic<bool> killed = false;
    const HttpProxy proxy(origin.web_port(), [&](const std::string& target) {
        if (target.find("/messages/") == std::string::npos || killed.exchange(true)) return Fate::pass;
        origin.web().kill9();
        return Fate::lose_request;
    });
    EXPECT_EQ(host.pull(proxy.url()).exit_code, 3);
    EXPECT_THAT(sink.mails(), IsEmpty());
    origin.web().start();
    EXPECT_EQ(host.pull(proxy.url()).mails, 0U);  // the lease is in force
    origin.end_leases();
    EXPECT_EQ(host.pull(proxy.url()).mails, 5U);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
}

TEST(PO2, APullerKilledAfterOneOfFiftySendsEachOnce) {
    Origin origin;
    const auto sent = fill(origin, 50);
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    std::atomic<int> fetched = 0;
    std::atomic<bool> hold = true;
    const HttpProxy proxy(origin.web_port(), [&](const std::string& target) {
        if (target.find("/messages/") == std::string::npos || ++fetched < 2) return Fate::pass;
        wait_until([&] { return !hold; }, 60s);
        return Fate::pass;
    });
    {
        const rig::Process puller = host.start(proxy.url());
        ASSERT_TRUE(wait_until([&] { return fetched == 2; }, 30s));
        puller.kill(SIGKILL);
        EXPECT_EQ(puller.wait(), 128 + SIGKILL);
        hold = false;
    }
    EXPECT_THAT(sink.mails(), SizeIs(1));
    const Pulled rest = host.pull(proxy.url());
    EXPECT_EQ(rest.exit_code, 0) << rest.notes;
    EXPECT_EQ(rest.mails, 49U);
    EXPECT_EQ(rest.possible_duplicates, 0U);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
    EXPECT_EQ(origin.in_box(), 0U);
}

TEST(PO2, APullerKilledWithinADeliverySaysThatItMaySendTwice) {
    Origin origin;
    fill(origin, 1);
    const rig::SmtpSink slow(on_a_port({"-W", ".:300"}));
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    {
        const rig::Process puller =
            host.start(origin.url(), {"--deliver", "smtp:127.0.0.1:" + std::to_string(slow.port())});
        ASSERT_TRUE(wait_until([&] { return !host.done_list().empty(); }, 30s));
        puller.kill(SIGKILL);
        puller.wait();
    }
    const Pulled again =
        host.pull(origin.url(), {"--deliver", "smtp:127.0.0.1:" + std::to_string(sink.port())});
    EXPECT_EQ(again.possible_duplicates, 1U) << again.notes;
    EXPECT_THAT(again.notes, HasSubstr("possible duplicate"));
    EXPECT_THAT(sink.mails(), SizeIs(1));
}

TEST(PO3, AMailBrokenOffWithTheServerIsNotInTheBox) {
    Origin origin;
    {
        auto client = rig::SmtpClient::to_port(origin.smtp_port());
        ASSERT_TRUE(client.command("MAIL FROM:<ann@example.com>").positive());
        ASSERT_TRUE(client.command("RCPT TO:<bob@example.com>").positive());
        ASSERT_TRUE(client.command("DATA").positive());
        client.send_raw("Subject: half\r\n\r\nThe first half");
        origin.lmtp().kill9();
        EXPECT_EQ(client.read_reply().code, 0);
    }
    origin.lmtp().start();
    EXPECT_EQ(origin.in_box(), 0U);
    origin.put(mail("whole"));
    EXPECT_EQ(origin.in_box(), 1U);
}

TEST(PO3, WhatTheServerStoredWhileItWasKilledArrivesOnce) {
    Origin origin;
    const rig::Nullmailer backend(origin.smtp_port());
    constexpr std::size_t mails = 20;
    std::vector<std::string> sent;
    for (std::size_t i = 0; i < mails; ++i) {
        sent.push_back("r" + std::to_string(100 + i) + "@example.com");
        ASSERT_EQ(backend.sendmail("ann@example.com", {sent.back()}, mail()).exit_code, 0);
        if (i % 5 != 2) continue;
        wait_until([&, seen = origin.in_box()] { return origin.in_box() > seen; }, 2s);
        origin.lmtp().kill9();
        origin.lmtp().start();
    }
    ASSERT_TRUE(backend.wait_for_empty_queue(60s)) << backend.log();
    EXPECT_EQ(backend.failed(), 0U);
    const rig::SmtpSink sink(on_a_port());
    EXPECT_EQ(PullingHost::to_port(sink.port()).pull(origin.url()).exit_code, 0);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
}

TEST(Chain, ALostAcknowledgementSendsNothingTwice) {
    Origin origin;
    const auto sent = fill(origin, 3);
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    std::atomic<bool> lose = true;
    const HttpProxy proxy(origin.web_port(), [&](const std::string& target) {
        return target.ends_with("/acknowledge") && lose ? Fate::lose_answer : Fate::pass;
    });
    EXPECT_EQ(host.pull(proxy.url()).exit_code, 3);
    lose = false;
    const Pulled again = host.pull(proxy.url());
    EXPECT_EQ(again.exit_code, 0) << again.notes;
    EXPECT_EQ(again.mails, 0U);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
    EXPECT_EQ(origin.in_box(), 0U);
}

TEST(Chain, ALeaseThatEndsBeforeTheAcknowledgementSendsNothingTwice) {
    Origin origin;
    const auto sent = fill(origin, 3);
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    std::atomic<bool> lose = true;
    const HttpProxy proxy(origin.web_port(), [&](const std::string& target) {
        const bool word = target.ends_with("/acknowledge") || target.ends_with("/return");
        return word && lose ? Fate::lose_request : Fate::pass;
    });
    EXPECT_EQ(host.pull(proxy.url()).exit_code, 3);
    origin.end_leases();
    // The words are lost until the mails have come again: three times at the start, three before the lease.
    std::atomic<int> words = 0;
    const HttpProxy late(origin.web_port(), [&](const std::string& target) {
        return target.ends_with("/acknowledge") && ++words <= 6 ? Fate::lose_request : Fate::pass;
    });
    const Pulled again = host.pull(late.url());
    EXPECT_EQ(again.exit_code, 0) << again.notes;
    EXPECT_EQ(again.mails, 0U);
    EXPECT_EQ(again.repeated, 3U);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
    EXPECT_EQ(origin.in_box(), 0U);
}

TEST(Chain, WhileTheMailServerIsAwayTheMailsStayAndComeLater) {
    Origin origin;
    const auto sent = fill(origin, 3);
    rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    sink.stop();
    const Pulled away = host.pull(origin.url());
    EXPECT_EQ(away.exit_code, 1);
    EXPECT_THAT(away.trouble, HasSubstr("the mail server here takes nothing"));
    EXPECT_EQ(away.delivered + away.failed, 0U);
    EXPECT_EQ(origin.in_box(), 3U);
    sink.start();
    EXPECT_EQ(host.pull(origin.url()).mails, 2U);  // the first one, which was tried, rests
    origin.end_leases();
    EXPECT_EQ(host.pull(origin.url()).mails, 1U);
    EXPECT_THAT(recipients(sink), ElementsAreArray(sent));
}

}  // namespace
}  // namespace mailrota::e2e
