#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

/// A request as a provider sees it.
struct Request {
    std::string method;
    std::string target;  ///< as it came, the provider's prefix and the query included
    std::string path;    ///< without prefix and query, not decoded
    Fields query;        ///< decoded
    Fields headers;
    std::string body;

    std::string header(std::string_view name) const { return find_field(headers, name).value_or(""); }
};

/// An answer and how it is to be sent.
struct Reply {
    enum class Manner {
        whole,
        silent,  ///< nothing is sent, the connection stays open
        reset,   ///< the connection is reset instead
        drip,    ///< a byte now and then
    };

    int status = 200;
    std::string body;
    Fields headers;  ///< Content-Type is application/json unless it is here
    Manner manner = Manner::whole;
};

Reply json_reply(int status, const boost::json::value& body);
Reply text_reply(int status, std::string text, const std::string& type = "text/plain; charset=utf-8");

/// The value of a member that is a string; empty if there is none.
std::string text_at(const boost::json::object& object, std::string_view name);
/// nullopt: not JSON.
std::optional<boost::json::value> parse_json(std::string_view text);

}  // namespace mailrota::fakes
