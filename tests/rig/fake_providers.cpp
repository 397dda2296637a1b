#include "tests/rig/fake_providers.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "tests/rig/fake_json.h"
#include "tests/rig/http_client.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

namespace json = boost::json;

json::object to_json(const FakeAccount& change) {
    json::object order;
    put(order, "key", change.key);
    put(order, "region", change.region);
    put(order, "domains", change.domains);
    put(order, "bad", change.bad);
    put(order, "suppressed", change.suppressed);
    put(order, "bouncing", change.bouncing);
    put(order, "latency_ms", change.latency);
    put(order, "index_lag_ms", change.index_lag);
    put(order, "check", change.check);
    put(order, "keep", change.keep);
    put(order, "most_calls_a_second", change.most_calls_a_second);
    put(order, "webhook_key", change.webhook_key);
    put(order, "webhook_user", change.webhook_user);
    put(order, "webhook_password", change.webhook_password);
    put(order, "hook_url", change.hook_url);
    put(order, "signed_url", change.signed_url);
    put(order, "hook_delay_ms", change.hook_delay);
    put(order, "indicator", change.indicator);
    return order;
}

json::object to_json(const FakeEvent& event) {
    json::object order{{"type", event.type}};
    put(order, "our_id", event.our_id);
    put(order, "message_id", event.message_id);
    put(order, "recipient", event.recipient);
    put(order, "event_id", event.event_id);
    put(order, "at", event.at);
    put(order, "words", event.words);
    if (!event.overrides.empty()) order["overrides"] = json::parse(event.overrides);
    if (!event.native.empty()) order["native"] = json::parse(event.native);
    return order;
}

json::object to_json(const FakeEvents& events) {
    json::object order{{"provider", events.provider}, {"wrong_key", events.wrong_key},
                       {"alter", events.alter},       {"unsigned", events.unsigned_post},
                       {"times", events.times},       {"events", json::array{}}};
    put(order, "url", events.url);
    put(order, "signed_url", events.signed_url);
    put(order, "signed_at", events.signed_at);
    for (const auto& event : events.events) order["events"].as_array().push_back(to_json(event));
    return order;
}

FakePost read_post(const json::object& given) {
    FakePost post;
    post.status = given.at("status").to_number<int>();
    post.words = text_at(given, "words");
    post.body = decode_base64(text_at(given, "body"));
    for (const auto& [name, value] : given.at("headers").as_object()) post.headers[name] = value.as_string();
    return post;
}

}  // namespace

FakeProviders::FakeProviders() : port_(free_port()), tls_port_(free_port()) { start(); }
FakeProviders::~FakeProviders() = default;

void FakeProviders::start() {
    Command command;
    command.argv = {program("mailrota-fake-providers"), std::to_string(port_), std::to_string(tls_port_),
                    ca_file()};
    command.output = folder_ / "log";
    process_.emplace(command);
    const auto address = "inet:127.0.0.1:" + std::to_string(port_);
    const bool up =
        wait_until([&] { return accepts(address) || !process_->running(); }, std::chrono::seconds(30));
    if (!up || !process_->running())
        throw std::runtime_error("mailrota-fake-providers does not start:\n" + read_file(folder_ / "log"));
}

void FakeProviders::stop() { process_.reset(); }

std::string FakeProviders::base_url(std::string_view kind) const { return proxy() + "/" + std::string(kind); }
std::string FakeProviders::tls_base_url(std::string_view kind) const {
    return "https://127.0.0.1:" + std::to_string(tls_port_) + "/" + std::string(kind);
}

std::string FakeProviders::ask(std::string_view method, const std::string& call,
                               const std::string& body) const {
    HttpClient client("inet:127.0.0.1:" + std::to_string(port_));
    client.connection().set_timeout(std::chrono::minutes(2));
    const auto answer = client.request(method, "/control/" + call, body);
    if (answer.status != 200) throw std::runtime_error("fake providers: " + call + ": " + answer.body);
    return answer.body;
}

std::string FakeProviders::secret(std::string_view kind, std::string_view name) const {
    const auto accounts = json::parse(ask("GET", "accounts"));
    return text_at(accounts.as_object().at(kind).as_object(), name);
}

void FakeProviders::set(std::string_view kind, const FakeAccount& change) {
    auto order = to_json(change);
    order["provider"] = kind;
    ask("POST", "accounts", json::serialize(order));
}

void FakeProviders::fail(const FakeFault& fault) {
    ask("POST", "faults",
        json::serialize(json::object{{"fault", fault.fault},
                                     {"provider", fault.provider},
                                     {"after", fault.after},
                                     {"times", fault.times},
                                     {"probability", fault.probability},
                                     {"seed", fault.seed},
                                     {"every_call", fault.every_call},
                                     {"seconds", fault.seconds},
                                     {"form", fault.form},
                                     {"status", fault.status},
                                     {"code", fault.code},
                                     {"words", fault.words},
                                     {"size", fault.size}}));
}

void FakeProviders::heal(std::string_view kind) { ask("DELETE", "faults?provider=" + std::string(kind)); }

std::vector<FakeMail> FakeProviders::read_mails(const std::string& call) const {
    const auto answer = json::parse(ask("GET", call));
    std::vector<FakeMail> mails;
    for (const auto& element : answer.as_object().at("mails").as_array()) {
        const auto& mail = element.as_object();
        mails.push_back({text_at(mail, "provider"), text_at(mail, "id"), text_at(mail, "our_id"),
                         text_at(mail, "sender"), text_at(mail, "recipient"),
                         decode_base64(text_at(mail, "content")), decode_base64(text_at(mail, "given")),
                         json::serialize(mail.at("extras"))});
    }
    return mails;
}

std::vector<FakeMail> FakeProviders::mails() const { return read_mails("mails"); }

std::vector<FakeMail> FakeProviders::mailbox(std::string_view recipient) const {
    std::string coded;
    for (const char c : recipient)
        coded += c == '+' ? std::string("%2B") : c == '&' ? "%26" : c == '%' ? "%25" : std::string(1, c);
    return read_mails("mails?recipient=" + coded);
}

std::vector<FakeMail> FakeProviders::wait_for_mail(std::string_view recipient, std::size_t count,
                                                   std::chrono::milliseconds deadline) const {
    std::vector<FakeMail> mails;
    wait_until([&] { return (mails = mailbox(recipient)).size() >= count; }, deadline);
    return mails;
}

FakeCalls FakeProviders::calls(std::string_view kind) const {
    const auto counts = json::parse(ask("GET", "counts"));
    const auto& own = counts.as_object().at(kind).as_object();
    const auto number = [&](const char* name) { return own.at(name).to_number<std::uint64_t>(); };
    return {number("sending"), number("refused"), number("others"), number("accepted")};
}

std::uint64_t FakeProviders::events_waiting() const {
    return json::parse(ask("GET", "messages")).as_object().at("waiting").to_number<std::uint64_t>();
}

void FakeProviders::clear() { ask("DELETE", "mails"); }

std::vector<FakePost> FakeProviders::emit(const FakeEvents& events) const {
    const auto answer = json::parse(ask("POST", "emit", json::serialize(to_json(events))));
    std::vector<FakePost> posts;
    for (const auto& post : answer.as_object().at("posts").as_array())
        posts.push_back(read_post(post.as_object()));
    return posts;
}

}  // namespace mailrota::rig
