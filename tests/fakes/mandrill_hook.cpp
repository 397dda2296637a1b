#include <boost/json/serialize.hpp>
#include <map>

#include "tests/fakes/mandrill.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

std::string native_word(const std::string& type) {
    static const std::map<std::string, std::string> words = {
        {"sent", "send"},         {"bounced", "hard_bounce"}, {"soft_bounced", "soft_bounce"},
        {"deferred", "deferral"}, {"rejected", "reject"},     {"complained", "spam"},
        {"opened", "open"},       {"clicked", "click"},       {"unsubscribed", "unsub"}};
    const auto found = words.find(type);
    return found == words.end() ? type : found->second;
}

std::string state_of(const std::string& type) {
    if (type == "bounced") return "bounced";
    if (type == "soft_bounced") return "soft-bounced";
    if (type == "deferred" || type == "rejected") return type;
    return "sent";
}

json::value native(const HookEvent& event) {
    if (event.native) return *event.native;
    const auto time = event.at.time_since_epoch().count();
    json::object message{{"ts", time},
                         {"_id", event.message_id},
                         {"state", state_of(event.type)},
                         {"subject", event.subject},
                         {"email", event.recipient},
                         {"sender", event.sender},
                         {"tags", json::array{}},
                         {"opens", json::array{}},
                         {"clicks", json::array{}},
                         {"smtp_events", json::array{}},
                         {"metadata", json::object{}}};
    if (!event.our_id.empty()) message["metadata"] = {{"mailrota_id", event.our_id}};
    if (event.type == "bounced" || event.type == "soft_bounced") {
        message["bounce_description"] = event.type == "bounced" ? "bad_mailbox" : "mailbox_full";
        message["bgtools_code"] = event.type == "bounced" ? 10 : 22;
        message["diag"] = "smtp;" + event.words;
    }
    if (event.type == "rejected") message["reject"] = {{"reason", "hard-bounce"}, {"last_event_at", nullptr}};
    json::object made{{"event", native_word(event.type)}, {"_id", event.message_id}, {"ts", time}};
    if (event.type == "clicked") made["url"] = "https://www.example.com/offer";
    if (event.type == "opened" || event.type == "clicked") made["user_agent"] = "Mozilla/5.0 (test)";
    made["msg"] = std::move(message);
    override_members(made, event.overrides);
    return made;
}

}  // namespace

std::vector<HookPost> Mandrill::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    json::array batch;
    for (const auto& event : events) batch.push_back(native(event));
    const auto value = json::serialize(batch);
    const auto& url = account().signed_url.empty() ? order.url : account().signed_url;
    const auto key = order.wrong_key  ? std::string("another-key")
                     : events.empty() ? std::string("test-webhook")
                                      : account().webhook_key;
    HookPost post;
    post.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    if (!order.unsigned_post)
        post.headers.emplace_back("X-Mandrill-Signature",
                                  to_base64(hmac_sha1(key, url + "mandrill_events" + value)));
    post.body = "mandrill_events=" + percent_encoded(value);
    return {finished(std::move(post), order)};
}

}  // namespace mailrota::fakes
