// What each event of each provider means in the normal form.
#include <gmock/gmock.h>

#include "core/providers/hook_fixture.h"

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;
using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

// One event of a provider, without what is the same in all of them.
struct Case {
    std::string fields;
    Type type = Type::unknown;
    Reason reason = Reason::none;
    bool soft = false;
};

template <class Wrap>
void check(Kind kind, const std::vector<Case>& cases, Wrap wrap) {
    for (const auto& one : cases) {
        const MailEvent event = only(read(kind, wrap(one.fields)));
        EXPECT_EQ(to_string(event.type), to_string(one.type)) << one.fields;
        EXPECT_EQ(to_string(event.reason), to_string(one.reason)) << one.fields;
        EXPECT_EQ(event.soft, one.soft) << one.fields;
        EXPECT_FALSE(event.id.empty());
        EXPECT_FALSE(event.native.empty());
    }
}

TEST(WebhookEvents, OfSendgrid) {
    const auto wrap = [](const std::string& fields) { return "[{\"sg_event_id\":\"e1\"," + fields + "}]"; };
    check(Kind::sendgrid,
          {{R"("event":"processed")", Type::queued},
           {R"("event":"deferred")", Type::deferred},
           {R"("event":"delivered")", Type::delivered},
           {R"("event":"bounce","type":"bounce")", Type::bounced, Reason::bounced},
           {R"("event":"bounce","type":"blocked")", Type::bounced, Reason::blocked, true},
           {R"("event":"dropped","reason":"Invalid")", Type::rejected, Reason::invalid},
           {R"("event":"dropped","reason":"Unsubscribed Address")", Type::rejected, Reason::unsubscribed},
           {R"("event":"dropped","reason":"Bounced Address")", Type::rejected, Reason::bounced},
           {R"("event":"dropped","type":"bounce")", Type::rejected, Reason::bounced},
           {R"("event":"dropped","reason":"Spam Reporting Address")", Type::rejected, Reason::spam},
           {R"("event":"dropped","reason":"Spam Content")", Type::rejected, Reason::blocked},
           {R"("event":"dropped","type":"expired")", Type::rejected, Reason::timed_out},
           {R"("event":"dropped","reason":"Invalid SMTPAPI header")", Type::rejected, Reason::other},
           {R"("event":"open")", Type::opened},
           {R"("event":"click")", Type::clicked},
           {R"("event":"spamreport")", Type::complained, Reason::spam},
           {R"("event":"unsubscribe")", Type::unsubscribed, Reason::unsubscribed},
           {R"("event":"group_unsubscribe")", Type::unsubscribed, Reason::unsubscribed},
           {R"("event":"group_resubscribe")", Type::subscribed},
           {R"("event":"account_status_change")", Type::unknown}},
          wrap);
}

TEST(WebhookEvents, OfMailgun) {
    const auto failed = [](const std::string& rest) { return R"("event":"failed",)" + rest; };
    check(Kind::mailgun,
          {{R"("event":"accepted")", Type::queued},
           {R"("event":"rejected","reject":{"reason":"Sandbox"})", Type::rejected, Reason::other},
           {R"("event":"delivered")", Type::delivered},
           {failed(R"("severity":"permanent","reason":"bounce")"), Type::bounced, Reason::bounced},
           {failed(R"("severity":"permanent","reason":"espblock")"), Type::bounced, Reason::blocked, true},
           {failed(R"("severity":"permanent","delivery-status":{"code":605})"), Type::rejected,
            Reason::bounced},
           {failed(R"("severity":"permanent","delivery-status":{"code":606})"), Type::rejected,
            Reason::unsubscribed},
           {failed(R"("severity":"permanent","delivery-status":{"code":607})"), Type::rejected, Reason::spam},
           {failed(R"("severity":"permanent","reason":"suppress-bounce")"), Type::rejected, Reason::bounced},
           {failed(R"("severity":"permanent","reason":"suppress-unsubscribe")"), Type::rejected,
            Reason::unsubscribed},
           {failed(R"("severity":"permanent","reason":"suppress-complaint")"), Type::rejected, Reason::spam},
           {failed(R"("severity":"permanent","reason":"suppress-new")"), Type::rejected, Reason::other},
           {failed(R"("severity":"temporary","reason":"generic","delivery-status":{"code":450})"),
            Type::deferred},
           {R"("event":"opened")", Type::opened},
           {R"("event":"clicked")", Type::clicked},
           {R"("event":"unsubscribed")", Type::unsubscribed, Reason::unsubscribed},
           {R"("event":"complained")", Type::complained, Reason::spam},
           {R"("event":"stored")", Type::unknown}},
          mailgun);
}

