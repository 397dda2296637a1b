#include "tests/fakes/faults.h"

#include <array>
#include <utility>

namespace mailrota::fakes {

namespace {

using Kind = Fault::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 17> kinds = {{
    {"wrong_key", Kind::wrong_key},
    {"unverified_domain", Kind::unverified_domain},
    {"suspended", Kind::suspended},
    {"rate_limited", Kind::rate_limited},
    {"quota", Kind::quota},
    {"server_error", Kind::server_error},
    {"unavailable", Kind::unavailable},
    {"too_large", Kind::too_large},
    {"bad_message", Kind::bad_message},
    {"silent", Kind::silent},
    {"reset", Kind::reset},
    {"cut_off", Kind::cut_off},
    {"garbage", Kind::garbage},
    {"html", Kind::html},
    {"megabytes", Kind::megabytes},
    {"drip", Kind::drip},
    {"stuck", Kind::stuck},
}};

template <class Number>
void read_number(const boost::json::object& order, std::string_view name, Number& number) {
    if (const auto* value = order.if_contains(name); value && value->is_number())
        number = value->to_number<Number>();
}

void read_flag(const boost::json::object& order, std::string_view name, bool& flag) {
    if (const auto* value = order.if_contains(name); value && value->is_bool()) flag = value->get_bool();
}

constexpr std::string_view html_page =
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n";

}  // namespace

std::optional<Fault> Fault::from_json(const boost::json::object& order) {
    Fault fault;
    const auto name = text_at(order, "fault");
    const auto* found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.first == name; });
    if (found == kinds.end()) return {};
    fault.kind = found->second;
    fault.provider = text_at(order, "provider");
    fault.form = text_at(order, "form");
    fault.words = text_at(order, "words");
    read_flag(order, "after", fault.after);
    read_flag(order, "every_call", fault.every_call);
    read_number(order, "times", fault.times);
    read_number(order, "probability", fault.probability);
    read_number(order, "seconds", fault.seconds);
    read_number(order, "status", fault.status);
    read_number(order, "code", fault.code);
    read_number(order, "size", fault.size);
    std::uint32_t seed = 1;
    read_number(order, "seed", seed);
    fault.dice.seed(seed);
    return fault;
}

void Faults::clear(std::string_view provider) {
    waiting_.remove_if([&](const Fault& fault) { return provider.empty() || fault.provider == provider; });
}

std::optional<Fault> Faults::take(std::string_view provider, bool sending) {
    return take_if(provider, sending, false);
}

bool Faults::take_cut_off(std::string_view provider) { return take_if(provider, true, true).has_value(); }

std::optional<Fault> Faults::take_if(std::string_view provider, bool sending, bool cut_off) {
    for (auto fault = waiting_.begin(); fault != waiting_.end(); ++fault) {
        const bool fits = (fault->provider.empty() || fault->provider == provider) &&
                          (sending || fault->every_call) && (fault->kind == Kind::cut_off) == cut_off;
        if (!fits) continue;
        if (std::uniform_real_distribution<>()(fault->dice) >= fault->probability) continue;
        Fault taken = *fault;
        if (fault->times > 0 && --fault->times == 0) waiting_.erase(fault);
        return taken;
    }
    return {};
}

Reply disturbed(Reply reply, const Fault& fault) {
    const int status = fault.status == 0 ? 200 : fault.status;
    switch (fault.kind) {
        case Kind::silent:
            reply.manner = Reply::Manner::silent;
            return reply;
        case Kind::cut_off:
        case Kind::reset:
            reply.manner = Reply::Manner::reset;
            return reply;
        case Kind::drip:
            reply.manner = Reply::Manner::drip;
            return reply;
        case Kind::garbage: {
            Reply garbage;
            garbage.status = status;
            garbage.body = "{\"id\": \xff\xfe\x01\x02 [[[{\"a\":";
            return garbage;
        }
        case Kind::html:
            return text_reply(status, std::string(html_page), "text/html");
        case Kind::megabytes:
            return text_reply(status, std::string(fault.size, 'm'), "application/json");
        default:
            return reply;
    }
}

void tell_delay(Reply& reply, const Fault& fault, std::string_view own_form) {
    const std::string_view form = fault.form.empty() ? own_form : std::string_view(fault.form);
    const auto until = current_second() + std::chrono::seconds(fault.seconds);
    const auto seconds = std::to_string(fault.seconds);
    if (form == "retry_after") reply.headers.emplace_back("Retry-After", seconds);
    if (form == "http_date") reply.headers.emplace_back("Retry-After", http_date(until));
    if (form == "reset_epoch") {
        reply.headers.emplace_back("X-RateLimit-Remaining", "0");
        reply.headers.emplace_back("X-RateLimit-Reset", std::to_string(until.time_since_epoch().count()));
    }
    if (form == "ratelimit") {
        reply.headers.emplace_back("ratelimit-remaining", "0");
        reply.headers.emplace_back("ratelimit-reset", seconds);
        reply.headers.emplace_back("retry-after", seconds);
    }
}

}  // namespace mailrota::fakes
