#include "core/providers/sendgrid.h"

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/json_mail.h"
#include "core/providers/loss.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using Kind = RecipientAnswer::Kind;

// Beside those that no JSON transport takes.
constexpr std::array<std::string_view, 3> refused{"x-sg-id", "x-sg-eid", "resent-bcc"};
constexpr JsonTerms terms{.refused = refused,
                          .repeated_fields = false,
                          .type_parameters = false,
                          .empty_files = false,
                          .plain_file_names = true};

json::object address(const JsonAddress& each) {
    json::object object{{"email", each.address}};
    if (!each.name.empty()) object.emplace("name", each.name);
    return object;
}

json::array addresses(const std::vector<JsonAddress>& list) {
    json::array array;
    for (const JsonAddress& each : list) array.push_back(address(each));
    return array;
}

// One copy for all; where the header names none of them, one for each, so that no blind recipient is shown to
// the others.
json::array personalizations(const JsonRecipients& recipients) {
    json::array all;
    json::object first{{"to", addresses(recipients.to)}};
    if (recipients.nobody_shown) {
        all.push_back(std::move(first));
        for (const JsonAddress& each : recipients.bcc) {
            all.push_back(json::object{{"to", json::array{address(each)}}});
        }
        return all;
    }
    if (!recipients.cc.empty()) first.emplace("cc", addresses(recipients.cc));
    if (!recipients.bcc.empty()) first.emplace("bcc", addresses(recipients.bcc));
    all.push_back(std::move(first));
    return all;
}

json::array content(const JsonMail& mail) {
    json::array array;
    if (mail.text) array.push_back({{"type", "text/plain"}, {"value", *mail.text}});
    if (mail.html) array.push_back({{"type", "text/html"}, {"value", *mail.html}});
    return array;
}

json::object tracking(bool on) {
    return {{"click_tracking", {{"enable", on}, {"enable_text", false}}},
            {"open_tracking", {{"enable", on}}},
            {"subscription_tracking", {{"enable", false}}},
            {"ganalytics", {{"enable", false}}}};
}

json::object file_entry(const mail::Parts::File& file) {
    const bool shown = file.shown && !file.content_id.empty();
    json::object entry{
        {"type", file.type}, {"filename", file.name}, {"disposition", file.shown ? "inline" : "attachment"}};
    if (shown) entry.emplace("content_id", file.content_id);
    return entry;
}

json::object request_json(const Outgoing& outgoing, const JsonMail& mail) {
    json::object request{{"personalizations", personalizations(mail.recipients)},
                         {"from", address(mail.from)},
                         {"subject", mail.subject.empty() ? " " : mail.subject},  // it wants one
                         {"content", content(mail)},
                         {"custom_args", {{"mailrota_id", outgoing.id}}},
                         {"tracking_settings", tracking(outgoing.tracking)}};
    if (mail.reply_to.size() == 1) request.emplace("reply_to", address(mail.reply_to.front()));
    if (mail.reply_to.size() > 1) request.emplace("reply_to_list", addresses(mail.reply_to));
    json::object headers;
    for (const auto& [name, value] : mail.headers) headers.emplace(name, value);
    if (!headers.empty()) request.emplace("headers", std::move(headers));
    return request;
}

// One of "errors", as it was told.
struct Fault {
    std::string_view field;
    std::string_view message;
};

std::vector<Fault> faults_of(const std::optional<json::value>& body) {
    std::vector<Fault> faults;
    const json::array* errors = body ? array_member(*body, "errors") : nullptr;
    for (std::size_t at = 0; errors != nullptr && at < errors->size() && at < 1000; ++at) {
        faults.push_back({text_member((*errors)[at], "field"), text_member((*errors)[at], "message")});
    }
    return faults;
}

std::optional<std::size_t> take_index(std::string_view& path) {
    const std::string_view number = path.substr(0, path.find('.'));
    const auto index = read_count(number);
    path.remove_prefix(std::min(number.size() + 1, path.size()));
    return index ? std::optional(static_cast<std::size_t>(*index)) : std::nullopt;
}

