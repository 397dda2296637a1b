// Resend's JSON, the names of its errors, and the types of files that it would drop a mail for.
#include "core/providers/resend.h"

#include <gmock/gmock.h>

#include "core/providers/json_fixture.h"
#include "core/providers/resend_files.h"

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = RecipientAnswer::Kind;

std::unique_ptr<Dialect> dialect() {
    config::ProviderSettings settings;
    settings.base_url = "https://api.example.com";
    return make_resend(settings, {"KEY", "", ""});
}

std::string error(int status, const std::string& name, const std::string& words) {
    return R"({"statusCode":)" + std::to_string(status) + R"(,"name":")" + name + R"(","message":")" + words +
           "\"}";
}

TEST(Resend, SendsEveryPieceOfAMail) {
    const auto request = dialect()->send(full_mail());
    ASSERT_TRUE(request);
    EXPECT_EQ(request->url, "https://api.example.com/emails");
    EXPECT_EQ(header_of(*request, "Authorization"), "Bearer KEY");
    EXPECT_EQ(header_of(*request, "Idempotency-Key"), sample_id);
    const auto expected = boost::json::parse(R"({
        "from": "J\u00fcrgen <ann@example.com>",
        "to": ["\"Last, First\" <bob@example.net>"],
        "cc": ["Eve <EVE@example.net>"],
        "bcc": ["blind@example.net"],
        "reply_to": ["reply@example.com"],
        "subject": "\u00e9t\u00e9",
        "text": "\u00e9t\u00e9",
        "html": "<img src=\"cid:i@x\">",
        "headers": {"Message-ID": "<1@example.com>", "X-Tag": "one"},
        "tags": [{"name": "mailrota_id", "value": "0123456789abcdef0123456789abcdef"}],
        "attachments": [
            {"filename": "i.png", "content_type": "image/png", "content_id": "i@x", "content": "iVBORw=="},
            {"filename": "\u20ac.csv", "content_type": "text/csv; charset=utf-8", "content": "MSwy"}]})");
    EXPECT_EQ(body_of(request), expected) << body_of(request);
}

TEST(Resend, SaysNoTypeThatTheNameContradicts) {
    const Outgoing mail =
        outgoing("From: a@example.com\r\nContent-Type: application/octet-stream; name=x.pdf\r\n\r\n%PDF",
                 {"b@example.net"});
    const auto body = body_of(dialect()->send(mail));
    EXPECT_EQ(body.at("attachments"), boost::json::parse(R"([{"filename":"x.pdf","content":"JVBERg=="}])"));
    EXPECT_EQ(body.at("text"), " ");
    ASSERT_EQ(dialect()->losses(mail).size(), 1U);
    EXPECT_THAT(dialect()->losses(mail)[0].text, HasSubstr("type"));
    EXPECT_TRUE(fits_name({"x.JPG", "image/jpeg", "", "", false, ""}));
    EXPECT_TRUE(fits_name({"x.unknown", "application/x-unknown", "", "", false, ""}));
    EXPECT_FALSE(fits_name({"x.png", "image/jpeg", "", "", false, ""}));
    EXPECT_FALSE(fits_name({"README", "application/pdf", "", "", false, ""}));
}

TEST(Resend, GetsEachRecipientInACallOfHisOwn) {
    EXPECT_EQ(dialect()->traits().max_recipients, 1U);
    const auto losses = [](const std::string& to, std::vector<std::string> recipients) {
        return dialect()->losses(
            outgoing("From: a@example.com\r\nTo: " + to + "\r\n\r\nx", std::move(recipients)));
    };
    EXPECT_EQ(losses("b@example.net, c@example.net", {"b@example.net", "c@example.net"}).size(), 1U);
    EXPECT_TRUE(losses("b@example.net", {"b@example.net"}).empty());
    EXPECT_EQ(losses("undisclosed-recipients:;", {"b@example.net", "c@example.net"}),
              losses("undisclosed-recipients:;", {"b@example.net"}))
        << "there was nobody to be seen";
}

TEST(Resend, ClassesEachError) {
    expect_answers(*dialect(), full_mail(),
                   {{400, error(400, "validation_error", "bad field"), Kind::bad_message},
                    {422, error(422, "validation_error", "bad field"), Kind::bad_message},
                    {422, error(422, "missing_required_field", "no to"), Kind::bad_message},
                    {422, error(422, "invalid_attachment", "no content"), Kind::bad_message_here},
                    {451, error(451, "security_error", "blocked"), Kind::bad_message},
                    {401, error(401, "missing_api_key", "no key"), Kind::configuration},
                    {401, error(401, "restricted_api_key", "send only"), Kind::configuration},
                    {403, error(403, "invalid_api_key", "wrong key"), Kind::configuration},
                    {403, error(403, "validation_error", "verify a domain"), Kind::configuration, true},
                    {429, error(429, "rate_limit_exceeded", "2 a second"), Kind::temporary},
                    {429, error(429, "daily_quota_exceeded", "quota"), Kind::temporary},
                    {409, error(409, "concurrent_idempotent_requests", "later"), Kind::uncertain},
                    {409, error(409, "invalid_idempotent_request", "other body"), Kind::uncertain},
                    {500, error(500, "application_error", "oops"), Kind::uncertain},
                    {500, error(500, "validation_error", "odd"), Kind::uncertain},
                    {200, "{}", Kind::uncertain},
                    {200, "<html>", Kind::uncertain},
                    {400, "<html>", Kind::bad_message_here}});
    EXPECT_EQ(dialect()->read_send(full_mail(), {200, {}, R"({"id":"r1"})"}).recipients[2],
              (RecipientAnswer{Kind::accepted, "r1", "", ""}));
}

TEST(Resend, RefusesTheAddressesOfTheFieldThatItNames) {
    const auto told = [](const Outgoing& mail, const char* field) {
        return kinds(dialect()->read_send(
            mail, {422, {}, error(422, "validation_error", "Invalid `" + std::string(field) + "` field.")}));
    };
    EXPECT_THAT(told(full_mail(), "cc"), ElementsAre(Kind::unsent, Kind::bad_recipient, Kind::unsent));
    EXPECT_THAT(told(full_mail(), "from"),
                ElementsAre(Kind::bad_message, Kind::bad_message, Kind::bad_message));
    const Outgoing two_blind = outgoing(plain_bytes(), {"bob@example.net", "c@example.net", "d@example.net"});
    EXPECT_THAT(told(two_blind, "bcc"), ElementsAre(Kind::unsent, Kind::unsent, Kind::unsent));
}

TEST(Resend, WaitsLongForAQuotaAndAsToldForARate) {
    const auto delay = [](const char* name) {
        return dialect()
            ->read_send(full_mail(), {429, {{"retry-after", "2"}}, error(429, name, "w")})
            .retry_after;
    };
    EXPECT_EQ(delay("rate_limit_exceeded"), std::chrono::seconds(2));
    EXPECT_GE(delay("monthly_quota_exceeded"), std::chrono::hours(1));
}

TEST(Resend, IsProbedByItsDomains) {
    EXPECT_EQ(dialect()->probe().url, "https://api.example.com/domains");
    EXPECT_TRUE(
        dialect()->read_probe({200, {}, R"({"data":[{"name":"example.com","status":"verified"}]})"}).works);
    EXPECT_TRUE(dialect()->read_probe({401, {}, error(401, "restricted_api_key", "send only")}).works);
    EXPECT_FALSE(dialect()->read_probe({403, {}, error(403, "invalid_api_key", "wrong")}).works);
}

}  // namespace
}  // namespace mailrota::providers
