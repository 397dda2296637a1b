#include "core/providers/mandrill.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <map>
#include <utility>

#include "core/mail/header_edit.h"
#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/raw_mail.h"
#include "core/providers/smtp_host.h"

namespace mailrota::providers {
namespace {

using Kind = RecipientAnswer::Kind;
namespace json = boost::json;

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Accepted, but it will not leave until somebody looks after the account.
constexpr std::array<std::string_view, 7> stuck{
    "free-trial-sends-exhausted", "hourly-quota-exhausted", "monthly-limit-reached", "sending-paused",
    "sending-suspended",          "account-suspended",      "sending-backlogged"};

// Reasons to reject that concern the recipient: Mandrill suppresses it.
constexpr std::array<std::string_view, 6> suppressed{"hard-bounce", "soft-bounce", "spam",
                                                     "unsub",       "custom",      "invalid"};
constexpr std::array<std::string_view, 2> of_sender{"invalid-sender", "unsigned"};

Kind kind_of_name(std::string_view name, int status) {
    constexpr std::array<std::string_view, 3> configuration{"Invalid_Key", "PaymentRequired",
                                                            "Unknown_Subaccount"};
    constexpr std::array<std::string_view, 2> temporary{"RequestLimitExceeded", "ServiceUnavailable"};
    if (among(configuration, name)) return Kind::configuration;
    if (among(temporary, name)) return Kind::temporary;
    if (name == "ValidationError") return Kind::bad_message;
    if (name == "GeneralError") return Kind::uncertain;
    return kind_of_status(status);
}

RecipientAnswer rejected(std::string_view reason) {
    const std::string words =
        clean_words("rejected: " + std::string(reason.empty() ? "no reason given" : reason));
    if (reason == "hard-bounce" || reason == "invalid") return {Kind::bad_recipient, {}, "5.1.1", words};
    if (among(suppressed, reason)) return {Kind::bad_recipient, {}, "5.7.1", words};
    constexpr std::array<std::string_view, 2> of_account{"test-mode-limit", "rule"};
    const bool configuration = among(of_sender, reason) || among(of_account, reason);
    return {configuration ? Kind::configuration : Kind::bad_message_here, {}, {}, words};
}

RecipientAnswer outcome_of(const json::value& result) {
    const std::string_view status = text_member(result, "status");
    if (status == "sent" || status == "queued" || status == "scheduled")
        return {Kind::accepted, clean_words(text_member(result, "_id")), {}, {}};
    if (status == "rejected") return rejected(text_member(result, "reject_reason"));
    if (status == "invalid") return {Kind::bad_recipient, {}, "5.1.3", "the address is invalid"};
    return {Kind::uncertain, {}, {}, clean_words("unknown status " + std::string(status))};
}

Answer read_results(const Outgoing& mail, const json::array& results) {
    std::map<std::string, const json::value*> by_address;
    Answer answer;
    for (const json::value& result : results) {
        by_address.emplace(policy::folded(text_member(result, "email")), &result);
        const std::string_view reason = text_member(result, "queued_reason");
        if (among(stuck, reason)) answer.alarm = clean_words("queued: " + std::string(reason));
        answer.of_domain = answer.of_domain || among(of_sender, text_member(result, "reject_reason"));
    }
    const bool of_one = results.size() == 1 && mail.recipients.size() == 1;  // however it writes the address
    for (const std::string& recipient : mail.recipients) {
        const auto found = of_one ? by_address.begin() : by_address.find(policy::folded(recipient));
        if (found == by_address.end())
            answer.recipients.push_back(
                {Kind::uncertain, {}, {}, "the answer does not tell of this recipient"});
        else
            answer.recipients.push_back(outcome_of(*found->second));
    }
    return answer;
}

class Mandrill : public Dialect {
  public:
    Mandrill(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url), keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.raw = true;
        traits.looks_up = true;
        traits.tracking_switch = true;
        traits.max_recipients = 10;  // more are answered "queued", whatever becomes of each
        traits.max_size = 25'000'000;
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& mail) const override { return raw_losses(mail.message, terms); }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        if (const auto checked = check_raw(mail, terms); !checked) return tl::unexpected(checked.error());
        const auto added = [](std::string name, std::string value) {
            return mail::HeaderEdit{mail::HeaderEdit::Kind::add, std::move(name), std::move(value)};
        };
        const std::array edits{added("X-MC-Metadata", id_json(mail)),
                               added("X-MC-Track", mail.tracking ? "opens,clicks_all" : ""),
                               added("X-MC-PreserveRecipients", "true")};
        const RawMail raw = raw_mail(mail.message, terms, edits);
        if (raw.unfit)
            return invalid("its bytes cannot be put into JSON: no UTF-8, and it may not be encoded anew");
        std::string body = R"({"key":)";
        append_json(body, keys_.api_key);
        body.append(R"(,"async":false,"to":[)");
        for (const std::string& recipient : mail.recipients) {
            if (!body.ends_with('[')) body += ',';
            append_json(body, recipient);
        }
        body.append(R"(],"raw_message":")");
        append_json(body, raw);
        body.append("\"}");
        return asked("messages/send-raw", std::move(body));
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const auto* const results = body ? body->if_array() : nullptr;
        if (answer.status == 200 && results != nullptr) return read_results(mail, *results);
        const std::string_view name = body ? text_member(*body, "name") : std::string_view();
        if (name.empty()) return answer_by_status(mail, answer);
        return answer_of_kind(mail, answer, kind_of_name(name, answer.status), words_of(*body));
    }

