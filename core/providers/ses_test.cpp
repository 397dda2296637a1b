#include "core/providers/ses.h"

#include "core/providers/raw_mail.h"
#include "core/providers/raw_mail_fixture.h"
#include "core/providers/signature.h"

namespace mailrota::providers {
namespace {

using config::ProviderSettings;
using testing::HasSubstr;

class SesTest : public testing::Test {
  protected:
    static config::ProviderSettings settings() {
        auto settings = raw_settings(ProviderSettings::Kind::ses);
        settings.configuration_set = "main";
        return settings;
    }
    std::unique_ptr<Dialect> ses_ = make_ses(settings(), {{}, "AKID", "secret"});
    Outgoing mail_ = raw_outgoing();

    std::string bytes(const Outgoing& mail) const {
        const auto body = sent_json(ses_->send(mail).value());
        return from_base64(body.at("Content").at("Raw").at("Data").as_string().c_str()).value();
    }
};

TEST_F(SesTest, PostsTheMailToTheEnvelopesRecipientsOnlySigned) {
    const HttpRequest request =
        ses_->send(raw_outgoing(plain_mail, {"c@example.net", "d@example.net"})).value();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "https://api.example.com/v2/email/outbound-emails");
    EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
    const auto& signature = std::get<HttpRequest::SigV4>(request.authorization);
    EXPECT_EQ(signature.region + " " + signature.service, "eu-west-1 ses");
    EXPECT_EQ(signature.access_key + " " + signature.secret_key, "AKID secret");
    const auto body = sent_json(request);
    EXPECT_EQ(body.at("Destination"),
              boost::json::parse(R"({"ToAddresses":["c@example.net","d@example.net"]})"));
    EXPECT_EQ(body.at("EmailTags"),
              boost::json::parse(R"([{"Name":"mailrota_id","Value":")" + our_id + R"("}])"));
    EXPECT_EQ(body.at("ConfigurationSetName").as_string(), "main");
    EXPECT_EQ(body.as_object().size(), 4U);
}

TEST_F(SesTest, SendsTheBytesButForTheDkimSignature) {
    std::string expected = plain_mail;
    const std::string dkim = "DKIM-Signature: v=1; b=x\r\n";
    expected.erase(expected.find(dkim), dkim.size());
    EXPECT_EQ(bytes(mail_), expected);
    EXPECT_FALSE(ses_->traits().keeps_message_id);
    EXPECT_EQ(ses_->losses(mail_).at(0).kind, Loss::Kind::detail);
}

TEST_F(SesTest, SendsSevenBitsAndShortLines) {
    const Outgoing odd = raw_outgoing(
        "From: J\xC3\xB6rg <a@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xC3\xBC" +
        std::string(1200, 'x') + "\r\n");
    const std::string sent = bytes(odd);
    EXPECT_TRUE(fits(sent, RawForm::ascii));
    EXPECT_EQ(mail::Message::from_bytes(sent).text().utf8, odd.message.text().utf8);
    EXPECT_THAT(mail::Message::from_bytes(sent).header("From"),
                testing::ElementsAre("J\xC3\xB6rg <a@example.com>"));
}

TEST_F(SesTest, RefusesWhatItCannotCarry) {
    const auto fault = [this](const Outgoing& mail) {
        const auto sent = ses_->send(mail);
        return sent ? "" : sent.error().text;
    };
    for (const std::string field :
         {"Subject: two\r\n", "from: b@example.com\r\n", "Message-ID: <2@example.com>\r\n"})
        EXPECT_THAT(fault(raw_outgoing(field + plain_mail)), HasSubstr("more than one"));
    EXPECT_EQ(fault(raw_outgoing("Received: a\r\nReceived: b\r\n" + plain_mail)), "");
    EXPECT_THAT(fault(raw_outgoing(plain_mail, {"\xC3\xBC@example.net"})), HasSubstr("recipient"));
    mail_.sender.clear();
    EXPECT_THAT(fault(mail_), HasSubstr("null sender"));
}

TEST_F(SesTest, AcceptsWithAnId) {
    const Answer answer = ses_->read_send(mail_, http_answer(200, R"({"MessageId":"0101-a"})"));
    EXPECT_EQ(answer.recipients.at(0).kind, AnswerKind::accepted);
    EXPECT_EQ(answer.recipients.at(0).provider_id, "0101-a");
}

TEST_F(SesTest, ReadsItsErrorsByType) {
    const auto told = [](int status, const std::string& type, AnswerKind kind,
                         std::string words = "own words") {
        return ErrorCase{status, R"({"message":")" + words + "\"}", kind, {{"x-amzn-ErrorType", type}}};
    };
    expect_errors(
        *ses_, mail_,
        {told(400, "MessageRejected", AnswerKind::bad_message),
         told(400, "MessageRejected", AnswerKind::configuration, "a@example.com is not verified"),
         told(400, "BadRequestException:http://internal.example.com/x/", AnswerKind::bad_message),
         told(400, "AccountSuspendedException", AnswerKind::configuration),
         told(400, "SendingPausedException", AnswerKind::configuration),
         told(400, "MailFromDomainNotVerifiedException", AnswerKind::configuration),
         told(404, "NotFoundException", AnswerKind::configuration),
         told(403, "AccessDeniedException", AnswerKind::configuration),
         told(403, "SignatureDoesNotMatch", AnswerKind::configuration),
         told(400, "UnrecognizedClientException", AnswerKind::configuration),
         told(429, "TooManyRequestsException", AnswerKind::temporary),
         told(400, "LimitExceededException", AnswerKind::temporary),
         told(400, "ThrottlingException", AnswerKind::temporary, "Daily message quota is used up"),
         told(500, "InternalFailure", AnswerKind::uncertain),
         told(503, "ServiceUnavailable", AnswerKind::uncertain),
         {400, R"({"__type":"com.example#SendingPausedException","Message":"w"})", AnswerKind::configuration},
         {413, "", AnswerKind::bad_message_here}});
    expect_errors(*ses_, mail_, garbage());
}

TEST_F(SesTest, TellsADomainFromTheAccountAndWaitsAsLongAsALimitLasts) {
    const auto answer = [this](int status, const std::string& type, const std::string& words) {
        return ses_->read_send(
            mail_, http_answer(status, R"({"message":")" + words + "\"}", {{"x-amzn-errortype", type}}));
    };
    EXPECT_TRUE(answer(400, "MailFromDomainNotVerifiedException", "w").of_domain);
    EXPECT_TRUE(answer(400, "MessageRejected", "a@example.com is not verified").of_domain);
    EXPECT_FALSE(answer(400, "AccountSuspendedException", "w").of_domain);
    EXPECT_GT(answer(429, "TooManyRequestsException", "rate").retry_after.count(), 0);
    EXPECT_GT(answer(400, "ThrottlingException", "Daily message quota").retry_after,
              answer(400, "ThrottlingException", "sending rate").retry_after);
}

