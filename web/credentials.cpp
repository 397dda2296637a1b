#include "web/credentials.h"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include "core/wire/base64.h"

namespace mailrota::web {

namespace {

constexpr std::size_t longest = 8192;

Credentials parse_basic(std::string_view encoded) {
    if (encoded.size() > longest) return NoCredentials{};
    const auto pair = wire::decode_base64(encoded);
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return NoCredentials{};
    return BasicCredentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

}  // namespace

Credentials parse_credentials(std::string_view authorization) {
    const auto text = boost::algorithm::trim_copy(std::string(authorization));
    const auto blank = text.find(' ');
    const auto scheme = text.substr(0, blank);
    const auto value = boost::algorithm::trim_copy(blank == std::string::npos ? "" : text.substr(blank + 1));
    if (value.empty()) return NoCredentials{};
    if (boost::algorithm::iequals(scheme, "Bearer")) return BearerToken{value};
    if (boost::algorithm::iequals(scheme, "Basic")) return parse_basic(value);
    return NoCredentials{};
}

}  // namespace mailrota::web
