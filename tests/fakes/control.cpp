#include "tests/fakes/control.h"

#include <set>

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

Reply done() { return json_reply(200, json::object{}); }
Reply wrong(const std::string& words) { return json_reply(400, {{"error", words}}); }

json::array list_of(const std::set<std::string>& words) { return json::array(words.begin(), words.end()); }

void read_set(const json::object& order, const char* name, std::set<std::string>& words) {
    const auto* list = order.if_contains(name);
    if (!list) return;
    words.clear();
    for (const auto& word : list->as_array()) words.insert(small_letters(std::string(word.as_string())));
}

template <class T>
void read_number(const json::object& order, const char* name, T& value) {
    if (const auto* given = order.if_contains(name)) value = T(given->to_number<int>());
}

json::object described(const Account& account) {
    return {{"key", account.key},
            {"access_key", account.access_key},
            {"secret_key", account.secret_key},
            {"region", account.region},
            {"domains", list_of(account.domains)},
            {"bad", list_of(account.bad)},
            {"suppressed", list_of(account.suppressed)},
            {"bouncing", list_of(account.bouncing)},
            {"webhook_key", account.webhook_key},
            {"webhook_user", account.webhook_user},
            {"webhook_password", account.webhook_password},
            {"topic", account.topic},
            {"hook_url", account.hook_url}};
}

void change_texts(const json::object& order, Account& account) {
    const auto change = [&](const char* name, std::string& member) {
        if (order.contains(name)) member = text_at(order, name);
    };
    change("key", account.key);
    change("access_key", account.access_key);
    change("secret_key", account.secret_key);
    change("region", account.region);
    change("webhook_key", account.webhook_key);
    change("webhook_user", account.webhook_user);
    change("webhook_password", account.webhook_password);
    change("topic", account.topic);
    change("hook_url", account.hook_url);
    change("signed_url", account.signed_url);
    change("indicator", account.indicator);
}

json::object described(const Mail& mail, const Delivery& delivery) {
    return {{"provider", mail.provider},
            {"id", delivery.provider_id},
            {"our_id", mail.our_id},
            {"sender", mail.sender},
            {"recipient", delivery.recipient},
            {"content", to_base64(delivery.content.empty() ? mail.content : delivery.content)},
            {"given", to_base64(mail.given)},
            {"extras", mail.extras}};
}

}  // namespace

asio::awaitable<Reply> Control::answer(Request request) {
    const auto name = request.path.substr(std::string_view("/control/").size());
    const auto parsed =
        request.body.empty() ? json::value(json::object{}) : parse_json(request.body).value_or(nullptr);
    if (!parsed.is_object()) co_return wrong("the body is not a JSON object");
    const auto& order = parsed.get_object();
    const auto call = request.method + " " + name;
    if (name.starts_with("phone")) co_return phone_.answer(call, request, order);
    if (call == "GET accounts") co_return accounts();
    if (call == "POST accounts") co_return change_account(order);
    if (call == "POST faults") co_return add_fault(order);
    if (call == "GET mails") co_return mails(request);
    if (call == "GET counts") co_return counts();
    if (call == "GET messages") co_return told();
    if (call == "POST emit") {
        Reply reply = co_await emit(order);
        co_return reply;
    }
    if (call == "DELETE faults") {
        world_.faults.clear(find_field(request.query, "provider").value_or(""));
        co_return done();
    }
    if (call == "DELETE mails") {
        world_.office.clear();
        for (const auto& provider : world_.providers) provider->reset();
        co_return done();
    }
    co_return json_reply(404, {{"error", "there is no " + call}});
}

Reply Control::accounts() const {
    json::object all;
    for (const auto& provider : world_.providers) all[provider->name()] = described(provider->account());
    all["sendgrid"].as_object()["public_key"] = world_.keys.sendgrid_public_key();
    all["ses"].as_object()["certificate"] = world_.keys.certificate;
    return json_reply(200, all);
}

Reply Control::change_account(const json::object& order) {
    Provider* provider = world_.provider(text_at(order, "provider"));
    if (!provider) return wrong("there is no such provider");
    Account& account = provider->account();
    change_texts(order, account);
    read_set(order, "domains", account.domains);
    read_set(order, "bad", account.bad);
    read_set(order, "suppressed", account.suppressed);
    read_set(order, "bouncing", account.bouncing);
    read_number(order, "latency_ms", account.latency);
    read_number(order, "index_lag_ms", account.index_lag);
    read_number(order, "hook_delay_ms", account.hook_delay);
    read_number(order, "most_calls_a_second", account.most_calls_a_second);
    if (const auto* check = order.if_contains("check")) account.check = check->as_bool();
    if (const auto* keep = order.if_contains("keep")) account.keep = keep->as_bool();
    return done();
}

