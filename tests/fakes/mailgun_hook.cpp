#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/fakes/header_block.h"
#include "tests/fakes/mailgun.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

std::string native_word(const std::string& type) {
    static const std::map<std::string, std::string> words = {
        {"queued", "accepted"}, {"bounced", "failed"}, {"soft_bounced", "failed"}, {"deferred", "failed"}};
    const auto found = words.find(type);
    return found == words.end() ? type : found->second;
}

/// A message id without its brackets, as events have it.
std::string bare_id(const std::string& id) {
    return id.starts_with('<') && id.ends_with('>') ? id.substr(1, id.size() - 2) : id;
}

json::object status(const HookEvent& event, bool passed, int code) {
    return {{"tls", true},
            {"mx-host", "mx.example.com"},
            {"attempt-no", 1},
            {"code", code},
            {"message", event.words},
            {"description", passed ? "" : event.words},
            {"session-seconds", 0.4},
            {"enhanced-code", passed        ? "2.0.0"
                              : code == 550 ? "5.1.1"
                                            : "4.2.2"}};
}

json::object native(const HookEvent& event) {
    json::object made{{"event", native_word(event.type)},
                      {"id", event.event_id.substr(0, 22)},
                      {"timestamp", static_cast<double>(event.at.time_since_epoch().count()) + 0.25},
                      {"log-level", "info"},
                      {"recipient", event.recipient},
                      {"recipient-domain", domain_of(event.recipient)},
                      {"flags",
                       {{"is-routed", false},
                        {"is-authenticated", true},
                        {"is-system-test", false},
                        {"is-test-mode", false}}},
                      {"message",
                       {{"headers",
                         {{"to", event.recipient},
                          {"message-id", bare_id(event.message_id)},
                          {"from", event.sender},
                          {"subject", event.subject}}},
                        {"attachments", json::array{}},
                        {"size", 1000}}},
                      {"tags", json::array{}},
                      {"user-variables", json::object{}}};
    if (!event.our_id.empty()) made["user-variables"] = {{"mailrota_id", event.our_id}};
    if (event.type == "delivered") made["delivery-status"] = status(event, true, 250);
    if (event.type == "bounced" || event.type == "soft_bounced" || event.type == "deferred") {
        const bool permanent = event.type != "deferred";
        made["severity"] = permanent ? "permanent" : "temporary";
        made["reason"] = permanent ? "bounce" : "generic";
        made["delivery-status"] = status(event, false, event.type == "bounced" ? 550 : 452);
    }
    if (event.type == "rejected") made["reject"] = {{"reason", event.words}, {"description", ""}};
    if (event.type == "clicked") made["url"] = "https://www.example.com/offer";
    if (event.type == "opened" || event.type == "clicked")
        made["client-info"] = {{"client-type", "browser"}, {"user-agent", "Mozilla/5.0 (test)"}};
    override_members(made, event.overrides);
    return made;
}

HookEvent accepted_event(const Mail& mail, const std::string& recipient) {
    HookEvent event;
    event.type = "queued";
    event.our_id = mail.our_id;
    event.message_id = mail.id;
    event.recipient = recipient;
    event.sender = mail.sender;
    event.subject = mail.subject;
    event.event_id = random_hex(32);
    event.at = mail.at;
    event.words = "queued";
    return event;
}

}  // namespace

std::vector<HookPost> Mailgun::posts(const std::vector<HookEvent>& events, const HookOrder& order) const {
    std::vector<HookPost> posts;
    for (const auto& event : events) {
        const auto time =
            std::to_string(order.signed_at.value_or(current_second()).time_since_epoch().count());
        const auto token = random_hex(50);
        const auto key = order.wrong_key ? std::string("another-key") : account().webhook_key;
        json::object body;
        if (!order.unsigned_post)
            body["signature"] = {
                {"timestamp", time}, {"token", token}, {"signature", to_hex(hmac_sha256(key, time + token))}};
        body["event-data"] = event.native ? *event.native : json::value(native(event));
        HookPost post;
        post.headers.emplace_back("Content-Type", "application/json");
        if (order.alter && body.contains("signature"))
            body["signature"].as_object()["token"] = random_hex(50);
        post.body = json::serialize(body);
        posts.push_back(std::move(post));
    }
    return posts;
}

Reply Mailgun::events_of(const Request& request) const {
    static const std::set<std::string> filters = {
        "message-id", "user-variables", "recipient", "event", "begin",   "end", "ascending", "limit",
        "to",         "from",           "subject",   "tags",  "severity"};
    for (const auto& [name, value] : request.query)
        if (!filters.contains(name)) return json_reply(400, {{"message", "'" + name + "' is not a filter"}});
    const auto asked = [&](const char* name) { return find_field(request.query, name).value_or(""); };
    const auto number = [&](const char* name, double otherwise) {
        return asked(name).empty() ? otherwise : std::strtod(asked(name).c_str(), nullptr);
    };
    const auto variables = parse_json(asked("user-variables"));
    const auto our_id =
        variables && variables->is_object() ? text_at(variables->get_object(), "mailrota_id") : "";
    const bool of_acceptance = asked("event").empty() || asked("event").find("accepted") != std::string::npos;
    const auto limit = static_cast<std::size_t>(std::min(number("limit", 100), 300.0));
    json::array items;
    for (const auto& mail : of_acceptance ? listed() : std::vector<MailPointer>()) {
        const auto at = static_cast<double>(mail->at.time_since_epoch().count());
        if (at < number("begin", 0) || at > number("end", 1e12)) continue;
        if (!our_id.empty() && mail->our_id != our_id) continue;
        if (!asked("message-id").empty() && bare_id(mail->id) != bare_id(asked("message-id"))) continue;
        for (const auto& recipient : mail->to) {
            const bool wanted = asked("recipient").empty() || asked("recipient") == recipient;
            if (wanted && items.size() < limit) items.push_back(native(accepted_event(*mail, recipient)));
        }
    }
    return json_reply(
        200, {{"items", items}, {"paging", {{"next", ""}, {"previous", ""}, {"first", ""}, {"last", ""}}}});
}

}  // namespace mailrota::fakes
