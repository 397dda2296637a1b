#include "core/providers/mailgun.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/raw_mail.h"

namespace mailrota::providers {
namespace {

using Kind = RecipientAnswer::Kind;

constexpr std::int64_t page_size = 300;
constexpr std::chrono::seconds clock_skew{60};
// Mailgun: pages of events can be relied on when they are half an hour old.
constexpr std::chrono::minutes events_settle{30};
constexpr std::chrono::seconds unknown_delay{60};
constexpr std::chrono::seconds longest_delay{86'400};

bool says(std::string_view text, std::string_view folded_phrase) {
    return policy::folded(text).find(folded_phrase) != std::string::npos;
}

// "… try again after Mon, 20 Dec 2021 20:33:21 UTC" or "… after 120 seconds"; dates are taken against the
// answer's own.
std::chrono::seconds delay_in_words(const HttpAnswer& answer, std::string_view words) {
    constexpr std::string_view phrase = "try again after ";
    const std::size_t at = words.find(phrase);
    if (at == std::string_view::npos) return std::chrono::seconds(0);
    const std::string_view when = words.substr(at + phrase.size());
    if (const auto seconds = read_count(when.substr(0, when.find(' '))))
        return std::min(std::chrono::seconds(*seconds), longest_delay);
    constexpr std::size_t date_size = std::string_view("Mon, 20 Dec 2021 20:33:21 UTC").size();
    const auto until = read_date(when.substr(0, date_size));
    const auto now = read_date(answer.header("Date"));
    if (!until || !now) return unknown_delay;
    return std::clamp(*until - *now, std::chrono::seconds(0), longest_delay);
}

// `told`: Mailgun itself speaks, not a proxy on the way.
Kind kind_of_refusal(const Outgoing& mail, int status, std::string_view words, bool told) {
    // A 5xx may come after acceptance, whatever its words.
    if (status < 400 || status >= 500) return kind_of_status(status);
    if (status == 429 || status == 420 || says(words, "try again after")) return Kind::temporary;
    if (status == 403 && says(words, "large batches")) return Kind::temporary;
    if (status != 400) return kind_of_status(status);
    if (says(words, "is not allowed to send")) return Kind::configuration;
    if (says(words, "too many recipients")) return Kind::bad_message_here;
    // Which of several it means is not said.
    if (says(words, "not a valid address"))
        return mail.recipients.size() == 1 ? Kind::bad_recipient : Kind::unsent;
    return told ? Kind::bad_message : Kind::bad_message_here;
}

std::string_view without_brackets(std::string_view id) {
    if (id.starts_with('<')) id.remove_prefix(1);
    if (id.ends_with('>')) id.remove_suffix(1);
    return id;
}

class Mailgun : public Dialect {
  public:
    Mailgun(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url),
          domain_(settings.domain),
          timeout_(settings.timeout),
          keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.raw = true;
        traits.keeps_message_id = true;
        traits.keeps_dkim = true;
        traits.looks_up = true;
        traits.look_up_lag = events_settle;
        traits.tracking_switch = true;
        traits.max_recipients = 1000;
        traits.max_size = 25'000'000;
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& mail) const override {
        return raw_losses(mail.message, terms(mail));
    }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        if (const auto checked = check_raw(mail, terms(mail)); !checked)
            return tl::unexpected(checked.error());
        const RawMail raw = raw_mail(mail.message, terms(mail));
        std::vector<HttpRequest::FormPart> form;
        form.reserve(mail.recipients.size() + 3);
        for (const std::string& recipient : mail.recipients) form.push_back({"to", recipient, {}, {}});
        form.push_back({"o:tracking", mail.tracking ? "yes" : "no", {}, {}});
        form.push_back({"v:mailrota_id", mail.id, {}, {}});
        std::string bytes;
        bytes.reserve(raw.size());
        bytes.append(raw.header).append(raw.body());
        form.push_back({"message", std::move(bytes), "message.eml", "message/rfc822"});
        HttpRequest request = asked("POST", fmt::format("/v3/{}/messages.mime", domain_));
        request.body = std::move(form);
        return request;
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const auto json = read_json(answer.body);
        const std::string_view words = json ? text_member(*json, "message") : std::string_view(answer.body);
        if (answer.status >= 200 && answer.status < 300) {
            // What Mailgun says to everyone at an address that is none of its API's: nothing was sent.
            if (answer.body.find("Mailgun Magnificent API") != std::string::npos)
                return answer_of_kind(mail, answer, Kind::configuration, "the URL is none of Mailgun's API");
            const std::string_view id = json ? text_member(*json, "id") : std::string_view();
            return id.empty() ? answer_by_status(mail, answer) : accepted_by_all(mail, without_brackets(id));
        }
        const Kind kind = kind_of_refusal(mail, answer.status, words, json.has_value());
        Answer result = answer_of_kind(mail, answer, kind, words);
        if (kind == Kind::temporary && result.retry_after.count() == 0)
            result.retry_after = delay_in_words(answer, words);
        if (kind == Kind::bad_recipient) result.recipients.front().status = "5.1.3";
        return result;
    }

