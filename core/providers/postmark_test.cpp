// Postmark's JSON, its error codes, and the recipients that only its words name.
#include "core/providers/postmark.h"

#include <gmock/gmock.h>

#include "core/providers/json_fixture.h"

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using Kind = RecipientAnswer::Kind;

std::unique_ptr<Dialect> dialect() {
    config::ProviderSettings settings;
    settings.base_url = "https://api.example.com";
    settings.message_stream = "outbound";
    return make_postmark(settings, {"TOKEN", "", ""});
}

std::string error(int code, const std::string& words) {
    return R"({"ErrorCode":)" + std::to_string(code) + R"(,"Message":")" + words + "\"}";
}

TEST(Postmark, SendsEveryPieceOfAMail) {
    const auto request = dialect()->send(full_mail());
    ASSERT_TRUE(request);
    EXPECT_EQ(request->url, "https://api.example.com/email");
    EXPECT_EQ(header_of(*request, "X-Postmark-Server-Token"), "TOKEN");
    const auto expected = boost::json::parse(R"({
        "From": "J\u00fcrgen <ann@example.com>",
        "To": "\"Last, First\" <bob@example.net>",
        "Cc": "Eve <EVE@example.net>",
        "Bcc": "blind@example.net",
        "ReplyTo": "reply@example.com",
        "Subject": "\u00e9t\u00e9",
        "TextBody": "\u00e9t\u00e9",
        "HtmlBody": "<img src=\"cid:i@x\">",
        "MessageStream": "outbound",
        "Headers": [{"Name": "Message-ID", "Value": "<1@example.com>"}, {"Name": "X-Tag", "Value": "one"},
                    {"Name": "X-Tag", "Value": "two"}, {"Name": "X-PM-KeepID", "Value": "true"}],
        "Metadata": {"mailrota_id": "0123456789abcdef0123456789abcdef"},
        "TrackOpens": false,
        "TrackLinks": "None",
        "Attachments": [
            {"Name": "i.png", "ContentType": "image/png", "ContentID": "cid:i@x", "Content": "iVBORw=="},
            {"Name": "\u20ac.csv", "ContentType": "text/csv; charset=utf-8", "Content": "MSwy"}]})");
    EXPECT_EQ(body_of(request), expected) << body_of(request);
}

TEST(Postmark, IsNotAskedForWhatIsAboveItsLimits) {
    for (const std::string& header : {"From: " + std::string(300, 'n') + " <a@example.com>\r\nSubject: s\r\n",
                                      "From: a@example.com\r\nSubject: " + std::string(2001, 's') + "\r\n"}) {
        const Outgoing mail = outgoing(header + "\r\nx", {"b@example.net"});
        EXPECT_FALSE(dialect()->send(mail));
        ASSERT_EQ(dialect()->losses(mail).size(), 1U);
        EXPECT_EQ(dialect()->losses(mail)[0].kind, Loss::Kind::shape);
    }
}

TEST(Postmark, TracksOnlyWhenAsked) {
    Outgoing mail = outgoing(plain_bytes(), {"bob@example.net"});
    mail.tracking = true;
    const auto body = body_of(dialect()->send(mail));
    EXPECT_EQ(body.at("TrackOpens"), true);
    EXPECT_EQ(body.at("TrackLinks"), "HtmlAndText");
}

TEST(Postmark, GetsBlindRecipientsOneByOneUnlessSomebodyIsShownBesideThem) {
    const auto most = [](const std::string& header, std::vector<std::string> recipients) {
        return dialect()->most_recipients(outgoing(header + "\r\nx", std::move(recipients)));
    };
    const std::string nobody = "From: a@example.com\r\nTo: undisclosed-recipients:;\r\n";
    const std::string cc = "From: a@example.com\r\nCc: c@example.net\r\n";
    EXPECT_EQ(most(nobody, {"b@example.net", "c@example.net"}), 1U);
    EXPECT_EQ(most(cc, {"b@example.net", "c@example.net"}), 2U);
    EXPECT_EQ(most(cc, {"b@example.net", "d@example.net"}), 1U) << "the one who is shown is in another call";
}