TEST_F(SesTest, IsProbedByItsAccount) {
    EXPECT_EQ(ses_->probe().url, "https://api.example.com/v2/email/account");
    EXPECT_TRUE(std::holds_alternative<HttpRequest::SigV4>(ses_->probe().authorization));
    const Probe good = ses_->read_probe(http_answer(
        200,
        R"({"SendingEnabled":true,"SendQuota":{"Max24HourSend":200.0,"MaxSendRate":1,"SentLast24Hours":12.0}})"));
    EXPECT_TRUE(good.works);
    EXPECT_THAT(good.words, HasSubstr("12 of 200"));
    const Probe sandbox =
        ses_->read_probe(http_answer(200, R"({"SendingEnabled":true,"ProductionAccessEnabled":false})"));
    EXPECT_THAT(sandbox.words, HasSubstr("sandbox"));
    EXPECT_FALSE(ses_->read_probe(http_answer(200, R"({"SendingEnabled":false})")).works);
    EXPECT_FALSE(ses_->read_probe(http_answer(200, "{}")).works);
    const Probe refused = ses_->read_probe(http_answer(
        403, R"({"message":"no such key"})", {{"x-amzn-errortype", "UnrecognizedClientException"}}));
    EXPECT_THAT(refused.words, HasSubstr("UnrecognizedClient: no such key"));
}

}  // namespace
}  // namespace mailrota::providers
