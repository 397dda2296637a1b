#include "tests/fakes/exchange.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mailrota::fakes {

Reply json_reply(int status, const boost::json::value& body) {
    Reply reply;
    reply.status = status;
    reply.body = boost::json::serialize(body);
    return reply;
}

Reply text_reply(int status, std::string text, const std::string& type) {
    Reply reply;
    reply.status = status;
    reply.body = std::move(text);
    reply.headers.emplace_back("Content-Type", type);
    return reply;
}

std::string text_at(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<boost::json::value> parse_json(std::string_view text) {
    boost::system::error_code error;
    auto value = boost::json::parse(text, error);
    if (error) return {};
    return value;
}

}  // namespace mailrota::fakes