TEST(Postmark, ClassesEachError) {
    expect_answers(*dialect(), outgoing(plain_bytes(), {"bob@example.net", "c@example.net"}),
                   {{422, error(300, "Invalid 'From' address."), Kind::bad_message},
                    {422, error(300, "Attachment 'x.exe' is of a forbidden type."), Kind::bad_message_here},
                    {422, error(402, "Invalid JSON"), Kind::bad_message},
                    {422, error(403, "Incompatible JSON"), Kind::bad_message},
                    {422, error(409, "JSON required"), Kind::bad_message},
                    {422, error(410, "Too many batch messages"), Kind::bad_message},
                    {422, error(411, "Forbidden attachment type"), Kind::bad_message},
                    {401, error(10, "Bad or missing Server API token"), Kind::configuration},
                    {422, error(400, "Sender signature not found"), Kind::configuration, true},
                    {422, error(401, "Sender signature not confirmed"), Kind::configuration, true},
                    {422, error(405, "Not allowed to send"), Kind::configuration},
                    {422, error(412, "Account is pending approval"), Kind::configuration},
                    {422, error(413, "Account may not send"), Kind::configuration},
                    {422, error(1235, "The stream does not exist"), Kind::configuration},
                    {422, error(406, "Some are inactive"), Kind::unsent},
                    {422, error(100, "Maintenance"), Kind::temporary},
                    {422, error(9999, "Something new"), Kind::bad_message_here},
                    {429, error(429, "Rate limit exceeded"), Kind::temporary},
                    {503, "", Kind::temporary},
                    {413, "", Kind::bad_message_here},
                    {500, error(0, "Internal error"), Kind::uncertain},
                    {200, "<html>", Kind::uncertain},
                    {200, R"({"ErrorCode":0,"Message":"OK"})", Kind::uncertain},
                    {200, R"({"MessageID":"m"})", Kind::uncertain},
                    {404, "", Kind::configuration}});
}

TEST(Postmark, RefusesOnlyRecipientsThatItNames) {
    const Outgoing mail =
        outgoing(plain_bytes(), {"Bob@example.net", "b@example.net", "ob@example.net", "d@example.net"});
    const Answer partial = dialect()->read_send(
        mail, {200,
               {},
               R"({"ErrorCode":0,"MessageID":"m","Message":"Message OK, but will not deliver to )"
               R"(these inactive addresses: bob@example.net, d@example.net."})"});
    EXPECT_THAT(kinds(partial),
                ElementsAre(Kind::bad_recipient, Kind::accepted, Kind::accepted, Kind::bad_recipient));
    EXPECT_EQ(partial.recipients[1].provider_id, "m");
    const Answer inactive = dialect()->read_send(
        mail,
        {422, {}, error(406, "Found inactive addresses: ob@example.net. Inactive recipients are ones")});
    EXPECT_THAT(kinds(inactive), ElementsAre(Kind::unsent, Kind::unsent, Kind::bad_recipient, Kind::unsent));
    const Answer invalid =
        dialect()->read_send(mail, {422, {}, error(300, "Invalid 'Bcc' address: 'd@example.net'.")});
    EXPECT_THAT(kinds(invalid), ElementsAre(Kind::unsent, Kind::unsent, Kind::unsent, Kind::bad_recipient));
}

TEST(Postmark, IsAskedForAMailByItsMetadata) {
    EXPECT_EQ(dialect()->look_up(sample_id, {}).url,
              "https://api.example.com/messages/outbound?count=1&offset=0&metadata_mailrota_id="
              "0123456789abcdef0123456789abcdef&messagestream=outbound");
    const auto found = [](int status, const std::string& body) {
        return dialect()->read_look_up(sample_id, {status, {}, body});
    };
    const LookUp known =
        found(200, R"({"TotalCount":1,"Messages":[{"MessageID":"m","Status":"Sent","Metadata":)"
                   R"({"mailrota_id":"0123456789abcdef0123456789abcdef"}}]})");
    EXPECT_EQ(known.found, LookUp::Found::accepted);
    EXPECT_EQ(known.provider_id, "m");
    EXPECT_EQ(found(200, R"({"TotalCount":0,"Messages":[]})").found, LookUp::Found::absent);
    EXPECT_EQ(found(200, R"({"Messages":[{"MessageID":"other","Metadata":{}}]})").found,
              LookUp::Found::unknown);
    EXPECT_EQ(found(500, "").found, LookUp::Found::unknown);
}

TEST(Postmark, IsProbedByItsServer) {
    EXPECT_EQ(dialect()->probe().url, "https://api.example.com/server");
    EXPECT_TRUE(dialect()->read_probe({200, {}, R"({"ID":1,"Name":"Main"})"}).works);
    EXPECT_EQ(dialect()->read_probe({401, {}, error(10, "Bad token")}).words, "Bad token");
}

}  // namespace
}  // namespace mailrota::providers
