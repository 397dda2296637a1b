#include "core/providers/ses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/raw_mail.h"

namespace mailrota::providers {
namespace {

using Kind = RecipientAnswer::Kind;
namespace json = boost::json;

constexpr std::chrono::seconds rate_delay{60};  // SES names none
constexpr std::chrono::seconds quota_delay{3600};

// The exception's name without namespace, URL and "Exception": "AccountSuspended".
std::string exception_of(const HttpAnswer& answer, const std::optional<json::value>& body) {
    std::string_view name = answer.header("x-amzn-ErrorType");
    if (name.empty() && body) name = text_member(*body, "__type");
    name = name.substr(0, name.find(':'));
    if (const auto hash = name.find('#'); hash != std::string_view::npos) name.remove_prefix(hash + 1);
    constexpr std::string_view ending = "Exception";
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
    return std::string(name);
}

std::string words_of(const HttpAnswer& answer) {
    const auto body = read_json(answer.body);
    std::string_view words = body ? text_member(*body, "message") : std::string_view();
    if (words.empty() && body) words = text_member(*body, "Message");
    const std::string exception = exception_of(answer, body);
    if (exception.empty() && words.empty()) return {};
    return clean_words(words.empty() ? exception : fmt::format("{}: {}", exception, words));
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Kind kind_of_exception(std::string_view exception, std::string_view words, int status) {
    constexpr std::array<std::string_view, 4> of_account{"AccountSuspended", "SendingPaused",
                                                         "MailFromDomainNotVerified", "NotFound"};
    // What AWS says of keys and signatures, with 400 as well as 403.
    constexpr std::array<std::string_view, 9> of_key{
        "AccessDenied", "UnrecognizedClient",   "InvalidSignature",           "SignatureDoesNotMatch",
        "ExpiredToken", "InvalidClientTokenId", "MissingAuthenticationToken", "IncompleteSignature",
        "OptInRequired"};
    constexpr std::array<std::string_view, 4> temporary{"TooManyRequests", "LimitExceeded", "Throttling",
                                                        "RequestLimitExceeded"};
    if (among(of_account, exception) || among(of_key, exception)) return Kind::configuration;
    if (among(temporary, exception)) return Kind::temporary;
    if (exception == "MessageRejected")
        return words.find("not verified") == std::string_view::npos ? Kind::bad_message : Kind::configuration;
    if (status == 400 && (exception == "BadRequest" || exception == "Validation")) return Kind::bad_message;
    return kind_of_status(status);
}

bool of_senders_domain(std::string_view exception, Kind kind) {
    return kind == Kind::configuration &&
           (exception == "MailFromDomainNotVerified" || exception == "MessageRejected");
}

// Fields of which SES refuses a second one, as RFC 5322 section 3.6 forbids it.
std::string repeated_field(const mail::Message& message) {
    constexpr std::array names{"From",         "Sender",       "Reply-To",    "To",         "Cc",
                               "Subject",      "Message-ID",   "In-Reply-To", "References", "Date",
                               "MIME-Version", "Content-Type", "Return-Path"};
    for (const std::string_view name : names)
        if (message.raw_headers(name).size() > 1) return std::string(name);
    return {};
}

class Ses : public Dialect {
  public:
    Ses(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url),
          region_(settings.region),
          configuration_set_(settings.configuration_set),
          keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.raw = true;
        traits.max_recipients = 50;
        traits.max_size = 29'900'000;  // 40 MB in base64, with room for what is around it
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& mail) const override { return raw_losses(mail.message, terms); }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        if (const auto checked = check_raw(mail, terms); !checked) return tl::unexpected(checked.error());
        if (const std::string name = repeated_field(mail.message); !name.empty())
            return invalid(fmt::format("SES refuses a mail with more than one {}", name));
        std::string body = R"({"Destination":{"ToAddresses":[)";
        for (const std::string& recipient : mail.recipients) {
            if (!body.ends_with('[')) body += ',';
            append_json(body, recipient);
        }
        body.append(R"(]},"EmailTags":[{"Name":"mailrota_id","Value":)");
        append_json(body, mail.id);
        body.append("}]");
        if (!configuration_set_.empty()) {
            body.append(R"(,"ConfigurationSetName":)");
            append_json(body, configuration_set_);
        }
        body.append(R"(,"Content":{"Raw":{"Data":")");
        append_base64(body, raw_mail(mail.message, terms));
        body.append("\"}}}");
        HttpRequest request = asked("POST", "/v2/email/outbound-emails");
        request.headers = {{"Content-Type", "application/json"}};
        request.body = std::move(body);
        return request;
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        if (answer.status == 200) {
            const std::string_view id = body ? text_member(*body, "MessageId") : std::string_view();
            return id.empty() ? answer_by_status(mail, answer) : accepted_by_all(mail, id);
        }
        const std::string exception = exception_of(answer, body);
        const std::string words = words_of(answer);
        const Kind kind = kind_of_exception(exception, words, answer.status);
        Answer result = answer_of_kind(mail, answer, kind, words);
        result.of_domain = of_senders_domain(exception, kind);
        const bool quota = policy::folded(words).find("quota") != std::string::npos;
        if (kind == Kind::temporary && result.retry_after.count() == 0)
            result.retry_after = quota ? quota_delay : rate_delay;
        return result;
    }

    // Never called: traits() do not say looks_up.
    HttpRequest look_up(std::string_view /*id*/, std::chrono::sys_seconds /*begun*/) const override {
        return probe();
    }
    LookUp read_look_up(std::string_view /*id*/, const HttpAnswer& /*answer*/) const override { return {}; }

    HttpRequest probe() const override { return asked("GET", "/v2/email/account"); }

    Probe read_probe(const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const json::value* const enabled = body ? member(*body, "SendingEnabled") : nullptr;
        if (answer.status != 200 || enabled == nullptr || !enabled->is_bool()) {
            const std::string words = words_of(answer);
            return {false, clean_words(fmt::format("HTTP status {}: {}", answer.status,
                                                   words.empty() ? std::string_view(answer.body) : words))};
        }
        const json::value* const quota = member(*body, "SendQuota");
        const auto number = [quota](std::string_view name) {
            const json::value* const value = quota == nullptr ? nullptr : member(*quota, name);
            return value != nullptr && value->is_number() ? value->to_number<double>() : 0.0;
        };
        std::string words =
            fmt::format("sending is {}, {:.0f} of {:.0f} mails in 24 hours, {:.0f} a second",
                        enabled->get_bool() ? "enabled" : "disabled", number("SentLast24Hours"),
                        number("Max24HourSend"), number("MaxSendRate"));
        const json::value* const production = member(*body, "ProductionAccessEnabled");
        if (production != nullptr && production->is_bool() && !production->get_bool())
            words.append(", sandbox: recipients have to be verified");
        return {enabled->get_bool(), clean_words(words)};
    }

  private:
    static constexpr RawTerms terms{.form = RawForm::ascii, .ascii_addresses = true};

    HttpRequest asked(std::string method, std::string_view path) const {
        HttpRequest request;
        request.method = std::move(method);
        request.url = fmt::format("{}{}", base_, path);
        request.authorization = HttpRequest::SigV4{region_, "ses", keys_.access_key, keys_.secret_key};
        return request;
    }

    std::string base_;
    std::string region_;
    std::string configuration_set_;
    Keys keys_;
};

}  // namespace

std::unique_ptr<Dialect> make_ses(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<Ses>(settings, std::move(keys));
}

}  // namespace mailrota::providers
