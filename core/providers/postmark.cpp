#include "core/providers/postmark.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/json_mail.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using Kind = RecipientAnswer::Kind;

constexpr std::array<std::string_view, 1> refused{"sender"};
constexpr JsonTerms terms{.refused = refused,
                          .repeated_fields = true,
                          .type_parameters = true,
                          .empty_files = true,
                          .plain_file_names = false};

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

// What one of Postmark's own error codes means; nothing for one that is not known.
std::optional<Kind> kind_of_code(std::int64_t code, std::string_view words) {
    constexpr std::array<std::int64_t, 5> bad_message{402, 403, 409, 410, 411};
    constexpr std::array<std::int64_t, 6> configuration{10, 400, 401, 405, 412, 413};
    constexpr std::int64_t first_of_streams = 1200;
    constexpr std::int64_t last_of_streams = 1299;
    if (code == 300) {
        const bool of_file = policy::folded(words).find("attachment") != std::string::npos;
        return of_file ? Kind::bad_message_here : Kind::bad_message;
    }
    if (code == 406) return Kind::bad_recipient;
    if (code == 100 || code == 429) return Kind::temporary;
    if (std::ranges::find(bad_message, code) != bad_message.end()) return Kind::bad_message;
    if (std::ranges::find(configuration, code) != configuration.end()) return Kind::configuration;
    if (code >= first_of_streams && code <= last_of_streams) return Kind::configuration;
    return std::nullopt;
}

bool may_stand_in_address(char c) {
    constexpr std::string_view marks = "!#$%&*+-/=?^_`{|}~.@";
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
}

// True if `text` (folded) has `address` as a whole, not as the end of another.
bool names(std::string_view text, std::string_view address) {
    for (std::size_t at = text.find(address); at != std::string_view::npos; at = text.find(address, at + 1)) {
        const std::size_t end = at + address.size();
        const bool begins = at == 0 || !may_stand_in_address(text[at - 1]);
        // A full stop may end the sentence.
        const bool goes_on = end < text.size() && may_stand_in_address(text[end]) &&
                             !(text[end] == '.' && (end + 1 == text.size() || text[end + 1] == ' '));
        if (begins && !goes_on) return true;
    }
    return false;
}

// Which recipients the words name, in small letters as Postmark does.
std::vector<bool> named_recipients(const Outgoing& mail, std::string_view words) {
    constexpr std::size_t longest = 20'000;  // fifty addresses
    const std::string text = policy::folded(words.substr(0, longest));
    std::vector<bool> named;
    for (const std::string& each : mail.recipients) named.push_back(names(text, policy::folded(each)));
    return named;
}

// Where the words are about recipients, those whom they name are refused; the others were not sent to and may
// try again.
Answer bad_recipients(const Outgoing& mail, const HttpAnswer& answer, std::string_view words, bool inactive) {
    const std::vector<bool> named = named_recipients(mail, words);
    const bool any = std::ranges::find(named, true) != named.end();
    const RecipientAnswer bad{Kind::bad_recipient, {}, inactive ? "5.7.1" : "5.1.3", clean_words(words)};
    if (!any && (inactive || mail.recipients.size() == 1)) return answer_to_all(mail, bad);
    if (!any) return answer_of_kind(mail, answer, Kind::bad_message_here, words);
    Answer result =
        answer_of_kind(mail, answer, Kind::temporary, "another recipient of the call was refused");
    for (std::size_t at = 0; at < named.size(); ++at) {
        if (named[at]) result.recipients[at] = bad;
    }
    return result;
}

bool is_about_recipient(std::string_view words) {
    const std::string text = policy::folded(words);
    return std::ranges::any_of(std::array{"'to'", "'cc'", "'bcc'"},
                               [&text](const char* field) { return text.find(field) != std::string::npos; });
}

// 200 with an id: sent, but not to those whom the words call inactive.
Answer accepted(const Outgoing& mail, std::string_view id, std::string_view words) {
    Answer result = accepted_by_all(mail, id);
    if (policy::folded(words).find("inactive") == std::string::npos) return result;
    const std::vector<bool> named = named_recipients(mail, words);
    for (std::size_t at = 0; at < named.size(); ++at) {
        if (named[at]) result.recipients[at] = {Kind::bad_recipient, {}, "5.7.1", clean_words(words)};
    }
    return result;
}

Answer refused_by_code(const Outgoing& mail, const HttpAnswer& answer, std::int64_t code,
                       std::string_view words) {
    const bool inactive = code == 406;
    if (inactive || (code == 300 && is_about_recipient(words))) {
        return bad_recipients(mail, answer, words, inactive);
    }
    const Kind kind = kind_of_code(code, words).value_or(Kind::bad_message_here);
    Answer result = answer_of_kind(mail, answer, kind, words);
    result.of_domain = code == 400 || code == 401;  // the sender's signature or domain is not confirmed
    return result;
}

class Postmark : public Dialect {
  public:
    Postmark(const config::ProviderSettings& settings, Keys keys)
        : base_(settings.base_url), stream_(settings.message_stream), keys_(std::move(keys)) {}

    Traits traits() const override {
        Traits traits;
        traits.keeps_message_id = true;
        traits.looks_up = true;
        traits.tracking_switch = true;
        traits.max_recipients = 50;
        traits.max_size = 10'000'000;
        return traits;
    }

    std::vector<Loss> losses(const Outgoing& mail) const override { return json_losses(mail, terms); }

    Result<HttpRequest> send(const Outgoing& mail) const override {
        const auto parts = json_mail(mail, terms);
        if (!parts) return tl::unexpected(parts.error());
        HttpRequest request = asked("POST", "/email");
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = json_with_files(request_json(mail, *parts, stream_), "Attachments", "Content",
                                       parts->files, file_entry);
        return request;
    }

    // The codes' numbers collide with those of HTTP; where HTTP's own status says enough, it counts.
    Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const override {
        const auto body = read_json(answer.body);
        const std::string_view words = body ? text_member(*body, "Message") : std::string_view();
        const auto code = body ? number_member(*body, "ErrorCode") : std::nullopt;
        if (answer.status == 503) return answer_of_kind(mail, answer, Kind::temporary, words);
        const bool told = answer.status == 200 || answer.status == 400 || answer.status == 422;
        if (told && code && *code != 0) return refused_by_code(mail, answer, *code, words);
        const std::string_view id = body ? text_member(*body, "MessageID") : std::string_view();
        if (answer.status == 200 && code && !id.empty()) return accepted(mail, id, words);
        return answer_by_status(mail, answer, words);
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
