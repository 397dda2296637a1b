#include <utility>

#include "tests/fakes/call_play.h"
#include "tests/fakes/call_talk.h"
#include "tests/fakes/twilio_error.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;

constexpr std::size_t largest_document = 64 * 1024;

/// Why an answer is no document; 0: it may be one.
int objection_to(const Incoming& answer) {
    if (answer.status == 0) return 11205;
    if (answer.status / 100 != 2) return 11200;
    if (answer.words.size() > largest_document) return 11750;
    const auto type = small_letters(find_field(answer.headers, "Content-Type").value_or(""));
    const auto name = trimmed(std::string_view(type).substr(0, type.find(';')));
    return name == "text/xml" || name == "application/xml" ? 0 : 12300;
}

}  // namespace

std::string resolved(const std::string& url, const std::string& base) {
    if (url.starts_with("http://") || url.starts_with("https://")) return url;
    if (base.empty() || url.find("://") != std::string::npos) return "";
    const auto host_start = base.find("://") + 3;
    const auto path_start = std::min(base.find_first_of("/?#", host_start), base.size());
    if (url.starts_with('/')) return base.substr(0, path_start) + url;
    const auto path_end = std::min(base.find_first_of("?#", path_start), base.size());
    if (url.empty()) return base;
    if (url.starts_with('?')) return base.substr(0, path_end) + url;
    const auto path = base.substr(0, path_end);
    const auto slash = path.rfind('/');
    return slash == std::string::npos || slash < path_start ? path + "/" + url
                                                            : path.substr(0, slash + 1) + url;
}

void CallTalk::fail(int code, const TwimlSource& source, const std::string& words) {
    error_ = code;
    Notice notice;
    notice.call_sid = call_->sid;
    notice.code = code;
    notice.words = words.empty() ? twilio_words(code) : words;
    notice.method = source.method;
    notice.url = source.url;
    exchange_->note(notice);
}

asio::awaitable<std::optional<Twiml>> CallTalk::load(TwimlSource source) {
    auto twiml = co_await fetch(source, std::exchange(next_fields_, {}));
    const auto fallback = call_->parameter("FallbackUrl");
    if (twiml || fallback.empty()) co_return twiml;
    TwimlSource other;
    other.url = fallback;
    if (const auto method = call_->parameter("FallbackMethod"); !method.empty()) other.method = method;
    const Fields why = {{"ErrorCode", std::to_string(error_)}, {"ErrorUrl", source.url}};
    twiml = co_await fetch(other, why);
    co_return twiml;
}

asio::awaitable<std::optional<Twiml>> CallTalk::fetch(TwimlSource source, Fields more) {
    base_ = source.url.substr(0, source.url.find('#'));
    if (source.url.empty()) co_return read(source, source.document);
    Fields fields = call_fields(*exchange_, *call_);
    fields.insert(fields.end(), more.begin(), more.end());
    const Incoming answer = co_await exchange_->request(source.method, source.url, fields);
    call_->events.push_back({current_moment(), source.method, source.url, fields, answer});
    if (const int code = objection_to(answer); code != 0) {
        fail(code, source, answer.status == 0 ? answer.words : "status " + std::to_string(answer.status));
        co_return std::nullopt;
    }
    co_return read(source, answer.words);
}

std::optional<Twiml> CallTalk::read(const TwimlSource& source, const std::string& document) {
    auto twiml = parse_twiml(document);
    for (const auto& fault : twiml.faults) {
        Notice notice;
        notice.call_sid = call_->sid;
        notice.code = fault.code;
        notice.warning = fault.warning;
        notice.words = fault.words;
        notice.method = source.method;
        notice.url = source.url;
        exchange_->note(notice);
        if (!fault.warning) error_ = fault.code;
    }
    if (twiml.is_fatal()) return {};
    return twiml;
}

}  // namespace mailrota::fakes