TEST(WebhookEvents, OfMailgunsOldForm) {
    const auto form = [](const std::string& fields) {
        return "recipient=ann%40example.com&timestamp=1&Message-Id=%3Cm1%40example.com%3E&" + fields +
               "&timestamp=1700000000&token=t9&signature=s";
    };
    check(Kind::mailgun,
          {{"event=delivered", Type::delivered},
           {"event=dropped&code=605", Type::rejected, Reason::bounced},
           {"event=dropped&code=607", Type::rejected, Reason::spam},
           {"event=bounced&code=550", Type::bounced, Reason::bounced},
           {"event=bounced&code=5.1.1", Type::bounced, Reason::bounced},
           {"event=complained", Type::complained, Reason::spam},
           {"event=unsubscribed", Type::unsubscribed, Reason::unsubscribed},
           {"event=opened", Type::opened},
           {"event=clicked", Type::clicked},
           {"event=new", Type::unknown}},
          form);
}

TEST(WebhookEvents, OfMandrill) {
    const auto wrap = [](const std::string& fields) {
        return form_of("[{\"_id\":\"a1\",\"ts\":1700000000," + fields + "}]");
    };
    const auto reject = [](const std::string& word) {
        return R"("event":"reject","msg":{"reject":{"reason":")" + word + R"("}})";
    };
    check(Kind::mandrill,
          {{R"("event":"send")", Type::sent},
           {R"("event":"delivered")", Type::delivered},
           {R"("event":"deferral")", Type::deferred},
           {R"("event":"hard_bounce")", Type::bounced, Reason::bounced},
           {R"("event":"soft_bounce")", Type::bounced, Reason::bounced, true},
           {reject("hard-bounce"), Type::rejected, Reason::bounced},
           {reject("soft-bounce"), Type::rejected, Reason::bounced},
           {reject("spam"), Type::rejected, Reason::spam},
           {reject("unsub"), Type::rejected, Reason::unsubscribed},
           {reject("invalid"), Type::rejected, Reason::invalid},
           {reject("custom"), Type::rejected, Reason::blocked},
           {reject("unsigned"), Type::rejected, Reason::other},
           {R"("event":"reject","reject":"unsub")", Type::rejected, Reason::unsubscribed},
           {R"("event":"open")", Type::opened},
           {R"("event":"click")", Type::clicked},
           {R"("event":"spam")", Type::complained, Reason::spam},
           {R"("event":"unsub")", Type::unsubscribed, Reason::unsubscribed},
           {R"("type":"whitelist","action":"add","reject":{"email":"ann@example.com"})", Type::unknown},
           {R"("type":"blacklist","action":"add","reject":{"reason":"hard-bounce"})", Type::unknown}},
          wrap);
}