Reply Control::add_fault(const json::object& order) {
    auto fault = Fault::from_json(order);
    if (!fault) return wrong("there is no such fault");
    if (!fault->provider.empty() && !world_.api(fault->provider)) return wrong("there is no such provider");
    world_.faults.add(*std::move(fault));
    return done();
}

Reply Control::mails(const Request& request) const {
    const auto provider = find_field(request.query, "provider").value_or("");
    const auto recipient = small_letters(find_field(request.query, "recipient").value_or(""));
    const auto our_id = find_field(request.query, "our_id").value_or("");
    json::array found;
    for (const auto& mail : world_.office.mails()) {
        if (!provider.empty() && mail->provider != provider) continue;
        if (!our_id.empty() && mail->our_id != our_id) continue;
        for (const auto& delivery : mail->deliveries)
            if (recipient.empty() || small_letters(delivery.recipient) == recipient)
                found.push_back(described(*mail, delivery));
    }
    return json_reply(200, {{"mails", found}});
}

Reply Control::counts() const {
    json::object all;
    for (const auto& provider : world_.providers) {
        const Calls& calls = provider->calls();
        all[provider->name()] = {{"sending", calls.sending},
                                 {"refused", calls.refused},
                                 {"others", calls.others},
                                 {"accepted", world_.office.accepted(provider->name())}};
    }
    return json_reply(200, all);
}

Reply Control::told() const {
    return json_reply(200, {{"events", messages_.events},
                            {"posts", messages_.posts},
                            {"given_up", messages_.given_up},
                            {"waiting", messages_.waiting}});
}

HookEvent Control::read_event(const Provider& provider, const json::object& order) const {
    HookEvent event;
    const auto our_id = text_at(order, "our_id");
    const auto message_id = text_at(order, "message_id");
    const auto mail = world_.office.find(provider.name(), our_id.empty() ? message_id : our_id);
    auto recipient = text_at(order, "recipient");
    if (mail && recipient.empty() && !mail->to.empty()) recipient = mail->to.front();
    event = event_about(mail ? *mail : Mail(), recipient, text_at(order, "type"));
    if (!our_id.empty()) event.our_id = our_id;
    if (!message_id.empty()) event.message_id = message_id;
    if (event.message_id.empty()) event.message_id = random_hex(22);
    if (const auto id = text_at(order, "event_id"); !id.empty()) event.event_id = id;
    if (const auto words = text_at(order, "words"); !words.empty()) event.words = words;
    if (const auto* at = order.if_contains("at"))
        event.at = Seconds(std::chrono::seconds(at->to_number<std::int64_t>()));
    if (const auto* overrides = order.if_contains("overrides")) event.overrides = overrides->as_object();
    if (const auto* native = order.if_contains("native")) event.native = *native;
    return event;
}

asio::awaitable<Reply> Control::emit(json::object order) {
    const Provider* provider = world_.provider(text_at(order, "provider"));
    if (!provider) co_return wrong("there is no such provider");
    std::vector<HookEvent> events;
    if (const auto* list = order.if_contains("events"))
        for (const auto& event : list->as_array()) events.push_back(read_event(*provider, event.as_object()));
    HookOrder terms;
    const auto said = [&](const char* name) {
        const auto* value = order.if_contains(name);
        return value && value->as_bool();
    };
    terms.url = order.contains("signed_url") ? text_at(order, "signed_url") : text_at(order, "url");
    terms.wrong_key = said("wrong_key");
    terms.alter = said("alter");
    terms.unsigned_post = said("unsigned");
    if (const auto* at = order.if_contains("signed_at"))
        terms.signed_at = Seconds(std::chrono::seconds(at->to_number<std::int64_t>()));
    int times = 1;
    read_number(order, "times", times);
    json::array results;
    for (const auto& post : provider->posts(events, terms)) {
        json::object result{
            {"headers", json::object{}}, {"body", to_base64(post.body)}, {"status", 0}, {"words", ""}};
        for (const auto& [name, value] : post.headers) result["headers"].as_object()[name] = value;
        for (int time = 0; order.contains("url") && time < times; ++time) {
            const PostOutcome outcome = co_await send_post(text_at(order, "url"), post);
            result["status"] = outcome.status;
            result["words"] = outcome.words;
            if (time + 1 < times) results.push_back(result);
        }
        results.push_back(std::move(result));
    }
    co_return json_reply(200, {{"posts", results}});
}

}  // namespace mailrota::fakes