    HttpRequest look_up(std::string_view id, std::chrono::sys_seconds begun) const override {
        // One day more for clocks and zones.
        const auto day = std::chrono::floor<std::chrono::days>(begun);
        std::string body = R"({"key":)";
        append_json(body, keys_.api_key);
        body.append(R"(,"query":)");
        append_json(body, fmt::format("u_mailrota_id:{}", id));
        body.append(fmt::format(R"(,"date_from":"{:%Y-%m-%d}","limit":100}})", day - std::chrono::days(1)));
        return asked("messages/search", std::move(body));
    }

    LookUp read_look_up(std::string_view id, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const auto* const found = body ? body->if_array() : nullptr;
        if (answer.status != 200 || found == nullptr) return {LookUp::Found::unknown, {}, failure_of(answer)};
        for (const json::value& one : *found) {
            const json::value* const metadata = member(one, "metadata");
            if (metadata != nullptr && text_member(*metadata, "mailrota_id") == id)
                return {LookUp::Found::accepted, clean_words(text_member(one, "_id")), {}};
        }
        // Where the field is not searchable nothing is ever found, so this does not tell that it is absent.
        return {
            LookUp::Found::unknown, {}, "not found, or mailrota_id is no searchable metadata field there"};
    }

    HttpRequest probe() const override {
        std::string body = R"({"key":)";
        append_json(body, keys_.api_key);
        return asked("users/ping2", body + "}");
    }

    Probe read_probe(const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        if (answer.status == 200 && body && text_member(*body, "PING") == "PONG!")
            return {true, "the key is valid"};
        return {false, failure_of(answer)};
    }

  private:
    static constexpr RawTerms terms{.form = RawForm::utf8, .ascii_addresses = true};

    static std::string words_of(const json::value& body) {
        return fmt::format("{}: {}", text_member(body, "name"), text_member(body, "message"));
    }

    static std::string failure_of(const HttpAnswer& answer) {
        const auto body = read_json(answer.body);
        if (body && !text_member(*body, "name").empty()) return clean_words(words_of(*body));
        return clean_words(fmt::format("HTTP status {}: {}", answer.status, answer.body));
    }

    HttpRequest asked(std::string_view call, std::string body) const {
        HttpRequest request;
        request.method = "POST";
        request.url = fmt::format("{}/api/1.4/{}", base_, call);
        request.headers = {{"Content-Type", "application/json"}};
        request.body = std::move(body);
        return request;
    }

    std::string base_;
    Keys keys_;
};

}  // namespace

std::unique_ptr<Dialect> make_mandrill(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<Mandrill>(settings, std::move(keys));
}

}  // namespace mailrota::providers