TEST(WebhookEvents, OfPostmark) {
    const auto bounce = [](const std::string& type) {
        return R"("RecordType":"Bounce","Type":")" + type + "\"";
    };
    const auto change = [](const std::string& rest) {
        return R"("RecordType":"SubscriptionChange",)" + rest;
    };
    check(Kind::postmark,
          {{R"("RecordType":"Delivery")", Type::delivered},
           {R"("RecordType":"Open")", Type::opened},
           {R"("RecordType":"Click")", Type::clicked},
           {R"("RecordType":"SpamComplaint","Type":"SpamComplaint")", Type::complained, Reason::spam},
           {R"("RecordType":"Inbound")", Type::unknown},
           {bounce("HardBounce"), Type::bounced, Reason::bounced},
           {bounce("SoftBounce"), Type::bounced, Reason::bounced, true},
           {bounce("Transient"), Type::deferred},
           {bounce("DnsError"), Type::deferred},
           {bounce("OpenRelayTest"), Type::deferred},
           {bounce("SpamNotification"), Type::complained, Reason::spam},
           {bounce("SpamComplaint"), Type::complained, Reason::spam},
           {bounce("AutoResponder"), Type::autoresponded},
           {bounce("AddressChange"), Type::autoresponded},
           {bounce("ChallengeVerification"), Type::autoresponded},
           {bounce("BadEmailAddress"), Type::rejected, Reason::invalid},
           {bounce("Blocked"), Type::rejected, Reason::blocked},
           {bounce("ManuallyDeactivated"), Type::rejected, Reason::blocked},
           {bounce("DMARCPolicy"), Type::rejected, Reason::blocked},
           {bounce("VirusNotification"), Type::bounced, Reason::other, true},
           {bounce("SMTPApiError"), Type::failed, Reason::other},
           {bounce("TemplateRenderingFailed"), Type::failed, Reason::other},
           {bounce("Unsubscribe"), Type::unsubscribed, Reason::unsubscribed},
           {bounce("Unknown"), Type::unknown},
           {bounce("Brandnew"), Type::bounced, Reason::other, true},
           {change(R"("SuppressSending":true,"SuppressionReason":"HardBounce")"), Type::bounced,
            Reason::bounced},
           {change(R"("SuppressSending":true,"SuppressionReason":"SpamComplaint")"), Type::complained,
            Reason::spam},
           {change(R"("SuppressSending":true,"SuppressionReason":"ManualSuppression")"), Type::unsubscribed,
            Reason::unsubscribed},
           {change(R"("SuppressSending":false,"SuppressionReason":null)"), Type::subscribed}},
          [](const std::string& fields) { return "{" + fields + "}"; });
}

TEST(WebhookEvents, OfSes) {
    const auto wrap = [](const std::string& fields) {
        return sns_of(R"({"mail":{"messageId":"m1","destination":["ann@example.com"]},)" + fields + "}");
    };
    check(Kind::ses,
          {{R"("eventType":"Send","send":{})", Type::sent},
           {R"("eventType":"Delivery","delivery":{"recipients":["ann@example.com"]})", Type::delivered},
           {R"("notificationType":"Delivery","delivery":{})", Type::delivered},
           {R"("eventType":"Bounce","bounce":{"bounceType":"Permanent"})", Type::bounced, Reason::bounced},
           {R"("notificationType":"Bounce","bounce":{"bounceType":"Transient"})", Type::bounced,
            Reason::bounced, true},
           {R"("eventType":"Complaint","complaint":{})", Type::complained, Reason::spam},
           {R"("eventType":"Reject","reject":{"reason":"Bad content"})", Type::rejected, Reason::blocked},
           {R"("eventType":"DeliveryDelay","deliveryDelay":{})", Type::deferred},
           {R"("eventType":"Open","open":{})", Type::opened},
           {R"("eventType":"Click","click":{})", Type::clicked},
           {R"("eventType":"Rendering Failure","failure":{"errorMessage":"x"})", Type::failed, Reason::other},
           {R"("eventType":"Subscription","subscription":{})", Type::unsubscribed, Reason::unsubscribed},
           {R"("eventType":"New","new":{})", Type::unknown}},
          wrap);
}

