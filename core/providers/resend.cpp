#include "core/providers/resend.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/json_mail.h"
#include "core/providers/loss.h"
#include "core/providers/resend_files.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using Kind = RecipientAnswer::Kind;

constexpr JsonTerms terms{.refused = {},
                          .repeated_fields = false,
                          .type_parameters = true,
                          .empty_files = true,
                          .plain_file_names = false};

constexpr std::chrono::seconds quota_delay{3600};

// Its type is told only if it is the one that the name stands for: Resend drops the mail otherwise and says
// nothing.
json::object file_entry(const mail::Parts::File& file) {
    json::object entry{{"filename", file.name}};
    if (fits_name(file)) entry.emplace("content_type", file.type + file.parameters);
    if (file.shown && !file.content_id.empty()) entry.emplace("content_id", file.content_id);
    return entry;
}

json::array addresses(const std::vector<JsonAddress>& list) {
    json::array array;
    for (const JsonAddress& each : list) array.push_back(json::string(address_text(each)));
    return array;
}

json::object request_json(const Outgoing& outgoing, const JsonMail& mail) {
    json::object request{{"from", address_text(mail.from)},
                         {"to", addresses(mail.recipients.to)},
                         {"subject", mail.subject.empty() ? " " : mail.subject}};  // it wants one
    if (!mail.recipients.cc.empty()) request.emplace("cc", addresses(mail.recipients.cc));
    if (!mail.recipients.bcc.empty()) request.emplace("bcc", addresses(mail.recipients.bcc));
    if (!mail.reply_to.empty()) request.emplace("reply_to", addresses(mail.reply_to));
    if (mail.text) request.emplace("text", *mail.text);
    if (mail.html) request.emplace("html", *mail.html);
    json::object headers;
    for (const auto& [name, value] : mail.headers) headers.emplace(name, value);
    if (!headers.empty()) request.emplace("headers", std::move(headers));
    json::array tags;
    tags.push_back(json::object{{"name", "mailrota_id"}, {"value", outgoing.id}});
    request.emplace("tags", std::move(tags));
    return request;
}

// By the name of the error, which tells more than the status; nothing for one that is not known.
std::optional<Kind> kind_of_name(std::string_view name, int status) {
    struct Named {
        std::string_view name;
        Kind kind;
    };
    constexpr std::array<Named, 17> names{{
        {"missing_api_key", Kind::configuration},
        {"restricted_api_key", Kind::configuration},
        {"invalid_api_key", Kind::configuration},
        {"invalid_access", Kind::configuration},
        {"invalid_region", Kind::configuration},
        {"not_found", Kind::configuration},
        {"method_not_allowed", Kind::configuration},
        {"missing_required_field", Kind::bad_message},
        {"invalid_from_address", Kind::bad_message},
        {"invalid_parameter", Kind::bad_message},
        {"invalid_attachment", Kind::bad_message_here},
        {"security_error", Kind::bad_message},
        {"rate_limit_exceeded", Kind::temporary},
        {"daily_quota_exceeded", Kind::temporary},
        {"monthly_quota_exceeded", Kind::temporary},
        // The first request with our key may have been accepted.
        {"invalid_idempotent_request", Kind::uncertain},
        {"concurrent_idempotent_requests", Kind::uncertain},
    }};
    if (name == "validation_error" && status != 403) return Kind::bad_message;
    const auto* const found = std::ranges::find(names, name, &Named::name);
    return found == names.end() ? std::nullopt : std::optional(found->kind);
}

// The recipients that "Invalid `to` field" is about; null if the words are about something else.
const std::vector<JsonAddress>* bad_list(const JsonRecipients& recipients, std::string_view words) {
    const std::string text = policy::folded(words);
    const auto says = [&text](const char* field) { return text.find(field) != std::string::npos; };
    if (!says("invalid")) return nullptr;
    if (says("`to`")) return &recipients.to;
    if (says("`cc`")) return &recipients.cc;
    return says("`bcc`") ? &recipients.bcc : nullptr;
}

// Which one of several it means is not said.
std::optional<Answer> bad_recipients(const Outgoing& mail, const HttpAnswer& answer, std::string_view words) {
    const JsonRecipients recipients = json_recipients(mail);
    const std::vector<JsonAddress>* list = bad_list(recipients, words);
    if (list == nullptr || list->empty()) return std::nullopt;
    const bool one = list->size() == 1;
    Answer result = answer_of_kind(mail, answer, Kind::unsent, words);
    if (one)
        result.recipients[list->front().recipient] = {Kind::bad_recipient, {}, "5.1.3", clean_words(words)};
    return result;
}

