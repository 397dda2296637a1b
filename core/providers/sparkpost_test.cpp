#include "core/providers/sparkpost.h"

#include "core/providers/raw_mail_fixture.h"

namespace mailrota::providers {
namespace {

using config::ProviderSettings;
using testing::HasSubstr;
using testing::IsEmpty;

class SparkPostTest : public testing::Test {
  protected:
    std::unique_ptr<Dialect> sparkpost_ =
        make_sparkpost(raw_settings(ProviderSettings::Kind::sparkpost), {"key-1", {}, {}});
    Outgoing mail_ = raw_outgoing();
    Outgoing three_ = raw_outgoing(plain_mail, {"C@example.net", "d@example.net", "dd@example.net"});

    boost::json::value sent(const Outgoing& mail) const { return sent_json(sparkpost_->send(mail).value()); }
    static std::string error(const std::string& code) {
        return R"({"errors":[{"message":"own words","description":"more of them","code":")" + code +
               R"("}]})";
    }
    std::vector<AnswerKind> kinds(const Outgoing& mail, const std::string& body) const {
        std::vector<AnswerKind> found;
        for (const auto& one : sparkpost_->read_send(mail, http_answer(200, body)).recipients)
            found.push_back(one.kind);
        return found;
    }
};

TEST_F(SparkPostTest, PostsTheBytesToTheEnvelopesRecipientsOnly) {
    const HttpRequest request = sparkpost_->send(three_).value();
    EXPECT_EQ(request.method + " " + request.url, "POST https://api.example.com/api/v1/transmissions");
    EXPECT_EQ(header_of(request, "Authorization"), "key-1") << "without a scheme";
    EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
    const auto body = sent_json(request);
    EXPECT_EQ(body.at("content").at("email_rfc822").as_string(), plain_mail);
    EXPECT_EQ(body.at("content").as_object().size(), 1U);
    EXPECT_EQ(
        body.at("recipients"),
        boost::json::parse(R"([{"address":{"email":"C@example.net"}},{"address":{"email":"d@example.net"}},
                                     {"address":{"email":"dd@example.net"}}])"));
    EXPECT_EQ(body.at("metadata").at("mailrota_id").as_string(), our_id);
    EXPECT_THAT(sparkpost_->losses(mail_), IsEmpty());
}

TEST_F(SparkPostTest, SendsTheSameRequestAgainUnderTheSameKey) {
    EXPECT_TRUE(sparkpost_->traits().idempotent);
    EXPECT_EQ(header_of(sparkpost_->send(mail_).value(), "Idempotency-Key"), our_id);
    EXPECT_EQ(std::get<std::string>(sparkpost_->send(mail_).value().body),
              std::get<std::string>(sparkpost_->send(mail_).value().body));
}

TEST_F(SparkPostTest, TurnsOffTrackingAndTemplates) {
    EXPECT_EQ(sent(mail_).at("options"),
              boost::json::parse(R"({"open_tracking":false,"click_tracking":false,"transactional":true,
                                     "perform_substitutions":false})"));
    mail_.tracking = true;
    EXPECT_TRUE(sent(mail_).at("options").at("click_tracking").as_bool());
    EXPECT_THAT(std::string(sent(mail_).at("content").at("email_rfc822").as_string()),
                testing::Not(HasSubstr("DKIM")))
        << "tracking rewrites the body";
}

TEST_F(SparkPostTest, CannotKeepBracesInTheHeader) {
    for (const std::string field :
         {"Subject: a {{x}} b", "X-Other: {{", "Subject: =?utf-8?q?=7B=7Bx=7D=7D?="}) {
        const auto losses =
            sparkpost_->losses(raw_outgoing("From: a@example.com\r\n" + field + "\r\n\r\nb\r\n"));
        ASSERT_EQ(losses.size(), 1U) << field;
        EXPECT_EQ(losses[0].kind, Loss::Kind::shape);
    }
    EXPECT_THAT(sparkpost_->losses(raw_outgoing("From: a@example.com\r\nSubject: {x}\r\n\r\n{{body}}\r\n")),
                IsEmpty());
}

TEST_F(SparkPostTest, GetsLatin1EncodedAnew) {
    const Outgoing latin1 = raw_outgoing(
        "From: a@example.com\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDF\x65\r\n");
    const auto raw = sent(latin1);
    const auto message = mail::Message::from_bytes(raw.at("content").at("email_rfc822").as_string().c_str());
    EXPECT_EQ(message.text().utf8, "Gr\xC3\xBC\xC3\x9F\x65\n");
    const Outgoing sealed = raw_outgoing(
        "From: a@example.com\r\nContent-Type: multipart/encrypted; "
        "boundary=b\r\n\r\n--b\r\n\r\n\xFC\r\n--b--\r\n");
    EXPECT_FALSE(sparkpost_->send(sealed));
}

TEST_F(SparkPostTest, RefusesTheNullSender) {
    mail_.sender.clear();
    EXPECT_FALSE(sparkpost_->send(mail_));
}