TEST(WebhookEvents, OfSparkpost) {
    const auto wrap = [](const std::string& fields) {
        return R"([{"msys":{"message_event":{"event_id":"e1",)" + fields + "}}}]";
    };
    const auto bounce = [](const std::string& of) {
        return R"("type":"bounce","bounce_class":")" + of + "\"";
    };
    check(Kind::sparkpost,
          {{R"("type":"injection")", Type::queued},
           {R"("type":"delivery")", Type::delivered},
           {R"("type":"delay","bounce_class":"60")", Type::deferred},
           {R"("type":"out_of_band","bounce_class":"10")", Type::bounced, Reason::invalid},
           {R"("type":"policy_rejection","bounce_class":"25")", Type::rejected, Reason::blocked},
           {R"("type":"policy_rejection")", Type::rejected, Reason::other},
           {R"("type":"generation_rejection")", Type::rejected, Reason::other},
           {R"("type":"generation_failure")", Type::failed, Reason::other},
           {R"("type":"spam_complaint")", Type::complained, Reason::spam},
           {R"("type":"open")", Type::opened},
           {R"("type":"initial_open")", Type::opened},
           {R"("type":"amp_open")", Type::opened},
           {R"("type":"click")", Type::clicked},
           {R"("type":"amp_click")", Type::clicked},
           {R"("type":"list_unsubscribe")", Type::unsubscribed, Reason::unsubscribed},
           {R"("type":"link_unsubscribe")", Type::unsubscribed, Reason::unsubscribed},
           {bounce("1"), Type::bounced, Reason::other, true},
           {bounce("10"), Type::bounced, Reason::invalid},
           {bounce("20"), Type::bounced, Reason::bounced, true},
           {bounce("21"), Type::bounced, Reason::bounced, true},
           {bounce("22"), Type::bounced, Reason::bounced, true},
           {bounce("23"), Type::bounced, Reason::bounced, true},
           {bounce("24"), Type::bounced, Reason::timed_out, true},
           {bounce("25"), Type::bounced, Reason::blocked, true},
           {bounce("30"), Type::bounced, Reason::bounced},
           {bounce("40"), Type::bounced, Reason::bounced, true},
           {bounce("50"), Type::bounced, Reason::blocked, true},
           {bounce("51"), Type::bounced, Reason::spam, true},
           {bounce("52"), Type::bounced, Reason::spam, true},
           {bounce("53"), Type::bounced, Reason::other, true},
           {bounce("54"), Type::bounced, Reason::blocked, true},
           {bounce("60"), Type::autoresponded},
           {bounce("70"), Type::bounced, Reason::bounced, true},
           {bounce("80"), Type::subscribed},
           {bounce("90"), Type::unsubscribed, Reason::unsubscribed},
           {bounce("100"), Type::autoresponded},
           {R"("type":"sms_status")", Type::unknown}},
          wrap);
}

TEST(WebhookEvents, OfResend) {
    check(
        Kind::resend,
        {{R"("type":"email.scheduled")", Type::queued},
         {R"("type":"email.sent")", Type::sent},
         {R"("type":"email.delivered")", Type::delivered},
         {R"("type":"email.delivery_delayed")", Type::deferred},
         {R"("type":"email.bounced","data":{"bounce":{"type":"Permanent"}})", Type::bounced, Reason::bounced},
         {R"("type":"email.bounced","data":{"bounce":{"type":"Transient"}})", Type::bounced, Reason::bounced,
          true},
         {R"("type":"email.complained")", Type::complained, Reason::spam},
         {R"("type":"email.opened")", Type::opened},
         {R"("type":"email.clicked")", Type::clicked},
         {R"("type":"email.failed","data":{"failed":{"reason":"quota"}})", Type::failed, Reason::other},
         {R"("type":"email.suppressed")", Type::rejected, Reason::bounced},
         {R"("type":"email.suppressed","data":{"suppressed":{"type":"OnComplaintList"}})", Type::rejected,
          Reason::spam},
         {R"("type":"email.received")", Type::unknown},
         {R"("type":"contact.created")", Type::unknown}},
        [](const std::string& fields) { return "{" + fields + "}"; });
}

}  // namespace
}  // namespace mailrota::providers
