#include "core/providers/mailgun.h"

#include "core/providers/raw_mail_fixture.h"

namespace mailrota::providers {
namespace {

using config::ProviderSettings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MailgunTest : public testing::Test {
  protected:
    std::unique_ptr<Dialect> mailgun_ =
        make_mailgun(raw_settings(ProviderSettings::Kind::mailgun), {"key-1", {}, {}});
    Outgoing mail_ = raw_outgoing();

    std::vector<HttpRequest::FormPart> form(const Outgoing& mail) const {
        return std::get<std::vector<HttpRequest::FormPart>>(mailgun_->send(mail).value().body);
    }
    std::vector<std::string> values(const Outgoing& mail, std::string_view name) const {
        std::vector<std::string> found;
        for (const auto& part : form(mail))
            if (part.name == name) found.push_back(part.value);
        return found;
    }
};

TEST_F(MailgunTest, PostsTheBytesToTheEnvelopesRecipientsOnly) {
    std::string bytes = plain_mail;
    for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
    const Outgoing mail = raw_outgoing(bytes, {"c@example.net", "d@example.net"});
    const HttpRequest request = mailgun_->send(mail).value();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "https://api.example.com/v3/mg.example.com/messages.mime");
    EXPECT_EQ(std::get<HttpRequest::Basic>(request.authorization).user, "api");
    EXPECT_EQ(std::get<HttpRequest::Basic>(request.authorization).password, "key-1");
    EXPECT_THAT(values(mail, "to"), ElementsAre("c@example.net", "d@example.net"));
    EXPECT_THAT(values(mail, "message"), ElementsAre(bytes)) << "DKIM-Signature and all 256 bytes included";
    EXPECT_NE(form(mail).back().file_name, "") << "without a file name it would be no file";
    EXPECT_THAT(values(mail, "v:mailrota_id"), ElementsAre(our_id));
    EXPECT_EQ(form(mail).size(), 5U) << "no cc, bcc or recipient-variables";
}

TEST_F(MailgunTest, TracksOnlyWhenAskedWhichCostsTheDkimSignature) {
    EXPECT_THAT(values(mail_, "o:tracking"), ElementsAre("no"));
    EXPECT_THAT(mailgun_->losses(mail_), IsEmpty());
    mail_.tracking = true;
    EXPECT_THAT(values(mail_, "o:tracking"), ElementsAre("yes"));
    EXPECT_EQ(mailgun_->losses(mail_).size(), 1U);
    EXPECT_THAT(values(mail_, "message")[0], testing::Not(HasSubstr("DKIM")));
}

TEST_F(MailgunTest, RefusesWhatItCannotCarry) {
    EXPECT_FALSE(mailgun_->traits().null_sender);
    mail_.sender.clear();
    EXPECT_FALSE(mailgun_->send(mail_));
    EXPECT_FALSE(mailgun_->send(raw_outgoing("From: \xC3\xBC@example.com\r\n\r\n")))
        << "From is internationalised";
    EXPECT_TRUE(mailgun_->send(raw_outgoing(plain_mail, {"\xC3\xBC@example.net"})));
}

TEST_F(MailgunTest, AcceptsAllRecipientsUnderOneId) {
    const Outgoing two = raw_outgoing(plain_mail, {"c@example.net", "d@example.net"});
    const Answer answer =
        mailgun_->read_send(two, http_answer(200, R"({"id":"<x.1@mg.example.com>","message":"Queued."})"));
    ASSERT_EQ(answer.recipients.size(), 2U);
    for (const auto& one : answer.recipients) {
        EXPECT_EQ(one.kind, AnswerKind::accepted);
        EXPECT_EQ(one.provider_id, "x.1@mg.example.com") << "as its events write it";
    }
}

TEST_F(MailgunTest, ReadsItsErrors) {
    expect_errors(
        *mailgun_, mail_,
        {{200, "Mailgun Magnificent API", AnswerKind::configuration},
         {200, R"({"message":"Mailgun Magnificent API"})", AnswerKind::configuration},
         {200, R"({"message":"Queued."})", AnswerKind::uncertain},
         {400, R"({"message":"to parameter is not a valid address. look it up"})", AnswerKind::bad_recipient},
         {400, R"({"message":"Domain mg.example.com is not allowed to send: sandbox"})",
          AnswerKind::configuration},
         {400, R"({"message":"Domain x is not allowed to send: not activated"})", AnswerKind::configuration},
         {400, R"({"message":"Too many recipients here"})", AnswerKind::bad_message_here},
         {400, R"({"message":"'message' is not a file"})", AnswerKind::bad_message},
         {401, "Forbidden", AnswerKind::configuration},
         {402, R"({"message":"pay first"})", AnswerKind::configuration},
         {403, R"({"message":"this IP may not"})", AnswerKind::configuration},
         {403, R"({"message":"You cannot send large batches yet"})", AnswerKind::temporary},
         {404, R"({"message":"Domain not found: x"})", AnswerKind::configuration},
         {413, "", AnswerKind::bad_message_here},
         {420, R"({"message":"Domain x is not allowed to send: recipient limit, try again after a while"})",
          AnswerKind::temporary},
         {429, R"({"message":"Domain x is not allowed to send: requests, try again after 120 seconds"})",
          AnswerKind::temporary},
         {500, R"({"message":"Internal Server Error"})", AnswerKind::uncertain},
         {500, R"({"message":"please try again after 120 seconds"})", AnswerKind::uncertain},
         {503, R"({"message":"no large batches, try again after a while"})", AnswerKind::uncertain}});
    expect_errors(*mailgun_, mail_, garbage());
}

TEST_F(MailgunTest, DoesNotBounceEverybodyForOneBadAddress) {
    expect_errors(*mailgun_, raw_outgoing(plain_mail, {"c@example.net", "d@"}),
                  {{400, R"({"message":"to parameter is not a valid address"})", AnswerKind::unsent}});
}

TEST_F(MailgunTest, ReadsTheDelayInItsWords) {
    const auto delay = [this](std::string words,
                              std::vector<std::pair<std::string, std::string>> headers = {}) {
        const auto body = R"({"message":"limit exceeded, )" + words + "\"}";
        return mailgun_->read_send(mail_, http_answer(429, body, std::move(headers))).retry_after.count();
    };
    const std::pair<std::string, std::string> date{"Date", "Mon, 20 Dec 2021 20:30:00 GMT"};
    EXPECT_EQ(delay("try again after 120 seconds"), 120);
    EXPECT_EQ(delay("try again after Mon, 20 Dec 2021 20:33:21 UTC", {date}), 201);
    EXPECT_EQ(delay("try again after Mon, 20 Dec 2021 20:00:00 UTC", {date}), 0);
    EXPECT_GT(delay("try again after Mon, 20 Dec 2021 20:33:21 UTC"), 0) << "by no clock, but later";
    EXPECT_EQ(delay("try again after 120 seconds", {{"Retry-After", "7"}}), 7);
    EXPECT_EQ(delay("no time told"), 0);
}