TEST_F(SparkPostTest, TellsRejectedRecipientsFromItsWords) {
    const std::string counts = R"("id":"t1","total_accepted_recipients":2,"total_rejected_recipients":1)";
    EXPECT_THAT(kinds(three_, "{\"results\":{" + counts + R"(,"rcpt_to_errors":[{"code":"1300",
                "message":"invalid data","description":"invalid recipient address.email: d@example.net."}]}})"),
                testing::ElementsAre(AnswerKind::accepted, AnswerKind::bad_recipient, AnswerKind::accepted));
    EXPECT_THAT(kinds(three_, "{\"results\":{" + counts +
                                  R"(,"rcpt_to_errors":[{"description":"<c@EXAMPLE.net>"}]}})"),
                testing::ElementsAre(AnswerKind::bad_recipient, AnswerKind::accepted, AnswerKind::accepted));
    EXPECT_THAT(kinds(three_, "{\"results\":{" + counts + "}}"), testing::Each(AnswerKind::uncertain))
        << "nobody knows which";
    EXPECT_THAT(kinds(three_, R"({"results":{"id":"t1","total_accepted_recipients":0,
                "total_rejected_recipients":3}})"),
                testing::Each(AnswerKind::bad_recipient));
    const Answer accepted = sparkpost_->read_send(
        three_,
        http_answer(
            200, R"({"results":{"id":"t1","total_accepted_recipients":3,"total_rejected_recipients":0}})"));
    for (const auto& one : accepted.recipients) {
        EXPECT_EQ(one.kind, AnswerKind::accepted);
        EXPECT_EQ(one.provider_id, "t1");
    }
    EXPECT_THAT(kinds(three_, R"({"results":{"id":"t1"}})"), testing::Each(AnswerKind::uncertain));
}

TEST_F(SparkPostTest, ReadsItsErrors) {
    expect_errors(*sparkpost_, mail_,
                  {{400, error("1400"), AnswerKind::bad_message},
                   {422, error("1300"), AnswerKind::bad_message},
                   {422, error("3020"), AnswerKind::bad_message},
                   {413, error("0"), AnswerKind::bad_message_here},
                   {400, error("7001"), AnswerKind::configuration},
                   {400, error("1100"), AnswerKind::configuration},
                   {400, R"({"errors":[{"message":"w","code":7001}]})", AnswerKind::configuration},
                   {401, R"({"errors":[{"message":"Unauthorized."}]})", AnswerKind::configuration},
                   {403, error("1601"), AnswerKind::configuration},
                   {404, error("1600"), AnswerKind::configuration},
                   {400, error("5002"), AnswerKind::bad_recipient},
                   {400, error("1502"), AnswerKind::temporary},
                   {420, error("2101"), AnswerKind::temporary},
                   {420, "", AnswerKind::temporary},
                   {429, error("0"), AnswerKind::temporary},
                   {409, error("1601"), AnswerKind::uncertain},
                   {409, error("1600"), AnswerKind::uncertain},
                   {400, error("1602"), AnswerKind::bad_message_here},
                   {500, error("1500"), AnswerKind::uncertain},
                   {503, error("1900"), AnswerKind::uncertain}});
    expect_errors(*sparkpost_, mail_, garbage());
    expect_errors(*sparkpost_, three_, {{400, error("5002"), AnswerKind::unsent}});
}

TEST_F(SparkPostTest, WaitsLongForItsQuotaAndShortForItsRate) {
    const auto answer = [this](int status, const std::string& code) {
        return sparkpost_->read_send(mail_, http_answer(status, error(code)));
    };
    EXPECT_GE(answer(420, "2101").retry_after, std::chrono::minutes(10));
    EXPECT_LE(answer(429, "0").retry_after, std::chrono::seconds(5));
    EXPECT_TRUE(answer(400, "7001").of_domain);
    EXPECT_FALSE(answer(403, "1601").of_domain);
}

TEST_F(SparkPostTest, IsProbedByItsAccount) {
    EXPECT_EQ(sparkpost_->probe().url, "https://api.example.com/api/v1/account?include=usage");
    EXPECT_EQ(header_of(sparkpost_->probe(), "Authorization"), "key-1");
    const Probe good = sparkpost_->read_probe(
        http_answer(200, R"({"results":{"status":"active","usage":{"month":{"used":12,"limit":500}}}})"));
    EXPECT_TRUE(good.works);
    EXPECT_THAT(good.words, HasSubstr("12 of 500"));
    EXPECT_FALSE(sparkpost_->read_probe(http_answer(200, R"({"results":{"status":"suspended"}})")).works);
    EXPECT_THAT(sparkpost_->read_probe(http_answer(403, error("1100"))).words, HasSubstr("more of them"));
    EXPECT_FALSE(sparkpost_->read_probe(http_answer(200, "<html>")).works);
}

}  // namespace
}  // namespace mailrota::providers
