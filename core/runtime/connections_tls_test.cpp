#include <gmock/gmock.h>

#include <atomic>

#include "core/runtime/connections.h"
#include "core/runtime/connections_fixture.h"
#include "core/runtime/scripted_server_fixture.h"
#include "tests/rig/certificates.h"

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;
using config::Endpoint;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Outcome = wire::SmtpResult::Outcome;
using Security = Endpoint::Security;
using Stage = wire::SmtpResult::Stage;

constexpr std::string_view plain = "AUTH PLAIN AHVzZXIAc2VjcmV0";  // "\0user\0secret"

const rig::Certificates& certificates() {
    static const rig::Certificates made;
    return made;
}

// A submission server: what it says at each step may be changed, what it heard is kept in clear text.
struct Submission {
    explicit Submission(Security the_security) : security(the_security) {}
    ~Submission() { sending.close(); }

    Sent send(const std::string& text = "Subject: x\r\n\r\nbody\r\n") {
        Accounts accounts;
        accounts["provider"] = {user, "secret", trusted};
        sending.connections.use_accounts(std::make_shared<const Accounts>(accounts));
        Endpoint endpoint{Endpoint::Protocol::smtp, host, static_cast<std::uint16_t>(server.port()), ""};
        endpoint.security = security;
        endpoint.account = account;
        return sending.send(endpoint, mail_to({"a@example.com", "b@example.com"}, text), limit);
    }

    Security security;
    std::chrono::seconds limit{10};
    std::string host = "127.0.0.1";
    std::string account = "provider";
    std::string user = "user";
    const rig::Certificates* shown = &certificates();
    std::string trusted = certificates().authority();
    std::string hello = "250-x\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 DSN";
    std::string starttls = "220 go";
    std::string login = "235 welcome";
    std::string final_reply = "250 2.0.0 taken";
    bool mute_at_handshake = false;
    std::vector<std::string> in_clear;
    std::vector<std::string> in_tls;
    std::string content;
    std::atomic<int> handshakes = 0;
    Sending sending;
    ScriptedServer server{[this](rig::Connection& connection, int) { serve(connection); }, 100,
                          ScriptedServer::Over::port};

  private:
    bool secure(rig::Connection& connection) {
        if (mute_at_handshake) return connection.wait_for_close(), false;
        ++handshakes;
        return connection.accept_tls(shown->certificate(), shown->key());
    }
    void serve(rig::Connection& connection) {
        bool secured = security == Security::tls;
        if (secured && !secure(connection)) return;
        connection.write("220 hi\r\n");
        while (const auto line = connection.read_line()) {
            (secured ? in_tls : in_clear).push_back(*line);
            if (*line == "QUIT") return;
            if (line->starts_with("EHLO")) {
                connection.write(hello + "\r\n");
            } else if (*line == "STARTTLS") {
                connection.write(starttls + "\r\n");
                if (!starttls.starts_with("220")) continue;
                secured = true;
                if (!secure(connection)) return;
            } else if (line->starts_with("AUTH")) {
                connection.write(login + "\r\n");
            } else if (*line == "DATA") {
                connection.write("354 go\r\n");
                content = read_data(connection);
                if (final_reply.empty()) return;
                connection.write(final_reply + "\r\n");
            } else {
                connection.write("250 ok\r\n");
            }
        }
    }
};

void expect_all(const Sent& sent, Outcome outcome, Stage stage) {
    ASSERT_EQ(sent.results.size(), 2U);
    for (const wire::SmtpResult& result : sent.results) {
        EXPECT_EQ(result.outcome, outcome) << wire::to_line(result.reply);
        EXPECT_EQ(result.stage, stage) << wire::to_line(result.reply);
        EXPECT_THAT(result.reply.text, Not(HasSubstr("secret")));
    }
}

TEST(ConnectionsTls, SecuresLogsInAndKeepsTheConnection) {
    const std::string large = "A: b\r\n\r\n" + std::string(3'000'000, 'x') + "\r\n";
    for (const Security security : {Security::starttls, Security::tls}) {
        Submission submission(security);
        EXPECT_THAT(texts(submission.send(large)), Each("done 250 2.0.0 taken"));
        EXPECT_EQ(submission.content, large);
        const Sent again = submission.send();
        EXPECT_THAT(texts(again), Each("done 250 2.0.0 taken"));
        EXPECT_TRUE(again.reused);
        EXPECT_EQ(submission.handshakes, 1);
        EXPECT_EQ(submission.in_tls.at(1), plain);
        EXPECT_EQ(submission.in_clear, security == Security::tls
                                           ? std::vector<std::string>()
                                           : std::vector<std::string>({"EHLO me.test", "STARTTLS"}));
    }
}

