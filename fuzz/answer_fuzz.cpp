// Any bytes are a provider's answer: status, fields, an empty line, a body. No dialect crashes, each gives
// one outcome for each recipient with words that can be logged, and only a 2xx is ever success.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/mail/text_encoding.h"
#include "core/providers/dialect.h"

namespace {

using namespace mailrota;
using namespace mailrota::providers;
using ProviderKind = config::ProviderSettings::Kind;

void require(bool holds) {
    if (!holds) std::abort();
}

std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

HttpAnswer answer_of(std::string_view text) {
    HttpAnswer answer;
    for (const char c : take_line(text).substr(0, 3)) answer.status = answer.status * 10 + (c - '0');
    for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
        const std::size_t colon = std::min(line.find(':'), line.size());
        const std::string_view value = line.substr(std::min(colon + 2, line.size()));
        answer.headers.emplace_back(line.substr(0, colon), value);
    }
    answer.body = text;
    return answer;
}

Outgoing sample() {
    Outgoing mail;
    mail.message = mail::Message::from_bytes(
        "From: a@example.com\r\nTo: b@example.net\r\nCc: c@example.net\r\nSubject: s\r\n\r\nx\r\n");
    mail.sender = "a@example.com";
    mail.recipients = {"b@example.net", "c@example.net", "d@example.net"};
    mail.id = "0123456789abcdef0123456789abcdef";
    return mail;
}

bool is_clean(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return text.size() <= 2000 && mail::is_utf8(text) && std::none_of(text.begin(), text.end(), control);
}

void check(const Dialect& dialect, const Outgoing& mail, const HttpAnswer& http) {
    const Answer answer = dialect.read_send(mail, http);
    require(answer.recipients.size() == mail.recipients.size());
    require(answer.retry_after.count() >= 0 && is_clean(answer.alarm));
    for (const RecipientAnswer& each : answer.recipients) {
        require(is_clean(each.words) && is_clean(each.provider_id) && is_clean(each.status));
        require(each.kind != RecipientAnswer::Kind::accepted || (http.status >= 200 && http.status < 300));
    }
    const LookUp found = dialect.read_look_up(mail.id, http);
    require(is_clean(found.words) && is_clean(found.provider_id));
    require(is_clean(dialect.read_probe(http).words));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Outgoing mail = sample();
    const HttpAnswer answer = answer_of({reinterpret_cast<const char*>(data), size});
    for (const ProviderKind kind :
         {ProviderKind::sendgrid, ProviderKind::mailgun, ProviderKind::mandrill, ProviderKind::ses,
          ProviderKind::postmark, ProviderKind::sparkpost, ProviderKind::resend}) {
        config::ProviderSettings settings;
        settings.kind = kind;
        settings.base_url = "https://api.example.com";
        check(*make_dialect(settings, {"key", "access", "secret"}), mail, answer);
    }
    return 0;
}
