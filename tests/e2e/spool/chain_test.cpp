#include <gmock/gmock.h>
#include <signal.h>

#include <boost/json.hpp>

#include "tests/e2e/spool/mail_servers.h"
#include "tests/e2e/spool/origin.h"
#include "tests/e2e/spool/pulling_host.h"
#include "tests/rig/http_client.h"
#include "tests/rig/nullmailer.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using namespace std::chrono_literals;
using rig::wait_until;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// From a program that calls sendmail(1) on one host to a mailbox on the other, and every way in between.

TEST(Chain, FromNullmailerToAMailboxOfTheRemoteHost) {
    Origin origin;
    const rig::Nullmailer backend(origin.smtp_port());
    const PullingHost host = PullingHost::to_port(remote_postfix().port());
    ASSERT_EQ(backend.sendmail("ann@example.com", {"chain@example.com"}, mail("by nullmailer")).exit_code, 0);
    ASSERT_TRUE(backend.wait_for_empty_queue()) << backend.log();
    const Pulled pulled = host.pull(origin.url());
    EXPECT_EQ(pulled.exit_code, 0) << pulled.notes;
    EXPECT_THAT(remote_postfix().wait_for_mail("chain"), ElementsAre(HasSubstr("Subject: by nullmailer\n")));
    EXPECT_EQ(origin.in_box(), 0U);
    EXPECT_EQ(backend.failed(), 0U);
}

TEST(Chain, FromPostfixByLmtpAndOverTheUnixSocket) {
    Origin origin;
    rig::PostfixOptions options;
    options.main_lines = {"virtual_transport = lmtp:unix:" + origin.lmtp_path()};
    const rig::Postfix front(options);
    ASSERT_EQ(front.sendmail("ann@example.com", {"lmtp@example.com"}, mail("by LMTP")).exit_code, 0);
    ASSERT_TRUE(wait_until([&] { return origin.in_box() == 1; }, 30s)) << front.log();
    const PullingHost host = PullingHost::to_port(remote_postfix().port());
    EXPECT_EQ(host.pull("http://localhost/boxes/web", {"--unix-socket", origin.web_path()}).delivered, 1U);
    EXPECT_THAT(remote_postfix().wait_for_mail("lmtp"), ElementsAre(HasSubstr("Subject: by LMTP\n")));
    EXPECT_TRUE(front.wait_for_empty_queue());
}

TEST(Chain, OverTlsWithACertificateThatThePullerKnows) {
    OriginOptions options;
    options.own_tls = true;
    Origin origin(options);
    origin.put(mail());
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    const Pulled distrusted = host.pull(origin.url());
    EXPECT_EQ(distrusted.exit_code, 3);
    EXPECT_THAT(distrusted.trouble, HasSubstr("certificate"));
    EXPECT_THAT(sink.mails(), IsEmpty());
    EXPECT_EQ(host.pull(origin.url(), {"--ca", origin.certificate()}).exit_code, 0);
    EXPECT_THAT(sink.mails(), SizeIs(1));
}

TEST(Chain, ToTheSendmailOfTheRemoteHost) {
    Origin origin;
    const std::string text = mail("by sendmail");
    origin.put(text, {"one.sendmail@example.com", "two.sendmail@example.com"});
    const rig::TemporaryFolder folder;
    const auto program = folder / "sendmail";
    rig::write_file(
        program, "#!/bin/sh\nexec /usr/sbin/sendmail -C " + remote_postfix().config().string() + " \"$@\"\n");
    std::filesystem::permissions(program, static_cast<std::filesystem::perms>(0755));
    const PullingHost host("sendmail:" + program.string());
    const Pulled pulled = host.pull(origin.url());
    EXPECT_EQ(pulled.delivered, 2U) << pulled.notes;
    EXPECT_THAT(
        remote_postfix().wait_for_mail("one.sendmail"),
        ElementsAre(AllOf(testing::StartsWith("Return-Path: <ann@example.com>\n"), testing::EndsWith(text))));
    EXPECT_THAT(remote_postfix().wait_for_mail("two.sendmail"), SizeIs(1));
}

TEST(Chain, ANameAndAPasswordDoInsteadOfAToken) {
    Origin origin;
    origin.put(mail());
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    const auto log_in = [&](const std::string& password) {
        return host.pull(origin.url(),
                         {"--user", "ann", "--password-file", host.secret("password", password)});
    };
    EXPECT_EQ(log_in("password").exit_code, 3);
    EXPECT_THAT(sink.mails(), IsEmpty());
    EXPECT_EQ(log_in("pass:word").exit_code, 0);
    EXPECT_THAT(sink.mails(), SizeIs(1));
}