TEST_F(MailgunTest, FindsAMailByOurIdAmongAcceptedEvents) {
    const HttpRequest asked =
        mailgun_->look_up(our_id, std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
    EXPECT_EQ(asked.url,
              "https://api.example.com/v3/mg.example.com/events?event=accepted&begin=1699999940"
              "&end=1700000120&limit=300");
    const std::string item = R"({"event":"accepted","user-variables":{"mailrota_id":")" + our_id +
                             R"("},"message":{"headers":{"message-id":"x.1@mg.example.com"}}})";
    const auto found = [this](const std::string& body, int status = 200) {
        return mailgun_->read_look_up(our_id, http_answer(status, body));
    };
    EXPECT_EQ(found(R"({"items":[{"user-variables":{}},7,)" + item + "]}").found, LookUp::Found::accepted);
    EXPECT_EQ(found("{\"items\":[" + item + "]}").provider_id, "x.1@mg.example.com");
    EXPECT_EQ(found("{\"items\":[]}").found, LookUp::Found::absent);
    std::string page = "{\"items\":[{}";
    for (int i = 1; i < 300; ++i) page += ",{}";
    EXPECT_EQ(found(page + "]}").found, LookUp::Found::unknown) << "there may be a second page";
    EXPECT_EQ(found("{\"items\":[]}", 401).found, LookUp::Found::unknown);
    EXPECT_EQ(found("Mailgun Magnificent API").found, LookUp::Found::unknown);
}

TEST_F(MailgunTest, IsProbedByItsDomainsState) {
    EXPECT_EQ(mailgun_->probe().method, "GET");
    EXPECT_EQ(mailgun_->probe().url, "https://api.example.com/v4/domains/mg.example.com");
    EXPECT_TRUE(mailgun_->read_probe(http_answer(200, R"({"domain":{"state":"active"}})")).works);
    const Probe unverified = mailgun_->read_probe(http_answer(200, R"({"domain":{"state":"unverified"}})"));
    EXPECT_FALSE(unverified.works);
    EXPECT_THAT(unverified.words, HasSubstr("unverified"));
    EXPECT_THAT(mailgun_->read_probe(http_answer(401, "Forbidden")).words, HasSubstr("Forbidden"));
    EXPECT_FALSE(mailgun_->read_probe(http_answer(200, "Mailgun Magnificent API")).works);
}

}  // namespace
}  // namespace mailrota::providers
