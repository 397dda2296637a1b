#include "core/providers/postmark.h"

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/json_mail.h"
#include "core/providers/postmark_answer.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 1> refused{"sender"};
constexpr JsonTerms terms{.refused = refused,
                          .repeated_fields = true,
                          .type_parameters = true,
                          .empty_files = true,
                          .plain_file_names = false};

// What was accepted a moment ago may not be found yet; Postmark does not say for how long.
constexpr std::chrono::minutes search_lag{5};

json::object file_entry(const mail::Parts::File& file) {
    json::object entry{{"Name", file.name}, {"ContentType", file.type + file.parameters}};
    if (file.shown && !file.content_id.empty()) entry.emplace("ContentID", "cid:" + file.content_id);
    return entry;
}

// Postmark gives its own Message-ID unless it is told to keep the mail's.
json::array headers_of(const JsonMail& mail) {
    json::array array;
    bool has_id = false;
    for (const auto& [name, value] : mail.headers) {
        has_id = has_id || policy::equal_folded(name, "Message-ID");
        array.push_back({{"Name", name}, {"Value", value}});
    }
    if (has_id) array.push_back({{"Name", "X-PM-KeepID"}, {"Value", "true"}});
    return array;
}

json::object request_json(const Outgoing& outgoing, const JsonMail& mail, const std::string& stream) {
    json::object request{{"From", address_text(mail.from)}, {"To", address_texts(mail.recipients.to)}};
    const auto put = [&request](const char* name, std::string text) {
        if (!text.empty()) request.emplace(name, std::move(text));
    };
    put("Cc", address_texts(mail.recipients.cc));
    put("Bcc", address_texts(mail.recipients.bcc));
    put("ReplyTo", address_texts(mail.reply_to));
    put("Subject", mail.subject);
    put("TextBody", mail.text.value_or(""));
    put("HtmlBody", mail.html.value_or(""));
    put("MessageStream", stream);
    json::array headers = headers_of(mail);
    if (!headers.empty()) request.emplace("Headers", std::move(headers));
    request.emplace("Metadata", json::object{{"mailrota_id", outgoing.id}});
    request.emplace("TrackOpens", outgoing.tracking);
    request.emplace("TrackLinks", outgoing.tracking ? "HtmlAndText" : "None");
    return request;
}

// Why Postmark would refuse the mail by its limits; empty if it would not.
std::string unfit(const JsonMail& mail) {
    constexpr std::size_t longest_from = 255;
    constexpr std::size_t longest_subject = 2000;
    constexpr std::size_t longest_text = 5'000'000;
    if (address_text(mail.from).size() > longest_from) return "Postmark takes From of 255 characters at most";
    if (mail.subject.size() > longest_subject) return "Postmark takes a Subject of 2,000 characters at most";
    if (mail.text.value_or("").size() > longest_text || mail.html.value_or("").size() > longest_text) {
        return "Postmark takes texts of 5 MB at most";
    }
    return {};
}

// The pieces, if Postmark takes them.
Result<JsonMail> pieces(const Outgoing& outgoing) {
    auto mail = json_mail(outgoing, terms);
    if (!mail) return mail;
    std::string why = unfit(*mail);
    if (!why.empty()) return invalid(std::move(why));
    return mail;
}

class Postmark : public Dialect {
  public:
    Postmark(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url), stream_(settings.message_stream), keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.keeps_message_id = true;
        traits.looks_up = true;
        traits.look_up_lag = search_lag;
        traits.tracking_switch = true;
        traits.max_recipients = 50;
        traits.max_size = 10'000'000;
        return traits;
    }

    // Postmark wants somebody in To. Where the header names nobody of the call, that is a blind recipient,
    // whom the others must not see.
    std::size_t most_recipients(const Outgoing& mail) const override {
        return json_recipients(mail).nobody_shown ? 1 : mail.recipients.size();
    }

    std::vector<Loss> losses(const Outgoing& mail) const override { return json_losses(pieces(mail)); }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        const auto parts = pieces(mail);
        if (!parts) return tl::unexpected(parts.error());
        HttpRequest request = asked("POST", "/email");
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = json_with_files(request_json(mail, *parts, stream_), "Attachments", "Content",
                                       parts->files, file_entry);
        return request;
    }

    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        return read_postmark(mail, answer);
    }

    HttpRequest look_up(std::string_view id, std::chrono::sys_seconds /*begun*/) const override {
        std::string path = "/messages/outbound?count=1&offset=0&metadata_mailrota_id=" + std::string(id);
        if (!stream_.empty()) path += "&messagestream=" + stream_;
        return asked("GET", path);
    }

    // A filter that is not understood would show anybody's mail, so the id is compared.
    LookUp read_look_up(std::string_view id, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const json::array* messages = body ? array_member(*body, "Messages") : nullptr;
        if (answer.status != 200 || messages == nullptr) {
            return {LookUp::Found::unknown, {}, "HTTP status " + std::to_string(answer.status)};
        }
        for (const json::value& message : *messages) {
            const json::value* metadata = member(message, "Metadata");
            if (metadata == nullptr || text_member(*metadata, "mailrota_id") != id) continue;
            return {LookUp::Found::accepted, clean_words(text_member(message, "MessageID")),
                    clean_words(text_member(message, "Status"))};
        }
        if (messages->empty()) return {LookUp::Found::absent, {}, "no outbound message has our id"};
        return {LookUp::Found::unknown, {}, "the search did not look for our id"};
    }

    HttpRequest probe() const override { return asked("GET", "/server"); }

    Probe read_probe(const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const std::string_view name = body ? text_member(*body, "Name") : std::string_view();
        if (answer.status == 200 && !name.empty()) return {true, "server " + clean_words(name)};
        const std::string_view words = body ? text_member(*body, "Message") : std::string_view();
        const std::string status = "HTTP status " + std::to_string(answer.status);
        return {false, words.empty() ? status : clean_words(words)};
    }

  private:
    HttpRequest asked(std::string method, const std::string& path) const {
        HttpRequest request;
        request.method = std::move(method);
        request.url = base_ + path;
        request.headers.emplace_back("X-Postmark-Server-Token", keys_.api_key);
        request.headers.emplace_back("Accept", "application/json");
        return request;
    }

    std::string base_;
    std::string stream_;
    Keys keys_;
};

}  // namespace

std::unique_ptr<Dialect> make_postmark(const config::ProviderSettings& settings, Keys keys) {
    return std::make_unique<Postmark>(settings, std::move(keys));
}

}  // namespace mailrota::providers
