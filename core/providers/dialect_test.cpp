#include "core/providers/dialect.h"

#include <array>

#include "core/providers/raw_mail_fixture.h"

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;

constexpr std::array kinds{Kind::sendgrid, Kind::mailgun,   Kind::mandrill, Kind::ses,
                           Kind::postmark, Kind::sparkpost, Kind::resend};

TEST(Dialect, IsThereForAllKindsButSmtp) {
    for (const Kind kind : kinds) {
        const auto dialect = make_dialect(raw_settings(kind), {"key", "access", "secret"});
        ASSERT_NE(dialect, nullptr) << static_cast<int>(kind);
        EXPECT_FALSE(dialect->traits().null_sender) << "no API can be told of it";
        EXPECT_GT(dialect->traits().max_recipients, 0U);
        EXPECT_GT(dialect->traits().max_size, 0U);
        EXPECT_THAT(dialect->probe().url, testing::StartsWith("https://api.example.com/"));
    }
    EXPECT_EQ(make_dialect(raw_settings(Kind::smtp), {}), nullptr);
}

TEST(Dialect, TakesNoGarbageForASuccess) {
    for (const Kind kind : kinds) {
        const auto dialect = make_dialect(raw_settings(kind), {"key", "access", "secret"});
        for (const ErrorCase& one : garbage()) {
            // SendGrid's 202 has no body.
            if (kind == Kind::sendgrid && one.status == 202) continue;
            const Answer answer = dialect->read_send(raw_outgoing(), http_answer(one.status, one.body));
            EXPECT_NE(static_cast<int>(answer.recipients.at(0).kind), static_cast<int>(AnswerKind::accepted))
                << static_cast<int>(kind) << " " << one.status << " " << one.body.substr(0, 80);
            EXPECT_FALSE(dialect->read_probe(http_answer(one.status, one.body)).works && one.status >= 300);
        }
    }
}

TEST(Dialect, SendsTheSameBytesAtEveryTry) {
    for (const Kind kind : kinds) {
        const auto dialect = make_dialect(raw_settings(kind), {"key", "access", "secret"});
        const Outgoing mail = raw_outgoing();
        const HttpRequest first = dialect->send(mail).value();
        const HttpRequest second = dialect->send(mail).value();
        EXPECT_EQ(first.url, second.url);
        EXPECT_EQ(first.headers, second.headers);
        if (const auto* body = std::get_if<std::string>(&first.body))
            EXPECT_EQ(*body, std::get<std::string>(second.body));
        else
            EXPECT_EQ(std::get<std::vector<HttpRequest::FormPart>>(first.body).back().value,
                      std::get<std::vector<HttpRequest::FormPart>>(second.body).back().value);
        EXPECT_EQ(mail.message.bytes(), plain_mail);
    }
}

TEST(Dialect, AnswersUncertainOnceTheBodyMayHaveArrived) {
    const Outgoing two = raw_outgoing(plain_mail, {"c@example.net", "d@example.net"});
    const Answer before = read_failure(two, {false, "could not connect to api.example.com"});
    const Answer after = read_failure(two, {true, "reset"});
    ASSERT_EQ(before.recipients.size(), 2U);
    EXPECT_EQ(before.recipients[1].kind, AnswerKind::temporary);
    EXPECT_EQ(before.recipients[1].words, "could not connect to api.example.com");
    EXPECT_EQ(after.recipients[1].kind, AnswerKind::uncertain);
}

}  // namespace
}  // namespace mailrota::providers
