#include "core/providers/sparkpost.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <set>
#include <utility>

#include "core/mail/header_text.h"
#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/raw_mail.h"
#include "core/providers/smtp_host.h"

namespace mailrota::providers {
namespace {

using Kind = RecipientAnswer::Kind;
namespace json = boost::json;

constexpr std::chrono::seconds rate_delay{5};
constexpr std::chrono::seconds quota_delay{3600};

// SparkPost writes codes as text or as a number.
std::int64_t code_of(const json::value& error) {
    if (const auto number = number_member(error, "code")) return *number;
    return read_count(text_member(error, "code")).value_or(0);
}

std::string words_of_error(const json::value& error) {
    const std::string_view message = text_member(error, "message");
    const std::string_view description = text_member(error, "description");
    return description.empty() ? std::string(message) : fmt::format("{}: {}", message, description);
}

std::string words_of(const json::array& errors) {
    std::string words;
    for (const json::value& error : errors) {
        if (words.size() > longest_answer_words) break;
        words.append(words.empty() ? "" : "; ").append(words_of_error(error));
    }
    return clean_words(words);
}

// Codes mean different things with different states of HTTP.
Kind kind_of_error(const Outgoing& mail, int status, std::int64_t code) {
    if (status == 420 || status == 429) return Kind::temporary;
    // 1600: another payload was sent with this key, 1601: it is being sent right now.
    if (status == 409) return Kind::uncertain;
    if (status == 413) return Kind::bad_message_here;
    if (status == 422) return Kind::bad_message;
    if (status != 400) return kind_of_status(status);
    constexpr std::int64_t no_recipient = 5002;
    if (code == 7000 || code == 7001 || code == 1100) return Kind::configuration;
    if (code == no_recipient) return mail.recipients.size() == 1 ? Kind::bad_recipient : Kind::unsent;
    if (code == 1502) return Kind::temporary;         // resources unavailable
    if (code == 1602) return Kind::bad_message_here;  // the key is malformed
    return code == 1400 || (code >= 1900 && code < 4000) ? Kind::bad_message : Kind::bad_message_here;
}

// The words of errors that may be addresses, folded.
std::set<std::string, std::less<>> addresses_in(const json::array& errors) {
    constexpr std::string_view around = " \t\r\n,;:<>()[]'\"";
    std::set<std::string, std::less<>> found;
    for (const json::value& error : errors) {
        const std::string text = policy::folded(words_of_error(error));
        std::size_t end = 0;
        while (end < text.size()) {
            const std::size_t begin = text.find_first_not_of(around, end);
            if (begin == std::string::npos) break;
            end = std::min(text.find_first_of(around, begin), text.size());
            std::string_view word = std::string_view(text).substr(begin, end - begin);
            if (word.ends_with('.')) word.remove_suffix(1);
            if (word.find('@') != std::string_view::npos) found.emplace(word);
        }
    }
    return found;
}

// The rejected ones are told by words only, and not always: who cannot be told from them is uncertain.
Answer read_rejections(const Outgoing& mail, std::string_view id, const json::array& errors,
                       std::size_t rejected) {
    const RecipientAnswer accepted{Kind::accepted, clean_words(id), {}, {}};
    const RecipientAnswer refused{Kind::bad_recipient, {}, "5.1.3", words_of(errors)};
    if (rejected >= mail.recipients.size()) return answer_to_all(mail, refused);
    Answer answer = answer_to_all(mail, accepted);
    std::size_t found = 0;
    const auto told = addresses_in(errors);
    for (std::size_t i = 0; i < mail.recipients.size(); ++i) {
        if (!told.contains(policy::folded(mail.recipients[i]))) continue;
        answer.recipients[i] = refused;
        ++found;
    }
    if (found >= rejected) return answer;
    const std::string words = fmt::format("{} of {} recipients were rejected, it is not said which", rejected,
                                          mail.recipients.size());
    for (RecipientAnswer& one : answer.recipients)
        if (one.kind == Kind::accepted) one = {Kind::uncertain, one.provider_id, {}, words};
    return answer;
}

bool holds_template(const mail::Message& message) {
    return std::ranges::any_of(message.headers(), [](const mail::HeaderField& field) {
        constexpr std::string_view opening = "{{";
        return field.value.find(opening) != std::string::npos ||
               (field.value.find("=?") != std::string::npos &&
                mail::decode_header(field.value).find(opening) != std::string::npos);
    });
}

class SparkPost : public Dialect {
  public:
    SparkPost(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url), keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.raw = true;
        traits.keeps_message_id = true;
        traits.keeps_dkim = true;
        traits.idempotent = true;
        traits.tracking_switch = true;
        traits.max_recipients = 1000;
        traits.max_size = 20'000'000;
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& mail) const override {
        std::vector<Loss> losses = raw_losses(mail.message, terms(mail));
        if (holds_template(mail.message))
            losses.push_back({Loss::Kind::shape, "{{ in the header would be read as a template"});
        return losses;
    }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        if (const auto checked = check_raw(mail, terms(mail)); !checked)
            return tl::unexpected(checked.error());
        const RawMail raw = raw_mail(mail.message, terms(mail));
        if (raw.unfit)
            return invalid("its bytes cannot be put into JSON: no UTF-8, and it may not be encoded anew");
        const std::string_view on = mail.tracking ? "true" : "false";
        std::string body =
            fmt::format(R"({{"options":{{"open_tracking":{0},"click_tracking":{0},"transactional":true,)"
                        R"("perform_substitutions":false}},"metadata":{1},"recipients":[)",
                        on, id_json(mail));
        for (const std::string& recipient : mail.recipients) {
            body.append(body.ends_with('[') ? "" : ",").append(R"({"address":{"email":)");
            append_json(body, recipient);
            body.append("}}");
        }
        body.append(R"(],"content":{"email_rfc822":")");
        append_json(body, raw);
        body.append("\"}}");
        HttpRequest request = asked("POST", "/api/v1/transmissions");
        request.headers.emplace_back("Content-Type", "application/json");
        request.headers.emplace_back("Idempotency-Key", mail.id);
        request.body = std::move(body);
        return request;
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        if (answer.status == 200)
            return body ? read_success(mail, answer, *body) : answer_by_status(mail, answer);
        const json::array* const errors = body ? array_member(*body, "errors") : nullptr;
        const bool told = errors != nullptr && !errors->empty();
        const std::int64_t code = told ? code_of(errors->front()) : 0;
        const bool known_status = answer.status == 420 || answer.status == 429;
        if (!told && !known_status) return answer_by_status(mail, answer);
        const Kind kind = kind_of_error(mail, answer.status, code);
        Answer result = answer_of_kind(mail, answer, kind, told ? words_of(*errors) : std::string());
        if (kind == Kind::temporary && result.retry_after.count() == 0)
            result.retry_after = answer.status == 420 ? quota_delay : rate_delay;
        result.of_domain = kind == Kind::configuration && code >= 7000 && code < 8000;
        return result;
    }