// The recipient that "personalizations.0.cc.1.email" is about.
const JsonAddress* recipient_at(const JsonRecipients& recipients, std::string_view field) {
    constexpr std::string_view prefix = "personalizations.";
    if (!field.starts_with(prefix)) return nullptr;
    field.remove_prefix(prefix.size());
    const auto copy = take_index(field);
    const std::string_view list = field.substr(0, field.find('.'));
    field.remove_prefix(std::min(list.size() + 1, field.size()));
    const auto index = take_index(field);
    if (!copy || !index) return nullptr;
    if (recipients.nobody_shown && *copy > 0) {
        return *copy <= recipients.bcc.size() ? &recipients.bcc[*copy - 1] : nullptr;
    }
    const auto& from = list == "to" ? recipients.to : list == "cc" ? recipients.cc : recipients.bcc;
    return *index < from.size() ? &from[*index] : nullptr;
}

bool is_address_fault(const Fault& fault) {
    return fault.field.starts_with("personalizations") && fault.field.ends_with("email");
}

// 400: bad addresses are told one by one; nothing was sent to the others, who may try again without them.
Answer bad_request(const Outgoing& mail, const HttpAnswer& answer, const std::vector<Fault>& faults) {
    if (faults.empty()) return answer_by_status(mail, answer);
    const bool addresses_only = std::ranges::all_of(faults, is_address_fault);
    if (!addresses_only) return answer_of_kind(mail, answer, Kind::bad_message, faults.front().message);
    const JsonRecipients recipients = json_recipients(mail);
    Answer result = answer_of_kind(mail, answer, Kind::unsent, faults.front().message);
    for (const Fault& fault : faults) {
        const JsonAddress* bad = recipient_at(recipients, fault.field);
        if (bad == nullptr && mail.recipients.size() == 1) bad = &recipients.to.front();
        if (bad == nullptr) continue;
        result.recipients[bad->recipient] = {Kind::bad_recipient, {}, "5.1.3", clean_words(fault.message)};
    }
    return result;
}

class SendGrid : public Dialect {
  public:
    SendGrid(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url), keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.tracking_switch = true;
        traits.max_recipients = 1000;
        traits.max_size = 30'000'000;
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& mail) const override {
        return json_losses(json_mail(mail, terms));
    }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        const auto parts = json_mail(mail, terms);
        if (!parts) return tl::unexpected(parts.error());
        HttpRequest request = asked("POST", "/v3/mail/send");
        request.headers.emplace_back("Content-Type", "application/json");
        request.body =
            json_with_files(request_json(mail, *parts), "attachments", "content", parts->files, file_entry);
        return request;
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const std::string_view id = answer.header("X-Message-Id");
        if (answer.status == 202 && (!id.empty() || answer.body.empty())) return accepted_by_all(mail, id);
        const auto body = read_json(answer.body);
        const std::vector<Fault> faults = faults_of(body);
        if (answer.status == 400) return bad_request(mail, answer, faults);
        Answer result = answer_by_status(mail, answer, faults.empty() ? "" : faults.front().message);
        result.of_domain = answer.status == 403 && !faults.empty() && faults.front().field == "from";
        return result;
    }

    HttpRequest look_up(std::string_view /*id*/, std::chrono::sys_seconds /*begun*/) const override {
        return probe();
    }

    LookUp read_look_up(std::string_view /*id*/, const HttpAnswer& /*answer*/) const override {
        return {LookUp::Found::unknown, {}, "SendGrid cannot be asked for a mail"};
    }

    HttpRequest probe() const override { return asked("GET", "/v3/scopes"); }

    Probe read_probe(const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const json::array* scopes = body ? array_member(*body, "scopes") : nullptr;
        if (answer.status == 200 && scopes != nullptr) {
            for (const json::value& scope : *scopes) {
                if (scope.is_string() && scope.get_string() == "mail.send")
                    return {true, "the key may send mail"};
            }
            return {false, "the key may not send mail: it lacks the scope mail.send"};
        }
        const std::vector<Fault> faults = faults_of(body);
        const std::string status = "HTTP status " + std::to_string(answer.status);
        return {false, clean_words(faults.empty() ? status : std::string(faults.front().message))};
    }

  private:
    HttpRequest asked(std::string method, std::string_view path) const {
        HttpRequest request;
        request.method = std::move(method);
        request.url = base_ + std::string(path);
        request.headers.emplace_back("Authorization", "Bearer " + keys_.api_key);
        return request;
    }

    std::string base_;
    Keys keys_;
};

}  // namespace

std::unique_ptr<Dialect> make_sendgrid(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<SendGrid>(settings, std::move(keys));
}

}  // namespace mailrota::providers
