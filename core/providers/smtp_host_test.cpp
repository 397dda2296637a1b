#include "core/providers/smtp_host.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Kind = config::ProviderSettings::Kind;

const std::string id = "0123456789abcdef0123456789abcdef";
const std::string mail_text =
    "From: a@example.com\r\nMessage-ID: <1@example.com>\r\nDKIM-Signature: x\r\n\r\nbody\r\n";

Outgoing outgoing(bool tracking = false) {
    return {mail::Message::from_bytes(mail_text), "a@example.com", {"b@example.net"}, id, tracking};
}

config::ProviderSettings settings_of(Kind kind) {
    config::ProviderSettings settings;
    settings.kind = kind;
    settings.message_stream = "outbound";
    settings.configuration_set = "main";
    return settings;
}

// The header as it leaves, read again.
mail::Message sent(Kind kind, bool tracking = false) {
    const Outgoing mail = outgoing(tracking);
    const auto header = mail::edited_header(mail.message, smtp_headers(settings_of(kind), mail));
    return mail::Message::from_bytes(header + std::string(mail.message.body()));
}

std::string field(Kind kind, std::string_view name, bool tracking = false) {
    const auto values = sent(kind, tracking).header(name);
    return values.size() == 1 ? values[0] : "(" + std::to_string(values.size()) + " fields)";
}

TEST(SmtpHost, IsToldOurId) {
    EXPECT_EQ(field(Kind::mailgun, "X-Mailgun-Variables"), R"({"mailrota_id":")" + id + R"("})");
    EXPECT_EQ(field(Kind::mandrill, "X-MC-Metadata"), R"({"mailrota_id":")" + id + R"("})");
    EXPECT_EQ(field(Kind::ses, "X-SES-MESSAGE-TAGS"), "mailrota_id=" + id);
    EXPECT_EQ(field(Kind::postmark, "X-PM-Metadata-mailrota_id"), id);
    EXPECT_EQ(field(Kind::resend, "Resend-Idempotency-Key"), id);
    const auto sendgrid = boost::json::parse(field(Kind::sendgrid, "X-SMTPAPI"));
    EXPECT_EQ(sendgrid.at("unique_args").at("mailrota_id").as_string(), id);
    const auto sparkpost = boost::json::parse(field(Kind::sparkpost, "X-MSYS-API"));
    EXPECT_EQ(sparkpost.at("metadata").at("mailrota_id").as_string(), id);
}

TEST(SmtpHost, TracksOnlyWhenAsked) {
    const auto sendgrid = boost::json::parse(field(Kind::sendgrid, "X-SMTPAPI"));
    for (const auto* const filter : {"clicktrack", "opentrack", "subscriptiontrack"})
        EXPECT_EQ(sendgrid.at("filters").at(filter).at("settings").at("enable").as_int64(), 0) << filter;
    EXPECT_THAT(field(Kind::sendgrid, "X-SMTPAPI", true), Not(HasSubstr("filters")));
    EXPECT_EQ(field(Kind::mailgun, "X-Mailgun-Track"), "no");
    EXPECT_EQ(field(Kind::mailgun, "X-Mailgun-Track", true), "yes");
    EXPECT_EQ(field(Kind::mandrill, "X-MC-Track"), "");
    EXPECT_EQ(field(Kind::mandrill, "X-MC-Track", true), "opens,clicks_all");
    EXPECT_EQ(field(Kind::postmark, "X-PM-TrackOpens"), "false");
    EXPECT_EQ(field(Kind::postmark, "X-PM-TrackLinks"), "None");
    EXPECT_EQ(field(Kind::postmark, "X-PM-TrackLinks", true), "HtmlAndText");
    const auto sparkpost = boost::json::parse(field(Kind::sparkpost, "X-MSYS-API")).at("options");
    EXPECT_FALSE(sparkpost.at("open_tracking").as_bool());
    EXPECT_FALSE(sparkpost.at("click_tracking").as_bool());
    EXPECT_TRUE(sparkpost.at("transactional").as_bool());
}

TEST(SmtpHost, KeepsRecipientsAndMessageIdWhereItHasToBeTold) {
    EXPECT_EQ(field(Kind::mandrill, "X-MC-PreserveRecipients"), "true");
    EXPECT_EQ(field(Kind::postmark, "X-PM-KeepID"), "true");
    EXPECT_EQ(field(Kind::postmark, "X-PM-Message-Stream"), "outbound");
    EXPECT_EQ(field(Kind::ses, "X-SES-CONFIGURATION-SET"), "main");
}

TEST(SmtpHost, GetsTheMailElseAsItIs) {
    for (const Kind kind : {Kind::sendgrid, Kind::mailgun, Kind::mandrill, Kind::postmark, Kind::sparkpost,
                            Kind::resend, Kind::smtp}) {
        const mail::Message message = sent(kind);
        EXPECT_THAT(message.header("DKIM-Signature"), ElementsAre("x"));
        EXPECT_EQ(message.body(), "body\r\n");
        EXPECT_TRUE(smtp_traits(kind).keeps_dkim);
    }
    EXPECT_THAT(sent(Kind::ses).header("DKIM-Signature"), ElementsAre()) << "SES writes Message-ID anew";
    EXPECT_FALSE(smtp_traits(Kind::ses).keeps_dkim);
    EXPECT_EQ(sent(Kind::smtp).bytes(), mail_text);
}

TEST(SmtpHost, TakesTheNullSenderAndNeverLooksUp) {
    for (const Kind kind : {Kind::sendgrid, Kind::mailgun, Kind::mandrill, Kind::ses, Kind::postmark,
                            Kind::sparkpost, Kind::resend, Kind::smtp}) {
        const Traits traits = smtp_traits(kind);
        EXPECT_TRUE(traits.raw && traits.null_sender && !traits.looks_up);
        EXPECT_GT(traits.max_recipients, 0U);
        EXPECT_EQ(traits.keeps_envelope_sender, kind == Kind::smtp);
        EXPECT_EQ(traits.idempotent, kind == Kind::resend);
    }
}

}  // namespace
}  // namespace mailrota::providers
