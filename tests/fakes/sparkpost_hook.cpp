#include <boost/json/serialize.hpp>
#include <map>

#include "tests/fakes/sparkpost.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

struct Word {
    std::string type;
    std::string family;
};

Word native_word(const std::string& type) {
    static const std::map<std::string, Word> words = {
        {"queued", {"injection", "message_event"}},
        {"delivered", {"delivery", "message_event"}},
        {"bounced", {"bounce", "message_event"}},
        {"soft_bounced", {"bounce", "message_event"}},
        {"deferred", {"delay", "message_event"}},
        {"rejected", {"policy_rejection", "message_event"}},
        {"complained", {"spam_complaint", "message_event"}},
        {"failed", {"generation_failure", "gen_event"}},
        {"opened", {"open", "track_event"}},
        {"clicked", {"click", "track_event"}},
        {"unsubscribed", {"list_unsubscribe", "unsubscribe_event"}}};
    const auto found = words.find(type);
    return found == words.end() ? Word{type, "message_event"} : found->second;
}

json::value native(const HookEvent& event) {
    if (event.native) return *event.native;
    const auto word = native_word(event.type);
    json::object made{{"type", word.type},
                      {"event_id", event.event_id},
                      {"timestamp", std::to_string(event.at.time_since_epoch().count())},
                      {"transmission_id", event.message_id},
                      {"message_id", random_hex(20)},
                      {"rcpt_to", small_letters(event.recipient)},
                      {"raw_rcpt_to", event.recipient},
                      {"friendly_from", event.sender},
                      {"subject", event.subject},
                      {"rcpt_tags", json::array{}},
                      {"rcpt_meta", json::object{}}};
    if (!event.our_id.empty()) made["rcpt_meta"] = {{"mailrota_id", event.our_id}};
    const bool bounce = event.type == "bounced" || event.type == "soft_bounced";
    if (bounce || event.type == "deferred" || event.type == "rejected") {
        made["bounce_class"] = event.type == "bounced" ? "10" : event.type == "rejected" ? "25" : "22";
        made["error_code"] = event.type == "bounced" ? "550" : "452";
        made["raw_reason"] = event.words;
        made["reason"] = event.words;
    }
    if (event.type == "clicked") made["target_link_url"] = "https://www.example.com/offer";
    if (event.type == "opened" || event.type == "clicked") made["user_agent"] = "Mozilla/5.0 (test)";
    override_members(made, event.overrides);
    json::object family;
    family[word.family] = std::move(made);
    json::object whole;
    whole["msys"] = std::move(family);
    return whole;
}

}  // namespace

std::vector<HookPost> SparkPost::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    json::array batch;
    for (const auto& event : events) batch.push_back(native(event));
    if (events.empty()) batch.push_back(json::object{{"msys", json::object{}}});
    HookPost post;
    post.body = json::serialize(batch);
    post.headers = {{"Content-Type", "application/json"}, {"X-MessageSystems-Batch-ID", random_uuid()}};
    const auto password = order.wrong_key ? "another" : account().webhook_password;
    if (!order.unsigned_post)
        post.headers.emplace_back("Authorization",
                                  "Basic " + to_base64(account().webhook_user + ":" + password));
    return {post};
}

}  // namespace mailrota::fakes