    // Never called: the same key at the same provider is told the same answer.
    HttpRequest look_up(std::string_view /*id*/, std::chrono::sys_seconds /*begun*/) const override {
        return probe();
    }
    LookUp read_look_up(std::string_view /*id*/, const HttpAnswer& /*answer*/) const override { return {}; }

    HttpRequest probe() const override { return asked("GET", "/api/v1/account?include=usage"); }

    Probe read_probe(const HttpAnswer& answer) const override;

  private:
    static RawTerms terms(const Outgoing& mail) {
        return {.form = RawForm::utf8, .keeps_dkim = !mail.tracking};
    }

    static Answer read_success(const Outgoing& mail, const HttpAnswer& answer, const json::value& body) {
        const json::value* const results = member(body, "results");
        const std::string_view id = results == nullptr ? std::string_view() : text_member(*results, "id");
        if (id.empty()) return answer_by_status(mail, answer);
        const auto accepted = number_member(*results, "total_accepted_recipients").value_or(0);
        const auto rejected = number_member(*results, "total_rejected_recipients").value_or(0);
        if (rejected <= 0 && accepted > 0) return accepted_by_all(mail, id);
        if (rejected <= 0) return answer_by_status(mail, answer);
        const json::array* const errors = array_member(*results, "rcpt_to_errors");
        return read_rejections(mail, id, errors == nullptr ? json::array() : *errors,
                               static_cast<std::size_t>(rejected));
    }

    HttpRequest asked(std::string method, std::string_view path) const {
        HttpRequest request;
        request.method = std::move(method);
        request.url = fmt::format("{}{}", base_, path);
        request.headers = {{"Authorization", keys_.api_key}};
        return request;
    }

    std::string base_;
    Keys keys_;
};

Probe SparkPost::read_probe(const HttpAnswer& answer) const {
    const auto body = read_json(answer.body);
    const json::value* const results = body ? member(*body, "results") : nullptr;
    const std::string_view status = results == nullptr ? std::string_view() : text_member(*results, "status");
    if (answer.status != 200 || status.empty()) {
        const json::array* const errors = body ? array_member(*body, "errors") : nullptr;
        const std::string words = errors == nullptr ? clean_words(answer.body) : words_of(*errors);
        return {false, clean_words(fmt::format("HTTP status {}: {}", answer.status, words))};
    }
    std::string words = fmt::format("the account is {}", status);
    const json::value* const usage = member(*results, "usage");
    const json::value* const month = usage == nullptr ? nullptr : member(*usage, "month");
    const auto used = month == nullptr ? std::nullopt : number_member(*month, "used");
    const auto limit = month == nullptr ? std::nullopt : number_member(*month, "limit");
    if (used && limit) words.append(fmt::format(", {} of {} mails this month", *used, *limit));
    return {status == "active", clean_words(words)};
}

}  // namespace

std::unique_ptr<Dialect> make_sparkpost(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<SparkPost>(settings, std::move(keys));
}

}  // namespace mailrota::providers