TEST(Chain, AWrongTokenGetsNothing) {
    Origin origin;
    origin.put(mail());
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host("smtp:127.0.0.1:" + std::to_string(sink.port()), "Secret");
    const Pulled pulled = host.pull(origin.url());
    EXPECT_EQ(pulled.exit_code, 3);
    EXPECT_THAT(pulled.trouble, HasSubstr("401"));
    EXPECT_THAT(sink.mails(), IsEmpty());
    EXPECT_EQ(origin.in_box(), 1U);
}

TEST(PO11, NothingThereIsNoFailure) {
    Origin origin;
    const Pulled pulled = PullingHost::to_port(1).pull(origin.url());
    EXPECT_EQ(pulled.exit_code, 0) << pulled.notes;
    EXPECT_EQ(pulled.mails + pulled.left + pulled.repeated, 0U);
    EXPECT_EQ(pulled.trouble, "");
}

TEST(Chain, TheSummaryCountsMailsRecipientsAndBytes) {
    Origin origin;
    const std::string text = mail("counted");
    origin.put(text, {"a@example.com", "b@example.com"});
    origin.put(mail(), {"c@example.com"});
    const rig::SmtpSink sink(on_a_port());
    const Pulled pulled = PullingHost::to_port(sink.port()).pull(origin.url(), {"--count", "1"});
    EXPECT_EQ(pulled.mails, 2U);
    EXPECT_EQ(pulled.delivered, 3U);
    EXPECT_EQ(pulled.failed + pulled.deferred + pulled.repeated + pulled.possible_duplicates + pulled.left,
              0U);
    EXPECT_GT(pulled.bytes, 2 * text.size());
}

TEST(Chain, AFollowerTakesNewMailsAndEndsCleanlyWhenAsked) {
    Origin origin;
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    const rig::Process follower = host.start(origin.url(), {"--follow", "--every", "1"});
    for (std::size_t count = 1; count <= 3; ++count) {
        origin.put(mail());
        ASSERT_TRUE(wait_until([&] { return sink.mails().size() == count; }, 30s));
    }
    follower.kill(SIGTERM);
    const Pulled pulled = host.ended(follower);
    EXPECT_EQ(pulled.exit_code, 0) << pulled.notes;
    EXPECT_EQ(pulled.mails, 3U);
    EXPECT_EQ(origin.in_box(), 0U);
}

TEST(Chain, AFollowerOutlivesTheServersAbsence) {
    Origin origin;
    const std::string url = origin.url();
    origin.web().kill9();
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    const rig::Process follower = host.start(url, {"--follow", "--every", "1"});
    origin.put(mail());
    origin.web().start();
    EXPECT_TRUE(wait_until([&] { return sink.mails().size() == 1; }, 30s));
    follower.kill(SIGTERM);
    EXPECT_EQ(host.ended(follower).exit_code, 0);
}

TEST(Chain, PostOfficesOwnPullerGetsItsFormAndEmptiesTheBox) {
    OriginOptions options;
    options.box = "legacy = true";
    Origin origin(options);
    origin.put(mail("legacy"), {"a@example.com", "b@example.com"});
    rig::HttpClient client("inet:127.0.0.1:" + std::to_string(origin.web_port()),
                           {{"Authorization", "Basic YW5uOnBhc3M6d29yZA=="}});
    const auto answer = client.get("/boxes/web/postoffice");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto mails = boost::json::parse(answer.body).as_array();
    ASSERT_THAT(mails, SizeIs(1));
    EXPECT_EQ(mails[0].at("mail_from"), "ann@example.com");
    EXPECT_EQ(mails[0].at("rcpt_tos"), boost::json::parse(R"(["a@example.com","b@example.com"])"));
    EXPECT_EQ(mails[0].at("subject"), "legacy");
    EXPECT_THAT(std::string(mails[0].at("body").as_string()), HasSubstr("Hello."));
    EXPECT_TRUE(wait_until([&] { return origin.in_box() == 0; }));
    EXPECT_EQ(client.get("/boxes/web/postoffice").body, "[]");
    EXPECT_EQ(PullingHost::to_port(1).pull(origin.url()).mails, 0U);
}

}  // namespace
}  // namespace mailrota::e2e