TEST(ConnectionsTls, WithoutAUserNobodyLogsIn) {
    Submission submission(Security::starttls);
    submission.user.clear();
    EXPECT_THAT(texts(submission.send()), Each("done 250 2.0.0 taken"));
    EXPECT_THAT(submission.in_tls.at(1), StartsWith("MAIL"));
}

TEST(ConnectionsTls, NoMailGoesOutWhereStartTlsIsMissingOrRefused) {
    Submission stripped(Security::starttls);
    stripped.hello = "250-x\r\n250 AUTH PLAIN";
    const Sent sent = stripped.send();
    expect_all(sent, Outcome::deferred, Stage::tls);
    EXPECT_THAT(texts(sent), Each(HasSubstr("4.7.5 smtp:127.0.0.1:")));
    EXPECT_THAT(texts(sent), Each(HasSubstr("does not offer STARTTLS")));
    EXPECT_THAT(stripped.in_clear, ElementsAre("EHLO me.test"));
    Submission refused(Security::starttls);
    refused.starttls = "454 4.7.0 no TLS today";
    expect_all(refused.send(), Outcome::deferred, Stage::tls);
    Submission injected(Security::starttls);
    injected.starttls = "220 go\r\n250 mine";
    expect_all(injected.send(), Outcome::deferred, Stage::tls);
    EXPECT_THAT(injected.in_tls, IsEmpty());
}

TEST(ConnectionsTls, TheCertificateMustBeTheHostsAndTrusted) {
    for (const Security security : {Security::starttls, Security::tls}) {
        Submission untrusted(security);
        untrusted.trusted.clear();
        const Sent sent = untrusted.send();
        expect_all(sent, Outcome::deferred, Stage::tls);
        EXPECT_THAT(texts(sent), Each(HasSubstr("certificate")));
        EXPECT_THAT(untrusted.in_tls, IsEmpty());

        const rig::Certificates strange("DNS:another.example.com");
        Submission of_another(security);
        of_another.shown = &strange;
        of_another.trusted = strange.authority();
        const Sent refused = of_another.send();
        expect_all(refused, Outcome::deferred, Stage::tls);
        EXPECT_THAT(texts(refused), Each(HasSubstr("IP address mismatch")));
        EXPECT_THAT(of_another.in_tls, IsEmpty());

        Submission by_name(security);
        by_name.host = "localhost";
        EXPECT_THAT(texts(by_name.send()), Each("done 250 2.0.0 taken"));
    }
}

TEST(ConnectionsTls, ARefusedLoginFailsAndNoMailGoesOut) {
    for (const std::string reply : {"535 5.7.8 wrong", "530 5.7.0 no", "534 5.7.9 weak"}) {
        Submission submission(Security::starttls);
        submission.login = reply;
        const Sent sent = submission.send();
        expect_all(sent, Outcome::failed, Stage::login);
        EXPECT_THAT(texts(sent), Each("failed " + reply));
        EXPECT_THAT(submission.in_tls, ElementsAre("EHLO me.test", plain));
    }
    Submission later(Security::tls);
    later.login = "454 4.7.0 later";
    expect_all(later.send(), Outcome::deferred, Stage::login);
    Submission silent(Security::tls);
    silent.hello = "250 x";
    expect_all(silent.send(), Outcome::failed, Stage::login);
}

TEST(ConnectionsTls, WithoutItsLoginOrItsCertificatesAnEndpointIsNotAsked) {
    Submission unknown(Security::tls);
    unknown.account = "another";
    const Sent sent = unknown.send();
    expect_all(sent, Outcome::failed, Stage::login);
    EXPECT_THAT(texts(sent), Each("failed 550 5.3.5 there is no login for another"));
    Submission unreadable(Security::tls);
    unreadable.trusted = "/nowhere/ca.pem";
    expect_all(unreadable.send(), Outcome::deferred, Stage::tls);
    EXPECT_EQ(unknown.server.connections() + unreadable.server.connections(), 0);
}

TEST(ConnectionsTls, AChangedLoginIsUsedAtOnce) {
    Submission submission(Security::tls);
    submission.send();
    submission.user = "other";
    EXPECT_FALSE(submission.send().reused);
    EXPECT_EQ(submission.handshakes, 2);
}

TEST(ConnectionsTls, ALossAfterTheFinalDotIsUncertain) {
    Submission submission(Security::starttls);
    submission.final_reply.clear();
    expect_all(submission.send(), Outcome::uncertain, Stage::data);
}

TEST(ConnectionsTls, AServerThatIsMuteInTheHandshakeIsLeftInTime) {
    for (const Security security : {Security::starttls, Security::tls}) {
        Submission submission(security);
        submission.mute_at_handshake = true;
        submission.limit = 1s;
        const auto start = std::chrono::steady_clock::now();
        expect_all(submission.send(), Outcome::deferred, Stage::tls);
        EXPECT_LT(std::chrono::steady_clock::now() - start, 8s);
    }
}

}  // namespace
}  // namespace mailrota::runtime
