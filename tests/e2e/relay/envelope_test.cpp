#include <set>
#include <tuple>

#include "tests/e2e/relay/scene.h"
#include "tests/rig/wait.h"

// Who gets a mail, and what steers it.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;

std::vector<std::string> at_each(const std::string& name) {
    std::vector<std::string> all;
    for (const auto& kind : http_kinds()) all.push_back(name + "@" + kind + ".example.net");
    return all;
}

std::string mail_of(const std::string& to, const std::string& more, const std::string& body = "Hello.\n") {
    static int count = 0;
    return "From: ann@example.com\nTo: " + to + "\nSubject: hello\nMessage-ID: <envelope." +
           std::to_string(++count) + "@example.com>\n" + more + "\n" + body;
}

/// Mail to KIND.example.net goes to the provider of that kind; to smtp.example.net, to an SMTP server.
class RelayEnvelope : public RelayTest {
  protected:
    Scene& each_provider(const std::string& more = "") {
        const std::string own =
            "[provider.own]\nkind = \"smtp\"\nhost = \"127.0.0.1:" + std::to_string(server_.port()) +
            "\"\nsecurity = \"none\"\n" + "[rota.own]\n" + "members = [{ provider = \"own\" }]\n";
        return scene(
            {.providers = http_kinds(),
             .of_listener = "max_recipients = 2000",
             .more = own + more + rota_of_each(http_kinds()) +
                     "[[rule]]\nwhen.rcpt = \"@smtp.example.net\"\nthen = [{ relay = \"own\" }]\n"
                     "[[rule]]\nwhen.rcpt = \"@any.example.net\"\nthen = [{ relay = \"outbound\" }]\n"});
    }
    std::vector<rig::SinkMail> by_smtp(std::size_t count = 1) const {
        rig::wait_until([&] { return server_.mails().size() >= count; }, std::chrono::seconds(20));
        return server_.mails();
    }

    rig::SmtpSink server_{{.socket = rig::SmtpSinkOptions::Socket::inet}};
};

TEST_F(RelayEnvelope, Case01_WhoIsInTheHeaderOnlyGetsNothingByAnyTransport) {
    auto& host = each_provider();
    auto recipients = at_each("a");
    std::string header;
    for (const auto& one : recipients) header += one + ", ";
    const auto replies =
        host.send(mail_of(header + "a@smtp.example.net", "Cc: b@example.org, c@any.example.net\n"),
                  {recipients.begin(), recipients.end()});
    EXPECT_THAT(replies, Each(StartsWith("250 2.0.0 accepted by ")));
    EXPECT_THAT(recipients_of(fakes().mails()), UnorderedElementsAreArray(recipients));
    EXPECT_THAT(host.send_one(mail_of("a@smtp.example.net", "Cc: b@example.org\n"), "a@smtp.example.net"),
                StartsWith("250"));
    const auto sent = by_smtp();
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_THAT(sent[0].recipients, ElementsAre(StartsWith("<a@smtp.example.net>")));
    EXPECT_THAT(sent[0].sender, StartsWith("<ann@example.com>"));
}

TEST_F(RelayEnvelope, Case02_ABlindRecipientIsDeliveredToAndNamedNowhere) {
    auto& host = each_provider();
    const auto recipients = at_each("blind");
    std::string header;
    for (const auto& one : recipients) header += one + ", ";
    const std::string secret =
        "Bcc: " + header + "\n blind@smtp.example.net\nResent-Bcc: other@example.org\n";
    EXPECT_THAT(host.send(mail_of("list@example.org", secret), recipients), Each(StartsWith("250")));
    EXPECT_THAT(recipients_of(fakes().mails()), UnorderedElementsAreArray(recipients));
    for (const auto& mail : fakes().mails()) {
        EXPECT_THAT(mail.content, AllOf(Not(HasSubstr("Bcc")), Not(HasSubstr("other@")))) << mail.provider;
        EXPECT_THAT(mail.given, Not(HasSubstr("Bcc"))) << mail.provider;
    }
    host.send_one(mail_of("list@example.org", secret), "blind@smtp.example.net");
    const auto sent = by_smtp();
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_THAT(sent[0].content, AllOf(HasSubstr("To: list@example.org"), Not(HasSubstr("blind@"))));
}

TEST_F(RelayEnvelope, Case03_OneCopyForOneAddressHoweverItIsSpelled) {
    auto& host = each_provider();
    for (const auto& kind : http_kinds()) {
        const std::string domain = "@" + kind + ".example.net";
        const auto replies = host.send(mail_of("Bob" + domain, "Cc: BOB" + domain + "\n"),
                                       {"bob" + domain, "BOB" + domain, "eve" + domain});
        EXPECT_THAT(replies, Each(StartsWith("250"))) << kind;
        const auto mails = fakes().mails();
        std::multiset<std::string> got;
        for (const auto& mail : mails) got.insert(mail.recipient.substr(1, 2));
        EXPECT_THAT(got, ElementsAre("ob", "ve")) << kind;
        fakes().clear();
    }
}

