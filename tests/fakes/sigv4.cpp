#include "tests/fakes/sigv4.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "tests/fakes/signing.h"

namespace mailrota::fakes {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::chrono::seconds tolerance{300};

SigV4Fault incomplete(const std::string& words) { return {"IncompleteSignatureException", words}; }

/// "Name=value" of a comma separated list.
std::string part(std::string_view list, std::string_view name) {
    const auto at = list.find(std::string(name) + "=");
    if (at == std::string_view::npos) return "";
    const auto value = list.substr(at + name.size() + 1);
    return std::string(trimmed(value.substr(0, value.find(','))));
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> pieces;
    for (;;) {
        const auto end = text.find(separator);
        pieces.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return pieces;
        text.remove_prefix(end + 1);
    }
}

std::string canonical_query(const Fields& query) {
    std::vector<std::string> pairs;
    for (const auto& [name, value] : query)
        pairs.push_back(percent_encoded(name) + "=" + percent_encoded(value));
    std::ranges::sort(pairs);
    std::string text;
    for (const auto& pair : pairs) text += (text.empty() ? "" : "&") + pair;
    return text;
}

std::string canonical_request(const Request& request, const std::string& signed_headers) {
    std::string text = request.method + "\n" + request.target.substr(0, request.target.find('?')) + "\n" +
                       canonical_query(request.query) + "\n";
    for (const auto& name : split(signed_headers, ';'))
        text += name + ":" + std::string(trimmed(request.header(name))) + "\n";
    return text + "\n" + signed_headers + "\n" + to_hex(sha256(request.body));
}

/// "20260102T030405Z"; the epoch if it is no such time.
Seconds read_time(const std::string& text) {
    std::tm parts{};
    if (!strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &parts)) return {};
    return Seconds(std::chrono::seconds(timegm(&parts)));
}

std::string signature(const SigV4Terms& terms, const std::string& day, const std::string& to_sign) {
    std::string key = hmac_sha256("AWS4" + terms.secret_key, day);
    for (const auto& step : {terms.region, terms.service, std::string("aws4_request")})
        key = hmac_sha256(key, step);
    return to_hex(hmac_sha256(key, to_sign));
}

}  // namespace

std::optional<SigV4Fault> check_sigv4(const Request& request, const SigV4Terms& terms, Seconds now) {
    const auto authorization = request.header("Authorization");
    if (authorization.empty())
        return SigV4Fault{"MissingAuthenticationTokenException", "Missing Authentication Token"};
    if (!authorization.starts_with(algorithm)) return incomplete("Unsupported AWS 'algorithm'");
    const auto scope = split(part(authorization, "Credential"), '/');
    const auto signed_headers = part(authorization, "SignedHeaders");
    const auto time = request.header("X-Amz-Date");
    if (scope.size() != 5 || signed_headers.empty() || time.size() != 16)
        return incomplete("Authorization header is not complete");
    const auto names = split(signed_headers, ';');
    for (const char* needed : {"host", "x-amz-date"})
        if (std::ranges::find(names, needed) == names.end())
            return incomplete(std::string(needed) + " is not signed");
    if (!std::ranges::is_sorted(names)) return incomplete("SignedHeaders are not sorted");
    if (scope[0] != terms.access_key)
        return SigV4Fault{"UnrecognizedClientException",
                          "The security token included in the request is invalid."};
    if (scope[1] != time.substr(0, 8) || scope[2] != terms.region || scope[3] != terms.service ||
        scope[4] != "aws4_request")
        return SigV4Fault{"InvalidSignatureException",
                          "Credential should be scoped to a valid region, day and service."};
    const auto at = read_time(time);
    if (at < now - tolerance || at > now + tolerance)
        return SigV4Fault{"InvalidSignatureException", "Signature expired: " + time};
    const std::string place = scope[1] + "/" + scope[2] + "/" + scope[3] + "/aws4_request";
    const std::string to_sign = std::string(algorithm) + "\n" + time + "\n" + place + "\n" +
                                to_hex(sha256(canonical_request(request, signed_headers)));
    if (signature(terms, scope[1], to_sign) == part(authorization, "Signature")) return {};
    return SigV4Fault{
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your AWS "
        "Secret Access Key and signing method."};
}

}  // namespace mailrota::fakes
