#include "core/providers/mandrill.h"

#include "core/providers/raw_mail_fixture.h"

namespace mailrota::providers {
namespace {

using config::ProviderSettings;
using testing::HasSubstr;
using testing::Not;

class MandrillTest : public testing::Test {
  protected:
    std::unique_ptr<Dialect> mandrill_ =
        make_mandrill(raw_settings(ProviderSettings::Kind::mandrill), {"key \"1\"", {}, {}});
    Outgoing mail_ = raw_outgoing();

    boost::json::value sent(const Outgoing& mail) const { return sent_json(mandrill_->send(mail).value()); }
    mail::Message message(const Outgoing& mail) const {
        const auto raw = sent(mail);
        return mail::Message::from_bytes(std::string(raw.at("raw_message").as_string().c_str()));
    }
    Answer read(const Outgoing& mail, const std::string& results) const {
        return mandrill_->read_send(mail, http_answer(200, results));
    }
    // The outcome of the one recipient of mail_.
    RecipientAnswer outcome(const std::string& members) const {
        return read(mail_, R"([{"email":"b@example.net",)" + members + "}]").recipients.at(0);
    }
};

TEST_F(MandrillTest, PostsTheMailToTheEnvelopesRecipientsOnly) {
    const Outgoing two = raw_outgoing(plain_mail, {"c@example.net", "d@example.net"});
    const HttpRequest request = mandrill_->send(two).value();
    EXPECT_EQ(request.url, "https://api.example.com/api/1.4/messages/send-raw");
    EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
    const auto body = sent_json(request);
    EXPECT_EQ(body.at("key").as_string(), "key \"1\"");
    EXPECT_EQ(body.at("to"), boost::json::parse(R"(["c@example.net","d@example.net"])"));
    EXPECT_FALSE(body.at("async").as_bool());
    EXPECT_EQ(body.as_object().size(), 4U) << "from_email would replace From";
    EXPECT_EQ(message(two).body(), two.message.body());
    EXPECT_THAT(message(two).header("From"), testing::ElementsAre("A <a@example.com>"));
}

TEST_F(MandrillTest, TellsOurIdAndKeepsToAndTracksOnlyWhenAsked) {
    const auto field = [this](std::string_view name) { return message(mail_).header(name); };
    EXPECT_THAT(field("X-MC-Metadata"), testing::ElementsAre(R"({"mailrota_id":")" + our_id + R"("})"));
    EXPECT_THAT(field("X-MC-PreserveRecipients"), testing::ElementsAre("true"));
    EXPECT_THAT(field("X-MC-Track"), testing::ElementsAre(""));
    EXPECT_THAT(field("DKIM-Signature"), testing::IsEmpty()) << "it would not survive";
    EXPECT_EQ(mandrill_->losses(mail_).at(0).kind, Loss::Kind::detail);
    mail_.tracking = true;
    EXPECT_THAT(field("X-MC-Track"), testing::ElementsAre("opens,clicks_all"));
}

TEST_F(MandrillTest, GetsLatin1EncodedAnew) {
    const Outgoing latin1 = raw_outgoing(
        "From: a@example.com\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDF\x65\r\n");
    EXPECT_EQ(message(latin1).text().utf8, "Gr\xC3\xBC\xC3\x9F\x65\n");
    const Outgoing sealed = raw_outgoing(
        "From: a@example.com\r\nContent-Type: multipart/signed; "
        "boundary=b\r\n\r\n--b\r\n\r\n\xFC\r\n--b--\r\n");
    EXPECT_FALSE(mandrill_->send(sealed)) << "a signature would break";
    EXPECT_EQ(mandrill_->losses(sealed).at(0).kind, Loss::Kind::shape);
}

TEST_F(MandrillTest, RefusesWhatItCannotCarry) {
    mail_.sender.clear();
    EXPECT_FALSE(mandrill_->send(mail_)) << "it would take From for the sender";
    EXPECT_FALSE(mandrill_->send(raw_outgoing(plain_mail, {"\xC3\xBC@example.net"})));
}

TEST_F(MandrillTest, AnswersForEachRecipient) {
    const Outgoing four =
        raw_outgoing(plain_mail, {"A@example.net", "b@example.net", "c@example.net", "d@example.net"});
    const Answer answer =
        read(four, R"([{"email":"b@example.net","status":"rejected","reject_reason":"hard-bounce"},
        {"email":"a@example.net","status":"sent","_id":"m1"},{"email":"c@example.net","status":"invalid"}])");
    ASSERT_EQ(answer.recipients.size(), 4U);
    EXPECT_EQ(answer.recipients[0].kind, AnswerKind::accepted) << "Mandrill writes small letters";
    EXPECT_EQ(answer.recipients[0].provider_id, "m1");
    EXPECT_EQ(answer.recipients[1].kind, AnswerKind::bad_recipient);
    EXPECT_EQ(answer.recipients[1].status, "5.1.1");
    EXPECT_EQ(answer.recipients[2].kind, AnswerKind::bad_recipient);
    EXPECT_EQ(answer.recipients[3].kind, AnswerKind::uncertain) << "nothing was said of it";
    EXPECT_EQ(answer.alarm, "");
}

TEST_F(MandrillTest, KnowsRejectedRecipientsFromRejectedSenders) {
    const auto rejected = [this](const std::string& reason) {
        return outcome(R"("status":"rejected","reject_reason":")" + reason + '"').kind;
    };
    for (const auto* const reason : {"hard-bounce", "soft-bounce", "spam", "unsub", "custom", "invalid"})
        EXPECT_EQ(rejected(reason), AnswerKind::bad_recipient) << reason;
    for (const auto* const reason : {"invalid-sender", "unsigned", "test-mode-limit", "rule"})
        EXPECT_EQ(rejected(reason), AnswerKind::configuration) << reason;
    EXPECT_EQ(rejected("something new"), AnswerKind::bad_message_here);
    EXPECT_EQ(outcome(R"("status":"something new")").kind, AnswerKind::uncertain);
    const std::string of_sender =
        R"([{"email":"b@example.net","status":"rejected","reject_reason":"unsigned"}])";
    EXPECT_TRUE(read(mail_, of_sender).of_domain) << "another From domain may be verified";
}

TEST_F(MandrillTest, AlarmsWhenWhatItAcceptsIsStuck) {
    const auto queued = [this](const std::string& reason) {
        return read(mail_, R"([{"email":"b@example.net","_id":"m1","status":"queued","queued_reason":")" +
                               reason + R"("}])");
    };
    for (const auto* const reason :
         {"free-trial-sends-exhausted", "hourly-quota-exhausted", "monthly-limit-reached", "sending-paused",
          "sending-suspended", "account-suspended", "sending-backlogged"}) {
        EXPECT_EQ(queued(reason).recipients[0].kind, AnswerKind::accepted)
            << "another one would send it twice";
        EXPECT_THAT(queued(reason).alarm, HasSubstr(reason));
    }
    EXPECT_EQ(queued("attachments").alarm, "");
    EXPECT_EQ(queued("multiple-recipients").alarm, "");
}

