#include <boost/json/serialize.hpp>

#include "tests/fakes/postmark.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

/// A number that tells events apart, of the event's id.
std::int64_t number_of(const std::string& id) {
    std::int64_t number = 0;
    for (const char c : id) number = (number * 31 + c) % 9'000'000'000;
    return number;
}

void add_bounce(json::object& made, const HookEvent& event, const char* type, int code, const char* name) {
    made["ID"] = number_of(event.event_id);
    made["Type"] = type;
    made["TypeCode"] = code;
    made["Name"] = name;
    made["Description"] = "The mail was not delivered.";
    made["Details"] = event.words;
    made["Email"] = event.recipient;
    made["From"] = event.sender;
    made["BouncedAt"] = iso_date(event.at);
    made["Inactive"] = code != 2;
    made["CanActivate"] = true;
    made["DumpAvailable"] = false;
    made["Subject"] = event.subject;
}

void add_reaction(json::object& made, const HookEvent& event) {
    made["Recipient"] = event.recipient;
    made["UserAgent"] = "Mozilla/5.0 (test)";
    made["ReceivedAt"] = iso_date(event.at);
    if (event.type == "clicked") made["OriginalLink"] = "https://www.example.com/offer";
}

std::string record_type(const std::string& type) {
    if (type == "delivered") return "Delivery";
    if (type == "opened") return "Open";
    if (type == "clicked") return "Click";
    if (type == "complained") return "SpamComplaint";
    if (type == "unsubscribed") return "SubscriptionChange";
    const bool bounce = type == "bounced" || type == "soft_bounced" || type == "deferred" ||
                        type == "rejected" || type == "failed";
    return bounce ? "Bounce" : type;
}

json::object native(const HookEvent& event) {
    json::object made{{"RecordType", record_type(event.type)},
                      {"MessageID", event.message_id},
                      {"ServerID", 1},
                      {"MessageStream", "outbound"},
                      {"Tag", ""},
                      {"Metadata", json::object{}}};
    if (!event.our_id.empty()) made["Metadata"] = {{"mailrota_id", event.our_id}};
    if (event.type == "delivered") {
        made["Recipient"] = event.recipient;
        made["DeliveredAt"] = iso_date(event.at);
        made["Details"] = event.words;
    }
    if (event.type == "bounced") add_bounce(made, event, "HardBounce", 1, "Hard bounce");
    if (event.type == "soft_bounced") add_bounce(made, event, "SoftBounce", 4096, "Soft bounce");
    if (event.type == "deferred") add_bounce(made, event, "Transient", 2, "Message delayed");
    if (event.type == "rejected") add_bounce(made, event, "Blocked", 100006, "ISP block");
    if (event.type == "failed") add_bounce(made, event, "SMTPApiError", 100007, "SMTP API error");
    if (event.type == "complained") add_bounce(made, event, "SpamComplaint", 512, "Spam complaint");
    if (event.type == "opened" || event.type == "clicked") add_reaction(made, event);
    if (event.type == "unsubscribed") {
        made["Recipient"] = event.recipient;
        made["ChangedAt"] = iso_date(event.at);
        made["Origin"] = "Recipient";
        made["SuppressSending"] = true;
        made["SuppressionReason"] = "ManualSuppression";
    }
    override_members(made, event.overrides);
    return made;
}

}  // namespace

std::vector<HookPost> Postmark::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    std::vector<HookPost> posts;
    for (const auto& event : events) {
        HookPost post;
        post.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
        post.headers.emplace_back("User-Agent", "Postmark");
        const auto password = order.wrong_key ? "another" : account().webhook_password;
        if (!order.unsigned_post)
            post.headers.emplace_back("Authorization",
                                      "Basic " + to_base64(account().webhook_user + ":" + password));
        post.body = json::serialize(event.native ? *event.native : json::value(native(event)));
        posts.push_back(std::move(post));
    }
    return posts;
}

}  // namespace mailrota::fakes
