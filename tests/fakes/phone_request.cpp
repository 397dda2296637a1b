#include <algorithm>
#include <charconv>

#include "tests/fakes/phone_exchange.h"
#include "tests/fakes/twilio_signature.h"

namespace mailrota::fakes {

namespace {

constexpr int answer_seconds = 15;

std::string without_fragment(const std::string& url) { return url.substr(0, url.find('#')); }

/// "rc" of the fragment: how often a request without an answer is repeated.
int retries_of(const std::string& url) {
    const auto sharp = url.find('#');
    if (sharp == std::string::npos) return 1;
    const auto count = find_field(parse_urlencoded(std::string_view(url).substr(sharp + 1)), "rc");
    int number = 1;
    if (count) std::from_chars(count->data(), count->data() + count->size(), number);
    return std::clamp(number, 0, 5);
}

std::string authority_of(const std::string& url) {
    const auto start = url.find("://") + 3;
    return url.substr(start, url.find_first_of("/?", start) - start);
}

}  // namespace

std::string PhoneExchange::real_url(const std::string& url) const {
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& route : account_.routes)
        if (url.starts_with(route.first) && (!best || route.first.size() > best->first.size())) best = &route;
    return best ? best->second + url.substr(best->first.size()) : url;
}

Outgoing PhoneExchange::signed_request(const std::string& method, const std::string& given,
                                       const Fields& parameters, const CallbackFaults& faults) const {
    const bool post = method == "POST";
    auto url = without_fragment(given);
    if (!post && !parameters.empty())
        url += (url.find('?') == std::string::npos ? "?" : "&") + urlencoded(parameters);
    Outgoing request;
    request.method = method;
    request.url = real_url(url);
    const auto token = faults.wrong_key ? account_.auth_token + "x" : account_.auth_token;
    if (!faults.unsigned_posts)
        request.headers.emplace_back("X-Twilio-Signature",
                                     twilio_signature(token, url, post ? parameters : Fields()));
    request.headers.emplace_back("User-Agent", "TwilioProxy/1.1");
    request.headers.emplace_back("Accept", "*/*");
    if (request.url != url) request.headers.emplace_back("Host", authority_of(url));
    if (!post) return request;
    Fields sent = parameters;
    if (faults.altered && !sent.empty()) sent.front().second += "0";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    request.body = urlencoded(sent);
    return request;
}

boost::asio::awaitable<Incoming> PhoneExchange::request(std::string method, std::string url,
                                                        Fields parameters, CallbackFaults faults) {
    const Outgoing outgoing = signed_request(method, url, parameters, faults);
    Incoming answer;
    for (int tries = 1 + retries_of(url); tries > 0; --tries) {
        answer = co_await transport_(outgoing, answer_seconds);
        if (answer.status != 0 && answer.status < 500) break;
    }
    co_return answer;
}

}  // namespace mailrota::fakes