TEST_F(MandrillTest, ReadsItsErrorsByName) {
    const auto error = [](const std::string& name) {
        return R"({"status":"error","code":-1,"name":")" + name + R"(","message":"own words"})";
    };
    expect_errors(*mandrill_, mail_,
                  {{401, error("Invalid_Key"), AnswerKind::configuration},
                   {500, error("Invalid_Key"), AnswerKind::configuration},
                   {500, error("PaymentRequired"), AnswerKind::configuration},
                   {500, error("Unknown_Subaccount"), AnswerKind::configuration},
                   {500, error("ValidationError"), AnswerKind::bad_message},
                   {429, error("RequestLimitExceeded"), AnswerKind::temporary},
                   {500, error("ServiceUnavailable"), AnswerKind::temporary},
                   {500, error("GeneralError"), AnswerKind::uncertain},
                   {500, error("Something_New"), AnswerKind::uncertain},
                   {200, "[]", AnswerKind::uncertain},
                   {200, R"([7,{"email":1}])", AnswerKind::uncertain}});
    expect_errors(*mandrill_, mail_, garbage());
}

TEST_F(MandrillTest, FindsAMailByItsMetadata) {
    const HttpRequest asked =
        mandrill_->look_up(our_id, std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
    EXPECT_EQ(asked.url, "https://api.example.com/api/1.4/messages/search");
    EXPECT_EQ(sent_json(asked).at("query").as_string(), "u_mailrota_id:" + our_id);
    EXPECT_EQ(sent_json(asked).at("date_from").as_string(), "2023-11-13");
    const auto found = [this](const std::string& body, int status = 200) {
        return mandrill_->read_look_up(our_id, http_answer(status, body));
    };
    const LookUp one = found(R"([{"_id":"m1","metadata":{"mailrota_id":")" + our_id + R"("}}])");
    EXPECT_EQ(one.found, LookUp::Found::accepted);
    EXPECT_EQ(one.provider_id, "m1");
    EXPECT_EQ(
        found(R"([{"_id":"m1","metadata":{"mailrota_id":"another"}},{"_id":"m2","metadata":null}])").found,
        LookUp::Found::unknown)
        << "the account may not index our id";
    EXPECT_EQ(found(R"({"status":"error","name":"ServiceUnavailable","message":"later"})", 500).found,
              LookUp::Found::unknown);
}

TEST_F(MandrillTest, IsProbedByAPing) {
    EXPECT_EQ(mandrill_->probe().url, "https://api.example.com/api/1.4/users/ping2");
    EXPECT_EQ(sent_json(mandrill_->probe()).at("key").as_string(), "key \"1\"");
    EXPECT_TRUE(mandrill_->read_probe(http_answer(200, R"({"PING":"PONG!"})")).works);
    const Probe refused = mandrill_->read_probe(
        http_answer(401, R"({"status":"error","name":"Invalid_Key","message":"no such key"})"));
    EXPECT_FALSE(refused.works);
    EXPECT_EQ(refused.words, "Invalid_Key: no such key");
    EXPECT_FALSE(mandrill_->read_probe(http_answer(200, "<html>")).works);
}

}  // namespace
}  // namespace mailrota::providers
