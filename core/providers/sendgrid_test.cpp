// SendGrid's JSON and answers, after the vendor's description of mail/send.
#include "core/providers/sendgrid.h"

#include <gmock/gmock.h>

#include "core/providers/json_fixture.h"

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = RecipientAnswer::Kind;

std::unique_ptr<Dialect> dialect() {
    config::ProviderSettings settings;
    settings.base_url = "https://api.example.com";
    return make_sendgrid(settings, {"KEY", "", ""});
}

TEST(SendGrid, SendsEveryPieceOfAMail) {
    const auto request = dialect()->send(full_mail());
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, "POST");
    EXPECT_EQ(request->url, "https://api.example.com/v3/mail/send");
    EXPECT_EQ(header_of(*request, "Authorization"), "Bearer KEY");
    EXPECT_EQ(header_of(*request, "Content-Type"), "application/json");
    const auto expected = boost::json::parse(R"({
        "personalizations": [{
            "to": [{"email": "bob@example.net", "name": "Last, First"}],
            "cc": [{"email": "EVE@example.net", "name": "Eve"}],
            "bcc": [{"email": "blind@example.net"}]}],
        "from": {"email": "ann@example.com", "name": "J\u00fcrgen"},
        "reply_to": {"email": "reply@example.com"},
        "subject": "\u00e9t\u00e9",
        "content": [{"type": "text/plain", "value": "\u00e9t\u00e9"},
                    {"type": "text/html", "value": "<img src=\"cid:i@x\">"}],
        "custom_args": {"mailrota_id": "0123456789abcdef0123456789abcdef"},
        "tracking_settings": {"click_tracking": {"enable": false, "enable_text": false},
            "open_tracking": {"enable": false}, "subscription_tracking": {"enable": false},
            "ganalytics": {"enable": false}},
        "headers": {"Message-ID": "<1@example.com>", "X-Tag": "one"},
        "attachments": [
            {"type": "image/png", "filename": "i.png", "disposition": "inline", "content_id": "i@x",
             "content": "iVBORw=="},
            {"type": "text/csv", "filename": "\u20ac.csv", "disposition": "attachment", "content": "MSwy"}]})");
    EXPECT_EQ(body_of(request), expected) << body_of(request);
}

TEST(SendGrid, TellsWhatItLoses) {
    EXPECT_TRUE(dialect()->losses(outgoing(plain_bytes(), {"bob@example.net"})).empty());
    std::vector<std::string> texts;
    for (const Loss& loss : dialect()->losses(full_mail())) {
        EXPECT_EQ(loss.kind, Loss::Kind::detail) << loss.text;
        texts.push_back(loss.text);
    }
    EXPECT_THAT(texts, ElementsAre("addresses of To and Cc that are no recipients", "the field Received",
                                   "all but the first field X-Tag", "file names outside ASCII",
                                   "the charset and other parameters of a file's type"));
}

TEST(SendGrid, GivesBlindRecipientsCopiesOfTheirOwn) {
    const auto body = body_of(dialect()->send(outgoing("From: a@example.com\r\nTo: list@example.net\r\n\r\nx",
                                                       {"b@example.net", "c@example.net"})));
    EXPECT_EQ(
        body.at("personalizations"),
        boost::json::parse(R"([{"to":[{"email":"b@example.net"}]},{"to":[{"email":"c@example.net"}]}])"));
    EXPECT_EQ(body.at("subject"), " ");
}

TEST(SendGrid, TracksOnlyWhenAsked) {
    Outgoing mail = outgoing(plain_bytes(), {"bob@example.net"});
    mail.tracking = true;
    const auto settings = body_of(dialect()->send(mail)).at("tracking_settings");
    EXPECT_EQ(settings.at("open_tracking").at("enable"), true);
    EXPECT_EQ(settings.at("click_tracking").at("enable"), true);
    EXPECT_EQ(settings.at("subscription_tracking").at("enable"), false);
}

TEST(SendGrid, AcceptsBy202AndItsId) {
    const Outgoing mail = full_mail();
    const Answer answer = dialect()->read_send(mail, {202, {{"X-Message-Id", "abc"}}, ""});
    EXPECT_THAT(kinds(answer), ElementsAre(Kind::accepted, Kind::accepted, Kind::accepted));
    EXPECT_EQ(answer.recipients[0].provider_id, "abc");
}

TEST(SendGrid, ClassesEachError) {
    const auto error = [](const std::string& field, const std::string& words) {
        return R"({"errors":[{"message":")" + words + R"(","field":")" + field + R"(","help":null}]})";
    };
    expect_answers(
        *dialect(), full_mail(),
        {{400, error("content.0.value", "The content value must be a string"), Kind::bad_message},
         {400, error("personalizations.9.to.9.email", "Does not contain a valid address."), Kind::unsent},
         {400, "<html>Bad Request</html>", Kind::bad_message_here},
         {413, error("", "too large"), Kind::bad_message_here},
         {401, error("", "The provided authorization grant is invalid"), Kind::configuration},
         {403, error("from", "not a verified Sender Identity"), Kind::configuration, true},
         {403, error("", "access forbidden"), Kind::configuration},
         {404, "", Kind::configuration},
         {405, "", Kind::configuration},
         {429, error("", "too many requests"), Kind::temporary},
         {500, "", Kind::uncertain},
         {503, "", Kind::uncertain},
         {200, "{}", Kind::uncertain},
         {202, "<html>captive portal</html>", Kind::uncertain},
         {302, "", Kind::configuration}});
}

TEST(SendGrid, WaitsUntilTheResetOfItsLimit) {
    const Answer answer = dialect()->read_send(
        full_mail(),
        {429, {{"Date", "Mon, 20 Dec 2021 20:33:21 GMT"}, {"X-RateLimit-Reset", "1640032461"}}, ""});
    EXPECT_EQ(answer.retry_after, std::chrono::seconds(60));
}

TEST(SendGrid, RefusesOnlyTheAddressThatIsBad) {
    const Answer answer = dialect()->read_send(
        full_mail(), {400, {}, R"({"errors":[{"message":"Does not contain a valid address.",
                                   "field":"personalizations.0.cc.0.email"}]})"});
    EXPECT_THAT(kinds(answer), ElementsAre(Kind::unsent, Kind::bad_recipient, Kind::unsent));
    EXPECT_THAT(answer.recipients[1].words, HasSubstr("valid address"));
    const Answer separate = dialect()->read_send(
        outgoing("From: a@example.com\r\n\r\nx", {"b@example.net", "c"}),
        {400, {}, R"({"errors":[{"message":"bad","field":"personalizations.1.to.0.email"}]})"});
    EXPECT_THAT(kinds(separate), ElementsAre(Kind::unsent, Kind::bad_recipient));
}

TEST(SendGrid, IsProbedByItsScopes) {
    EXPECT_EQ(dialect()->probe().url, "https://api.example.com/v3/scopes");
    EXPECT_TRUE(dialect()->read_probe({200, {}, R"({"scopes":["user.read","mail.send"]})"}).works);
    EXPECT_FALSE(dialect()->read_probe({200, {}, R"({"scopes":["user.read"]})"}).works);
    const Probe refused = dialect()->read_probe({401, {}, R"({"errors":[{"message":"wrong key"}]})"});
    EXPECT_FALSE(refused.works);
    EXPECT_EQ(refused.words, "wrong key");
}

}  // namespace
}  // namespace mailrota::providers