TEST_F(RelayEnvelope, Case03_MoreRecipientsThanACallTakesGoInSeveralCalls) {
    auto& host = each_provider();
    const auto many = [](const std::string& domain, int count) {
        std::vector<std::string> all;
        for (int i = 0; i < count; ++i) all.push_back("r" + std::to_string(i) + "@" + domain);
        return all;
    };
    for (const auto& [kind, count, calls] : {std::tuple{"ses", 51, 2},
                                             {"postmark", 51, 2},
                                             {"sendgrid", 1001, 2},
                                             {"mailgun", 1001, 2},
                                             {"resend", 3, 3}}) {  // its events name one recipient only
        const auto recipients = many(std::string(kind) + ".example.net", count);
        EXPECT_THAT(host.send(mail_of(recipients[0], ""), recipients), Each(StartsWith("250"))) << kind;
        EXPECT_EQ(fakes().calls(kind).sending, calls) << kind;
        EXPECT_THAT(recipients_of(fakes().mails()), UnorderedElementsAreArray(recipients)) << kind;
        fakes().clear();
    }
}

TEST_F(RelayEnvelope, Case04_ABraceInTheSubjectIsNotGivenToATemplateEngine) {
    auto& host = each_provider(
        "[rota.outer]\nmembers = [{ provider = \"sparkpost\" }, { provider = \"mailgun\" }]\n"
        "[[rule]]\nwhen.rcpt = \"@outer.example.net\"\nthen = [{ relay = \"outer\" }]\n");
    const std::string mail =
        "From: ann@example.com\nTo: x@example.net\nSubject: {{x}} for you\n\nHi {{name}}\n";
    EXPECT_THAT(host.send_one(mail, "bob@sparkpost.example.net"),
                AllOf(StartsWith("554 5.6.0 "), HasSubstr("{{ in the header")));
    EXPECT_THAT(host.send_one(mail, "bob@outer.example.net"), StartsWith("250 2.0.0 accepted by mailgun"));
    EXPECT_EQ(fakes().calls("sparkpost").sending, 0);
    const std::string in_body = "From: ann@example.com\nTo: x@example.net\nSubject: hi\n\nHi {{name}}\n";
    EXPECT_THAT(host.send_one(in_body, "bob@sparkpost.example.net"), StartsWith("250"));
    EXPECT_THAT(fakes().mailbox("bob@sparkpost.example.net").at(0).content, HasSubstr("Hi {{name}}"));
}

TEST_F(RelayEnvelope, Case05_NoHeaderFieldOfTheMailSteersAProvider) {
    auto& host = each_provider();
    const std::string control =
        "X-MC-BccAddress: spy@example.org\nX-MC-Subaccount: other\nX-SMTPAPI: "
        "{\"to\":[\"spy@example.org\"]}\n"
        "X-MSYS-API: {\"cc\":[{\"email\":\"spy@example.org\"}]}\nX-Mailgun-Drop-Message: yes\n"
        "X-Mailgun-Recipient-Variables: {}\nX-SES-CONFIGURATION-SET: other\nX-PM-Tag: other\n"
        "x-mj-campaign: other\nX-Mailin-Tag: other\nX-Kept: yes\n";
    const auto recipients = at_each("bob");
    EXPECT_THAT(host.send(mail_of("bob@example.net", control), recipients), Each(StartsWith("250")));
    EXPECT_THAT(recipients_of(fakes().mails()), UnorderedElementsAreArray(recipients));
    for (const auto& mail : fakes().mails()) {
        EXPECT_THAT(mail.given + mail.content + mail.extras,
                    AllOf(HasSubstr("X-Kept: yes"), Not(HasSubstr("spy@")), Not(HasSubstr("other"))))
            << mail.provider;
    }
}

TEST_F(RelayEnvelope, Case06_SealedMailGoesToWhoKeepsItWholeOrIsRefused) {
    auto& host = each_provider(
        "[rota.both]\nmembers = [{ provider = \"sendgrid\" }, { provider = \"own\" }]\n"
        "[[rule]]\nwhen.rcpt = \"@both.example.net\"\nthen = [{ relay = \"both\" }]\n");
    const std::string sealed =
        mail_of("bob@example.net",
                "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n"
                "Content-Transfer-Encoding: base64\n",
                "MIIBHgYJKoZIhvcNAQcDoIIBDzCCAQsCAQAxgcAwgb0CAQAwJjASMRAwDgYDVQQDEwdDYXJs\n");
    for (const auto* kind : {"sendgrid", "postmark", "resend"})
        EXPECT_THAT(host.send_one(sealed, "bob@" + std::string(kind) + ".example.net"),
                    AllOf(StartsWith("554 5.6.0 "), HasSubstr("S/MIME")));
    EXPECT_THAT(fakes().mails(), IsEmpty());
    EXPECT_THAT(host.send_one(sealed, "bob@both.example.net"), StartsWith("250 2.0.0 accepted by own"));
    const auto sent = by_smtp();
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_THAT(sent[0].content, HasSubstr("\n\nMIIBHgYJKoZIhvcNAQcDoIIBDzCCAQsC"));
}

TEST_F(RelayEnvelope, Case06_TheNullSenderIsRefusedByEveryApiAndTakenBySmtp) {
    auto& host = each_provider();
    for (const auto& reply : host.send(mail_of("bob@example.net", ""), at_each("bob"), "<>"))
        EXPECT_THAT(reply, StartsWith("554 5.6.0 No provider of only-"));
    EXPECT_THAT(host.send_one(mail_of("bob@example.net", ""), "bob@smtp.example.net", "<>"),
                StartsWith("250"));
    EXPECT_THAT(by_smtp().at(0).sender, StartsWith("<>"));
    EXPECT_THAT(fakes().mails(), IsEmpty());
}

}  // namespace
}  // namespace mailrota::e2e
