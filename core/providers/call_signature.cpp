#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/mail/digest.h"
#include "core/policy/fold.h"
#include "core/providers/base64.h"
#include "core/providers/phone_callback.h"
#include "core/providers/signature.h"

// X-Twilio-Signature: the HMAC-SHA1 of the URL and of the form's fields, by the account's auth token.
namespace mailrota::providers {
namespace {

constexpr std::string_view body_digest = "bodySHA256=";

// The parts of an absolute URL between which a port is written or not.
struct Place {
    std::string_view before;  // "https://mail.example.com"
    std::string_view port;    // ":8443"; may be empty
    std::string_view after;   // "/call/17/status?x=1"
};

Place place_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {url, {}, {}};
    const std::size_t host = scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?", host), url.size());
    const std::string_view authority = url.substr(host, end - host);
    const std::size_t colon = authority.rfind(':');
    const std::size_t bracket = authority.rfind(']');  // of an IPv6 address, which has colons of its own
    const bool has_port = colon != std::string_view::npos &&
                          (bracket == std::string_view::npos || colon > bracket) &&
                          authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    const std::size_t port = has_port ? host + colon : end;
    return {url.substr(0, port), url.substr(port, end - port), url.substr(end)};
}

// The URL with its port and without: the provider signs now one, now the other. A fragment is for the
// provider only.
std::vector<std::string> spellings(std::string_view url) {
    const Place place = place_of(url.substr(0, url.find('#')));
    const auto with = [&place](std::string_view port) {
        return std::string(place.before).append(port).append(place.after);
    };
    if (!place.port.empty()) return {with(place.port), with("")};
    return {with(""), with(place.before.starts_with("http:") ? ":80" : ":443")};
}

// What is signed of a form: every name and value, sorted; of one name each value once.
std::string signed_fields(const Form& form) {
    const std::set<std::pair<std::string_view, std::string_view>> sorted(form.begin(), form.end());
    std::string text;
    for (const auto& [name, value] : sorted) text.append(name).append(value);
    return text;
}

// The digest that the URL says the body has; nothing if it says none.
std::optional<std::string> promised_digest(std::string_view url) {
    std::size_t at = url.find('?');
    while (at != std::string_view::npos) {
        const std::string_view field = url.substr(at + 1, url.find('&', at + 1) - at - 1);
        if (field.starts_with(body_digest)) return policy::folded(field.substr(body_digest.size()));
        at = url.find('&', at + 1);
    }
    return std::nullopt;
}

std::string sha256(std::string_view text) {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return mail::to_hex(digest);
}

// What is signed after the URL. Nothing: no signature can hold, as it would say nothing of the body.
std::optional<std::string> signed_rest(const CallbackRequest& request) {
    if (request.method == "GET") return std::string();
    const std::string_view url = std::string_view(request.url).substr(0, request.url.find('#'));
    if (const auto promised = promised_digest(url)) {
        if (!same_text(*promised, sha256(request.body))) return std::nullopt;
        return std::string();
    }
    const auto form = callback_form(request);
    return form ? std::optional(signed_fields(*form)) : std::nullopt;
}

}  // namespace

bool genuine(const CallbackRequest& request, std::span<const std::string> tokens) {
    const auto rest = signed_rest(request);
    if (!rest || request.signature.empty()) return false;
    bool fits = false;
    for (const std::string& url : spellings(request.url)) {
        for (const std::string& token : tokens) {
            const bool same = same_text(base64(hmac(Hash::sha1, token, url + *rest)), request.signature);
            // Anybody can sign with an empty token.
            fits = (same && !token.empty()) || fits;
        }
    }
    return fits;
}

}  // namespace mailrota::providers
