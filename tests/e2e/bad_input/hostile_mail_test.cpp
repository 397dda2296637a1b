#include "tests/e2e/raw_milter/offer.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MilterMessage with_content(const std::string& type, std::string body) {
    auto message = mail_to({"orders@example.com"});
    message.headers.emplace_back("MIME-Version", "1.0");
    message.headers.emplace_back("Content-Type", type);
    message.body = std::move(body);
    return message;
}

/// A multipart in a multipart and so on, with a text in the innermost.
MilterMessage nested(int depth) {
    std::string body;
    for (int level = 0; level < depth; ++level) {
        const auto inner =
            level + 1 < depth ? "multipart/mixed; boundary=b" + std::to_string(level + 1) : "text/plain";
        body += "--b" + std::to_string(level) + "\r\nContent-Type: " + inner + "\r\n\r\n";
    }
    return with_content("multipart/mixed; boundary=b0", body + "innermost words\r\n");
}

std::string body_rule(const std::string& pattern, const std::string& on_limit) {
    return "[[rule]]\nname = \"words\"\nwhen.body = '" + pattern + "'\n" +
           (on_limit.empty() ? "" : "on_limit = \"" + on_limit + "\"\n") +
           "then = [{ redirect = \"ann@example.com\" }]\n";
}

struct OnLimit {
    const char* name;
    const char* setting;
    const char* recipient;  ///< whom the mail goes to; nothing: deferred
};
void PrintTo(const OnLimit& limit, std::ostream* out) { *out << limit.name; }

class Limit : public testing::TestWithParam<OnLimit> {
  protected:
    static void expect_as_set(const MailrotaMilter& milter, const MilterMessage& message) {
        const auto outcome = offer(milter, message);
        if (*GetParam().recipient != '\0') {
            EXPECT_THAT(outcome.final_recipients(message), ElementsAre(GetParam().recipient))
                << outcome.verdict.text;
        } else {
            EXPECT_THAT(outcome.verdict.text, HasSubstr("451 "));
        }
        EXPECT_THAT(lines_with(milter.log(), "alarm "), ElementsAre(HasSubstr("words"))) << milter.log();
        EXPECT_THAT(recipients_of(milter, mail_to({"zoe@example.com"})), ElementsAre("zoe@example.com"));
    }
};

TEST_P(Limit, APatternThatBacktracksForEver) {
    const MailrotaMilter milter(configuration(body_rule("/^(a+)+$/", GetParam().setting)));
    auto message = mail_to({"orders@example.com"});
    message.body = std::string(5'000, 'a') + "!\r\n";
    expect_as_set(milter, message);
}

TEST_P(Limit, AThousandNestedParts) {
    const MailrotaMilter milter(configuration(body_rule("/no such words/", GetParam().setting)));
    expect_as_set(milter, nested(1000));
}

INSTANTIATE_TEST_SUITE_P(Settings, Limit,
                         testing::Values(OnLimit{"Default", "", ""}, OnLimit{"Defer", "defer", ""},
                                         OnLimit{"Match", "match", "ann@example.com"},
                                         OnLimit{"NoMatch", "no-match", "orders@example.com"}),
                         [](const auto& limit) { return limit.param.name; });

TEST(Nested, WithinTheLimitIsReadToTheEnd) {
    const MailrotaMilter milter(configuration(body_rule("/innermost words/", "")));
    EXPECT_THAT(recipients_of(milter, nested(20)), ElementsAre("ann@example.com"));
}

TEST(Nested, IsNoMatterToRecipientRules) {
    const MailrotaMilter milter(configuration(orders_rota));
    EXPECT_THAT(recipients_of(milter, nested(1000)), ElementsAre("ann@example.com"));
}

TEST(BrokenMime, IsDecidedAndKillsNothing) {
    const MailrotaMilter milter(
        configuration(body_rule("/no such words/", "no-match") + std::string(orders_rota)));
    const std::string endless_boundary = "multipart/mixed; boundary=" + std::string(5'000, 'b');
    for (const auto& message :
         {with_content("multipart/mixed", "no boundary\r\n"),
          with_content("multipart/mixed; boundary=\"\"", "--\r\n--\r\n"),
          with_content(endless_boundary, "--b\r\n"),
          with_content("text/plain; charset=no-such-set", "\xff\xfe\x00\x80"),
          with_content("message/rfc822",
                       "Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n"),
          with_content("text/html", "<" + std::string(100'000, '<') + "\r\n"),
          with_content("\xff\xff/\r\n", std::string(1'000, '\0')), with_content("", "")}) {
        const auto outcome = offer(milter, message);
        EXPECT_EQ(outcome.verdict.kind, 'c') << outcome.verdict.text;
        EXPECT_EQ(outcome.final_recipients(message).size(), 1U);
        ASSERT_TRUE(milter.running()) << milter.log();
    }
}

TEST(Encodings, BrokenOnesAreDecided) {
    const MailrotaMilter milter(
        configuration(body_rule("/no such words/", "no-match") + std::string(orders_rota)));
    for (const char* encoding :
         {"base64", "quoted-printable", "x-uuencode", "8bit", "binary", "no-such", "", "\x01"}) {
        auto message = with_content("text/plain", "=\r\n=ZZ===\r\n!!!!\xff\r\nbegin 644 x\r\n");
        message.headers.emplace_back("Content-Transfer-Encoding", encoding);
        EXPECT_EQ(recipients_of(milter, message).size(), 1U) << encoding;
        ASSERT_TRUE(milter.running()) << encoding;
    }
}

TEST(Headers, EveryByteMayComeInNamesAndValues) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
then = [{ add_header = { name = "X-Subject", value = "{subject}" } }]
)" + std::string(orders_rota)));
    for (int byte = 1; byte < 256; ++byte) {
        auto message = mail_to({"orders@example.com"});
        const std::string text = std::string("a") + static_cast<char>(byte) + "b";
        message.headers.emplace_back(text, text);
        for (auto& [name, value] : message.headers)
            if (name == "Subject") value = text + "=?utf-8?q?=0D=0AX-Evil:_1=00?=";
        const auto outcome = offer(milter, message);
        ASSERT_EQ(outcome.final_recipients(message).size(), 1U) << byte << outcome.verdict.text;
        for (const auto& value : added_headers(outcome, "X-Subject")) {
            EXPECT_EQ(value.find('\r'), std::string::npos) << byte;
            EXPECT_THAT(value, Not(HasSubstr("\nX-Evil"))) << byte;
        }
    }
}

TEST(Addresses, OddOnesPassUntouched) {
    const MailrotaMilter milter(configuration(orders_rota));
    auto message = mail_to({});
    message.recipients = {{"<>"},
                          {""},
                          {"<@@@>"},
                          {"<a@b@c>"},
                          {"<\"unclosed@example.com>"},
                          {"<" + std::string(5'000, 'x') + "@example.com>"},
                          {"<\xff\xfe@\xff>"},
                          {"<a\rb@example.com>"}};
    const auto outcome = offer(milter, message);
    EXPECT_EQ(outcome.verdict.kind, 'c') << outcome.verdict.text;
    EXPECT_THAT(outcome.edits, IsEmpty());
}

}  // namespace
}  // namespace mailrota::rig