class Resend : public Dialect {
  public:
    Resend(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url), keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.idempotent = true;
        traits.max_recipients = 1;  // an event does not say which one of several it is about
        traits.max_size = 40'000'000;
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& outgoing) const override {
        auto mail = json_mail(outgoing, terms);
        if (!mail) return json_losses(std::move(mail));
        const bool hides_others = outgoing.recipients.size() > 1 && !mail->recipients.nobody_shown;
        if (hides_others) add_loss(mail->losses, Loss::Kind::detail, "all but the own address of To and Cc");
        for (const mail::Parts::File& file : mail->files) {
            if (!fits_name(file))
                add_loss(mail->losses, Loss::Kind::detail, "a file's type that is not its name's");
        }
        return json_losses(std::move(mail));
    }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        const auto parts = json_mail(mail, terms);
        if (!parts) return tl::unexpected(parts.error());
        HttpRequest request = asked("POST", "/emails");
        request.headers.emplace_back("Content-Type", "application/json");
        request.headers.emplace_back("Idempotency-Key", mail.id);
        request.body =
            json_with_files(request_json(mail, *parts), "attachments", "content", parts->files, file_entry);
        return request;
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const std::string_view id = body ? text_member(*body, "id") : std::string_view();
        if ((answer.status == 200 || answer.status == 201) && !id.empty()) return accepted_by_all(mail, id);
        const std::string_view name = body ? text_member(*body, "name") : std::string_view();
        const std::string_view words = body ? text_member(*body, "message") : std::string_view();
        if (answer.status == 400 || answer.status == 422) {
            if (auto result = bad_recipients(mail, answer, words)) return *std::move(result);
        }
        const bool refusal = answer.status >= 400 && answer.status < 500;
        const auto kind = refusal ? kind_of_name(name, answer.status) : std::nullopt;
        Answer result = answer_of_kind(mail, answer, kind.value_or(kind_of_status(answer.status)), words);
        result.of_domain = answer.status == 403 && name == "validation_error";  // the domain is not verified
        if (name.ends_with("_quota_exceeded")) result.retry_after = std::max(result.retry_after, quota_delay);
        return result;
    }

    HttpRequest look_up(std::string_view /*id*/, std::chrono::sys_seconds /*begun*/) const override {
        return probe();
    }

    LookUp read_look_up(std::string_view /*id*/, const HttpAnswer& /*answer*/) const override {
        return {LookUp::Found::unknown, {}, "Resend cannot be asked for a mail by our id"};
    }

    HttpRequest probe() const override { return asked("GET", "/domains"); }

    // A key that may only send is refused everything else, by a name that tells so.
    Probe read_probe(const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const json::array* domains = body ? array_member(*body, "data") : nullptr;
        if (answer.status == 200 && domains != nullptr) return {true, domains_in_words(*domains)};
        const std::string_view name = body ? text_member(*body, "name") : std::string_view();
        if (answer.status == 401 && name == "restricted_api_key") return {true, "the key may send mail only"};
        const std::string_view words = body ? text_member(*body, "message") : std::string_view();
        const std::string status = "HTTP status " + std::to_string(answer.status);
        return {false, words.empty() ? status : clean_words(words)};
    }

  private:
    static std::string domains_in_words(const json::array& domains) {
        constexpr std::size_t most = 10;
        std::string words = "domains:";
        for (std::size_t at = 0; at < domains.size() && at < most; ++at) {
            words.append(at == 0 ? " " : ", ").append(text_member(domains[at], "name"));
            words.append(" is ").append(text_member(domains[at], "status"));
        }
        return clean_words(domains.empty() ? "no domain" : words);
    }

    HttpRequest asked(std::string method, std::string_view path) const {
        HttpRequest request;
        request.method = std::move(method);
        request.url = base_ + std::string(path);
        request.headers.emplace_back("Authorization", "Bearer " + keys_.api_key);
        request.headers.emplace_back("User-Agent", "mailrota");  // without one it answers 403
        return request;
    }

    std::string base_;
    Keys keys_;
};

}  // namespace

std::unique_ptr<Dialect> make_resend(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<Resend>(settings, std::move(keys));
}

}  // namespace mailrota::providers
