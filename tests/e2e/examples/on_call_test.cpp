// Boots postfix-examples/on-call as it stands, with a fake Twilio that plays sixty times as fast as life.
#include <gmock/gmock.h>

#include "tests/e2e/examples/example.h"
#include "tests/e2e/examples/provider_scene.h"
#include "tests/rig/fake_twilio.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* ann = "+15550100101";
constexpr const char* ben = "+15550100102";
constexpr const char* cho = "+15550100103";

PostfixOptions with_lines() {
    PostfixOptions options;
    options.main_lines = lines(example_file("on-call", "main.cf"));
    return options;
}

MessageText emergency(const std::string& ticket = "4711") {
    auto mail = MessageText::fresh("[archive - Support #" + ticket + "] Volume is empty");
    mail.from = "redmine@example.com";
    mail.to = "ops@example.com";
    mail.more = {{"X-Redmine-Issue-Id", ticket}, {"X-Redmine-Project", "archive"}};
    mail.body = "Issue #" + ticket +
                " has been updated by Lena Orth.\n\nPriority changed from Medium to Emergency (Critical)\n";
    return mail;
}

MessageText answer_to(const MessageText& mail) {
    auto answer = MessageText::reply_to(mail);
    answer.from = mail.from;
    answer.to = mail.to;
    answer.more = mail.more;
    answer.body =
        "Issue #4711 has been updated by Rolf Imhoff.\n\nI look at it.\n\n-----Original Message-----\n"
        "From: Redmine [mailto:redmine@example.com]\nSent: Friday, November 20, 2026 8:15 AM\n"
        "To: ops@example.com\nSubject: Volume is empty\n\n" +
        mail.body;
    return answer;
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

class OnCall : public testing::Test {
  protected:
    OnCall() {
        FakePhoneAccount account;
        account.speed = 60;
        account.routes = {{"https://mail.example.com", "http://127.0.0.1:" + std::to_string(web_port)}};
        twilio.set(account);
    }

    std::string config(const std::string& redial = "") const {
        const auto spool = postfix.folder() / "spool";
        make_socket_folder(spool);
        std::filesystem::create_directories(folder / "secrets");
        write_secret(folder / "secrets/twilio-key", twilio.key_secret());
        write_secret(folder / "secrets/twilio-token", twilio.auth_token());
        auto text = replaced(example_file("on-call", "mailrota.toml"), "/var/spool/postfix", spool.string());
        text = replaced(text, "/etc/mailrota/secrets", (folder / "secrets").string());
        text = replaced(text, "AC00000000000000000000000000000000", twilio.account_sid());
        text = replaced(text, "SK00000000000000000000000000000000\"",
                        twilio.key_sid() + "\"\nbase_url = \"" + twilio.base_url() + "\"");
        text = replaced(text, "127.0.0.1:25\"", "127.0.0.1:" + std::to_string(postfix.port()) + "\"");
        if (!redial.empty())
            text = replaced(text, "wait = \"5m\"", "wait = \"5m\", redial = \"" + redial + "\"");
        return text + "\n[web]\nsocket = \"inet:127.0.0.1:" + std::to_string(web_port) + "\"\n";
    }
    void send(const MessageText& mail) {
        const auto taken = SmtpClient::to_port(postfix.port()).send_mail(mail.from, {mail.to}, mail.text());
        ASSERT_TRUE(taken.accepted()) << postfix.log();
    }

    const int web_port = free_port();
    TemporaryFolder folder;
    FakeProviders fakes;
    FakeTwilio twilio{fakes};
    Postfix postfix{with_lines()};
    const std::vector<std::string> programs_of_calls = {"mailrota-milter", "mailrota-worker", "mailrota-web"};
};

TEST_F(OnCall, AnEmergencyRingsWhoIsOnDutyOnce) {
    twilio.script("", {{.digits = {"1"}}});
    const ExamplePrograms programs(config(), programs_of_calls);
    const auto mail = emergency();
    send(mail);
    const auto logs = [&] { return postfix.log() + programs.log(); };
    const auto calls = twilio.wait_for_ended_calls();
    ASSERT_THAT(calls, SizeIs(1)) << logs();
    EXPECT_THAT(calls[0].to, AnyOf(ann, ben));
    EXPECT_THAT(calls[0].words(), AllOf(HasSubstr("Emergency ticket 4 7 1 1, project archive"),
                                        HasSubstr("raised by Lena Orth"), HasSubstr("Acknowledged")));
    send(answer_to(mail));
    EXPECT_THAT(postfix.wait_for_mail("ops", 2), SizeIs(2)) << logs();
    EXPECT_EQ(count(programs.log(), " alert "), 1) << logs();
    EXPECT_THAT(twilio.notices(), IsEmpty());
}

TEST_F(OnCall, TheBackupIsCalledAfterThreeTriesAndTheFallbackIsTold) {
    twilio.script("", {{.end = "no-answer", .ring = 1}});
    twilio.script(cho, {{.end = "busy", .ring = 1}}, {.status = "failed"});
    const ExamplePrograms programs(config("1s"), programs_of_calls);
    send(emergency());
    const auto told = postfix.wait_for_mail("operations", 1, std::chrono::seconds(90));
    ASSERT_THAT(told, SizeIs(1)) << postfix.log() << programs.log();
    EXPECT_THAT(told[0], HasSubstr("Emergency ticket 4711"));
    EXPECT_THAT(twilio.calls(), SizeIs(5));
    EXPECT_THAT(twilio.calls_to(cho), SizeIs(2));
    EXPECT_THAT(twilio.messages(), SizeIs(2));
}

}  // namespace
}  // namespace mailrota::rig
