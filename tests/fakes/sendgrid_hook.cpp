#include <boost/json/serialize.hpp>
#include <map>

#include "tests/fakes/sendgrid.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

std::string native_word(const std::string& type) {
    static const std::map<std::string, std::string> words = {
        {"queued", "processed"}, {"bounced", "bounce"},          {"soft_bounced", "bounce"},
        {"rejected", "dropped"}, {"complained", "spamreport"},   {"opened", "open"},
        {"clicked", "click"},    {"unsubscribed", "unsubscribe"}};
    const auto found = words.find(type);
    return found == words.end() ? type : found->second;
}

json::value native(const HookEvent& event) {
    if (event.native) return *event.native;
    json::object made{{"email", event.recipient},
                      {"timestamp", event.at.time_since_epoch().count()},
                      {"event", native_word(event.type)},
                      {"sg_event_id", event.event_id},
                      {"sg_message_id", event.message_id + ".filter0001.16648.5515E0B88.0"},
                      {"smtp-id", "<" + event.message_id + "@geopod-ismtpd-1>"}};
    if (!event.our_id.empty()) made["mailrota_id"] = event.our_id;
    if (event.type == "bounced" || event.type == "soft_bounced") {
        made["type"] = event.type == "bounced" ? "bounce" : "blocked";
        made["reason"] = event.words;
        made["status"] = event.type == "bounced" ? "5.1.1" : "4.2.2";
    }
    if (event.type == "rejected") made["reason"] = "Bounced Address";
    if (event.type == "deferred" || event.type == "delivered") made["response"] = event.words;
    if (event.type == "deferred") made["attempt"] = "1";
    if (event.type == "clicked") made["url"] = "https://www.example.com/offer";
    if (event.type == "opened" || event.type == "clicked") made["useragent"] = "Mozilla/5.0 (test)";
    override_members(made, event.overrides);
    return made;
}

}  // namespace

std::vector<HookPost> SendGrid::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    json::array batch;
    for (const auto& event : events) batch.push_back(native(event));
    HookPost post;
    post.body = json::serialize(batch) + "\r\n";
    post.headers.emplace_back("Content-Type", "application/json");
    if (!order.unsigned_post) {
        const auto time =
            std::to_string(order.signed_at.value_or(current_second()).time_since_epoch().count());
        const auto& key = order.wrong_key ? keys_.stranger_elliptic : keys_.sendgrid;
        post.headers.emplace_back("X-Twilio-Email-Event-Webhook-Signature",
                                  to_base64(key.sign(time + post.body)));
        post.headers.emplace_back("X-Twilio-Email-Event-Webhook-Timestamp", time);
    }
    return {finished(std::move(post), order)};
}

}  // namespace mailrota::fakes
