#include "tests/fakes/twilio.h"

#include <utility>

#include "tests/fakes/twilio_check.h"
#include "tests/fakes/twilio_error.h"
#include "tests/fakes/twilio_json.h"

namespace mailrota::fakes {

namespace {

constexpr std::string_view version_path = "/2010-04-01/Accounts/";

Reply refusal(const Fault& fault) {
    int code = 21211;
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            code = 20003;
            break;
        case Fault::Kind::unverified_domain:
            code = 21210;
            break;
        case Fault::Kind::suspended:
            code = 20005;
            break;
        case Fault::Kind::rate_limited:
            code = 20429;
            break;
        case Fault::Kind::quota:
            code = 22005;
            break;
        case Fault::Kind::server_error:
            code = 20500;
            break;
        case Fault::Kind::unavailable:
            code = 20503;
            break;
        default:
            break;
    }
    Reply reply = twilio_error(fault.code == 0 ? code : fault.code, fault.words);
    if (fault.status != 0) reply.status = fault.status;
    if (fault.kind == Fault::Kind::rate_limited) tell_delay(reply, fault, "plain");
    return reply;
}

}  // namespace

Twilio::Twilio(std::string name, boost::asio::any_io_executor executor, Faults& faults, Transport transport)
    : Api(name), exchange_(std::move(name), std::move(executor), std::move(transport)), faults_(faults) {}

void Twilio::reset() {
    exchange_.reset();
    counts_ = {};
}

bool Twilio::is_sending(const Request& request) const {
    return request.method == "POST" &&
           (request.path.ends_with("/Calls.json") || request.path.ends_with("/Messages.json"));
}

Reply Twilio::answer(const Request& request) {
    const bool sending = is_sending(request);
    Reply reply = dispatch(request);
    reply.headers.emplace_back("Twilio-Concurrent-Requests", "1");
    reply.headers.emplace_back("Twilio-Request-Id", "RQ" + random_hex(32));
    reply.headers.emplace_back("Twilio-Request-Duration", "0.012");
    if (!sending) {
        ++counts_.others;
        return reply;
    }
    ++counts_.sending;
    if (reply.status / 100 != 2) ++counts_.refused;
    return reply;
}

Reply Twilio::dispatch(const Request& request) {
    const auto fault = faults_.take(name(), is_sending(request));
    const bool stops = fault && !fault->after && fault->kind != Fault::Kind::drip;
    if (stops) return fault->is_refusal() ? refusal(*fault) : disturbed({}, *fault);
    if (!request.path.starts_with(version_path)) return twilio_error(20404);
    if (!is_authorized(request)) return twilio_error(20003);
    if (exchange_.account().status != "active") return twilio_error(20005);
    Reply reply = serve(request, request.path.substr(version_path.size()));
    if (!fault) return reply;
    return fault->is_refusal() ? refusal(*fault) : disturbed(std::move(reply), *fault);
}

bool Twilio::is_authorized(const Request& request) const {
    const auto& account = exchange_.account();
    const auto given = request.header("Authorization");
    if (!given.starts_with("Basic ")) return false;
    const auto plain = from_base64(given.substr(6));
    if (!plain) return false;
    const auto rest = request.path.substr(version_path.size());
    if (rest.substr(0, rest.find_first_of("/.")) != account.sid) return false;
    const bool second = !account.second_token.empty() && *plain == account.sid + ":" + account.second_token;
    return second || *plain == account.sid + ":" + account.auth_token ||
           *plain == account.key_sid + ":" + account.key_secret;
}

Reply Twilio::serve(const Request& request, const std::string& path) {
    const auto slash = path.find('/');
    if (slash == std::string::npos) {
        if (!path.ends_with(".json")) return twilio_error(20404);
        return request.method == "GET" ? show_account() : twilio_error(20004);
    }
    const auto rest = path.substr(slash + 1);
    const bool gets = request.method == "GET";
    const bool posts = request.method == "POST";
    if (rest == "Calls.json")
        return gets ? list_calls(request) : posts ? create_call(request) : twilio_error(20004);
    if (rest == "Messages.json")
        return gets ? list_messages(request) : posts ? create_message(request) : twilio_error(20004);
    const auto next = rest.find('/');
    if (next == std::string::npos || !rest.ends_with(".json")) return twilio_error(20404);
    return serve_one(request, rest.substr(0, next), rest.substr(next + 1, rest.size() - next - 6));
}

Reply Twilio::serve_one(const Request& request, const std::string& collection, const std::string& rest) {
    const auto sid = rest.substr(0, rest.find('/'));
    const auto part = rest.substr(std::min(sid.size() + 1, rest.size()));
    const auto& method = request.method;
    if (collection == "Calls") {
        const auto call = exchange_.find_call(sid);
        if (!call) return twilio_error(20404, "The requested resource " + request.path + " was not found");
        if (part == "Events" && method == "GET") return list_events(request, *call);
        if (part == "Notifications" && method == "GET") return list_notices(request, *call);
        if (!part.empty()) return twilio_error(20404);
        if (method == "GET") return json_reply(200, call_json(exchange_, *call));
        if (method == "POST") return change_call(request, *call);
        if (method != "DELETE") return twilio_error(20004);
        if (!call->is_over()) return twilio_error(20422, "The call is still in progress");
        exchange_.remove_call(sid);
        return text_reply(204, "");
    }
    const auto message = collection == "Messages" && part.empty() ? exchange_.find_message(sid) : nullptr;
    if (!message) return twilio_error(20404, "The requested resource " + request.path + " was not found");
    if (method == "GET") return json_reply(200, message_json(exchange_, *message));
    if (method == "POST") return change_message(request, *message);
    if (method != "DELETE") return twilio_error(20004);
    exchange_.remove_message(sid);
    return text_reply(204, "");
}

Reply Twilio::show_account() const {
    const auto& account = exchange_.account();
    const auto path = std::string(version_path) + account.sid;
    return json_reply(
        200, {{"sid", account.sid},
              {"owner_account_sid", account.sid},
              {"friendly_name", "mailrota"},
              {"status", account.status},
              {"type", account.trial ? "Trial" : "Full"},
              {"auth_token", account.auth_token},
              {"date_created", "Mon, 05 Jan 2026 08:00:00 +0000"},
              {"date_updated", "Mon, 05 Jan 2026 08:00:00 +0000"},
              {"subresource_uris", {{"calls", path + "/Calls.json"}, {"messages", path + "/Messages.json"}}},
              {"uri", path + ".json"}});
}

}  // namespace mailrota::fakes
