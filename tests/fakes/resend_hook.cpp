#include <boost/json/serialize.hpp>
#include <map>

#include "tests/fakes/resend.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

std::string native_word(const std::string& type) {
    static const std::map<std::string, std::string> words = {
        {"queued", "email.scheduled"},    {"sent", "email.sent"},
        {"delivered", "email.delivered"}, {"deferred", "email.delivery_delayed"},
        {"bounced", "email.bounced"},     {"soft_bounced", "email.bounced"},
        {"rejected", "email.suppressed"}, {"complained", "email.complained"},
        {"opened", "email.opened"},       {"clicked", "email.clicked"},
        {"failed", "email.failed"}};
    const auto found = words.find(type);
    return found == words.end() ? type : found->second;
}

json::value native(const HookEvent& event) {
    if (event.native) return *event.native;
    json::array to(event.all.begin(), event.all.end());
    if (to.empty()) to.emplace_back(event.recipient);
    json::object data{{"email_id", event.message_id},
                      {"created_at", iso_date(event.at)},
                      {"from", event.sender},
                      {"subject", event.subject}};
    data["to"] = std::move(to);
    if (!event.our_id.empty()) data["tags"] = {{"mailrota_id", event.our_id}};
    if (event.type == "bounced" || event.type == "soft_bounced")
        data["bounce"] = {{"message", event.words},
                          {"type", event.type == "bounced" ? "Permanent" : "Transient"},
                          {"subType", "General"}};
    if (event.type == "rejected")
        data["suppressed"] = {{"message", event.words}, {"type", "OnAccountSuppressionList"}};
    if (event.type == "failed") data["failed"] = {{"reason", event.words}};
    if (event.type == "clicked")
        data["click"] = {{"link", "https://www.example.com/offer"},
                         {"timestamp", iso_date(event.at)},
                         {"userAgent", "Mozilla/5.0 (test)"}};
    json::object made{{"type", native_word(event.type)}, {"created_at", iso_date(event.at)}};
    made["data"] = std::move(data);
    override_members(made, event.overrides);
    return made;
}

}  // namespace

std::vector<HookPost> Resend::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    std::vector<HookPost> posts;
    for (const auto& event : events) {
        HookPost post;
        post.body = json::serialize(native(event));
        const auto id = "msg_" + event.event_id;
        const auto time =
            std::to_string(order.signed_at.value_or(current_second()).time_since_epoch().count());
        const auto secret = order.wrong_key ? std::string("another-secret")
                                            : from_base64(account().webhook_key.substr(6)).value_or("");
        post.headers = {{"Content-Type", "application/json"}, {"svix-id", id}, {"svix-timestamp", time}};
        if (!order.unsigned_post)
            post.headers.emplace_back(
                "svix-signature", "v1," + to_base64(hmac_sha256(secret, id + "." + time + "." + post.body)));
        posts.push_back(finished(std::move(post), order));
    }
    return posts;
}

}  // namespace mailrota::fakes
