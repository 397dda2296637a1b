#include <array>
#include <boost/json/serialize.hpp>
#include <map>

#include "tests/fakes/ses.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

struct Word {
    std::string type;    ///< eventType
    std::string member;  ///< where what is particular to it stands
};

Word native_word(const std::string& type) {
    static const std::map<std::string, Word> words = {{"sent", {"Send", "send"}},
                                                      {"delivered", {"Delivery", "delivery"}},
                                                      {"bounced", {"Bounce", "bounce"}},
                                                      {"soft_bounced", {"Bounce", "bounce"}},
                                                      {"complained", {"Complaint", "complaint"}},
                                                      {"rejected", {"Reject", "reject"}},
                                                      {"deferred", {"DeliveryDelay", "deliveryDelay"}},
                                                      {"opened", {"Open", "open"}},
                                                      {"clicked", {"Click", "click"}},
                                                      {"failed", {"Rendering Failure", "failure"}},
                                                      {"unsubscribed", {"Subscription", "subscription"}}};
    const auto found = words.find(type);
    return found == words.end() ? Word{type, "details"} : found->second;
}

std::string time_of(Seconds at) {
    auto text = iso_date(at);
    return text.insert(text.size() - 1, ".000");
}

json::object details(const HookEvent& event) {
    json::object made{{"timestamp", time_of(event.at)}};
    const json::object person{{"emailAddress", event.recipient}};
    const json::object failed{{"emailAddress", event.recipient},
                              {"action", "failed"},
                              {"status", "5.1.1"},
                              {"diagnosticCode", "smtp; " + event.words}};
    if (event.type == "delivered") {
        made["recipients"] = {event.recipient};
        made["smtpResponse"] = event.words;
        made["processingTimeMillis"] = 500;
    }
    if (event.type == "bounced" || event.type == "soft_bounced") {
        made["bounceType"] = event.type == "bounced" ? "Permanent" : "Transient";
        made["bounceSubType"] = "General";
        made["bouncedRecipients"] = json::array{failed};
        made["feedbackId"] = event.event_id;
    }
    if (event.type == "complained") {
        made["complainedRecipients"] = json::array{person};
        made["complaintFeedbackType"] = "abuse";
        made["feedbackId"] = event.event_id;
    }
    if (event.type == "rejected") made["reason"] = "Bad content";
    if (event.type == "deferred") {
        made["delayType"] = "TransientCommunicationFailure";
        made["delayedRecipients"] = json::array{
            {{"emailAddress", event.recipient}, {"status", "4.4.1"}, {"diagnosticCode", event.words}}};
    }
    if (event.type == "clicked") made["link"] = "https://www.example.com/offer";
    if (event.type == "opened" || event.type == "clicked") made["userAgent"] = "Mozilla/5.0 (test)";
    if (event.type == "unsubscribed") made["source"] = "UnsubscribeHeader";
    if (event.type == "failed") return {{"errorMessage", event.words}, {"templateName", "t"}};
    return made;
}

json::value native(const HookEvent& event) {
    if (event.native) return *event.native;
    const auto word = native_word(event.type);
    json::object tags{{"ses:source-ip", {"192.0.2.1"}}};
    if (!event.our_id.empty()) tags["mailrota_id"] = {event.our_id};
    json::object made{{"eventType", word.type},
                      {"mail",
                       {{"timestamp", time_of(event.at)},
                        {"messageId", event.message_id},
                        {"source", event.sender},
                        {"sendingAccountId", "123456789012"},
                        {"destination", {event.recipient}},
                        {"headersTruncated", false},
                        {"headers", json::array{{{"name", "Subject"}, {"value", event.subject}}}},
                        {"commonHeaders",
                         {{"from", {event.sender}},
                          {"to", {event.recipient}},
                          {"messageId", event.message_id},
                          {"subject", event.subject}}},
                        {"tags", tags}}}};
    made[word.member] = details(event);
    auto overrides = event.overrides;
    overrides.erase("sns");
    override_members(made, overrides);
    return made;
}

std::string to_sign(const json::object& envelope) {
    std::string text;
    constexpr std::array names = {"Message",   "MessageId", "Subject",  "SubscribeURL",
                                  "Timestamp", "Token",     "TopicArn", "Type"};
    for (const char* name : names)
        if (envelope.contains(name)) text += std::string(name) + "\n" + text_at(envelope, name) + "\n";
    return text;
}

}  // namespace

HookPost Ses::post(const HookEvent& event, const HookOrder& order) const {
    const auto at = order.signed_at.value_or(current_second());
    const bool confirmation = event.type == "subscription_confirmation";
    auto id = event.event_id;
    if (id.size() == 32)
        for (const std::size_t dash : {8U, 13U, 18U, 23U}) id.insert(dash, 1, '-');
    json::object envelope{
        {"Type", confirmation ? "SubscriptionConfirmation" : "Notification"},
        {"MessageId", id},
        {"TopicArn", account().topic},
        {"Message",
         confirmation ? "You have chosen to subscribe to the topic." : json::serialize(native(event))},
        {"Timestamp", time_of(at)},
        {"SignatureVersion", "1"},
        {"SigningCertURL", "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-fake.pem"}};
    if (confirmation) {
        envelope["Token"] = random_hex(64);
        envelope["SubscribeURL"] =
            "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + account().topic +
            "&Token=" + text_at(envelope, "Token");
    } else {
        envelope["Subject"] = "Amazon SES Email Event Notification";
        envelope["UnsubscribeURL"] = "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe";
    }
    if (const auto* sns = event.overrides.if_contains("sns")) override_members(envelope, sns->as_object());
    const auto digest =
        text_at(envelope, "SignatureVersion") == "2" ? SigningKey::Digest::sha256 : SigningKey::Digest::sha1;
    const auto& key = order.wrong_key ? keys_.authority : keys_.sns;
    if (!order.unsigned_post) envelope["Signature"] = to_base64(key.sign(to_sign(envelope), digest));
    if (order.alter) envelope["MessageId"] = random_uuid();
    HookPost post;
    post.body = json::serialize(envelope);
    post.headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                    {"x-amz-sns-message-type", text_at(envelope, "Type")},
                    {"x-amz-sns-message-id", text_at(envelope, "MessageId")},
                    {"x-amz-sns-topic-arn", text_at(envelope, "TopicArn")}};
    return post;
}

std::vector<HookPost> Ses::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    std::vector<HookPost> posts;
    for (const auto& event : events) posts.push_back(post(event, order));
    return posts;
}

}  // namespace mailrota::fakes