    HttpRequest look_up(std::string_view /*id*/, std::chrono::sys_seconds begun) const override {
        const auto begin = begun - clock_skew;
        // A call may wait its time-out for a connection, and as long for its answer.
        const auto end = begun + 2 * timeout_ + clock_skew;
        return asked(
            "GET", fmt::format("/v3/{}/events?event=accepted&begin={}&end={}&limit={}", domain_,
                               begin.time_since_epoch().count(), end.time_since_epoch().count(), page_size));
    }

    LookUp read_look_up(std::string_view id, const HttpAnswer& answer) const override {
        const auto json = read_json(answer.body);
        const auto* const items = json ? array_member(*json, "items") : nullptr;
        if (answer.status != 200 || items == nullptr) return {LookUp::Found::unknown, {}, words_of(answer)};
        for (const auto& item : *items) {
            const auto* const variables = member(item, "user-variables");
            if (variables == nullptr || text_member(*variables, "mailrota_id") != id) continue;
            const auto* const message = member(item, "message");
            const auto* const headers = message == nullptr ? nullptr : member(*message, "headers");
            const auto found = headers == nullptr ? std::string_view() : text_member(*headers, "message-id");
            return {LookUp::Found::accepted, clean_words(without_brackets(found)), {}};
        }
        if (static_cast<std::int64_t>(items->size()) >= page_size)
            return {LookUp::Found::unknown, {}, "too many mails were accepted around that time"};
        return {LookUp::Found::absent, {}, "no accepted event around that time has our id"};
    }

    HttpRequest probe() const override { return asked("GET", "/v4/domains/" + domain_); }

    Probe read_probe(const HttpAnswer& answer) const override {
        const auto json = read_json(answer.body);
        const auto* const domain = json ? member(*json, "domain") : nullptr;
        const std::string_view state = domain == nullptr ? std::string_view() : text_member(*domain, "state");
        if (answer.status == 200 && !state.empty())
            return {state == "active", clean_words(fmt::format("domain {} is {}", domain_, state))};
        std::string words = words_of(answer);
        // A domain's sending key is refused here although it can send.
        if (answer.status == 401 || answer.status == 403)
            words.append(" (a sending key cannot be checked, only an API key)");
        return {false, std::move(words)};
    }

  private:
    static RawTerms terms(const Outgoing& mail) {
        return {.form = RawForm::bytes, .keeps_dkim = !mail.tracking, .ascii_from = true};
    }

    HttpRequest asked(std::string method, const std::string& path) const {
        HttpRequest request;
        request.method = std::move(method);
        request.url = base_ + path;
        request.authorization = HttpRequest::Basic{"api", keys_.api_key};
        return request;
    }

    static std::string words_of(const HttpAnswer& answer) {
        const auto json = read_json(answer.body);
        const std::string_view words = json ? text_member(*json, "message") : std::string_view();
        if (answer.status == 200 && answer.body.find("Mailgun Magnificent API") != std::string::npos)
            return "the URL is none of Mailgun's API";
        return clean_words(
            fmt::format("HTTP status {}: {}", answer.status, words.empty() ? answer.body : words));
    }

    std::string base_;
    std::string domain_;
    std::chrono::seconds timeout_;
    Keys keys_;
};

}  // namespace

std::unique_ptr<Dialect> make_mailgun(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<Mailgun>(settings, std::move(keys));
}

}  // namespace mailrota::providers
