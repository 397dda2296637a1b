#include "core/providers/hook_event.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/mail/digest.h"
#include "core/mail/text_encoding.h"
#include "core/policy/fold.h"
#include "core/providers/hook_pieces.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::size_t most_tags = 50;
constexpr std::size_t longest_tag = 255;
constexpr std::size_t most_metadata = 50;
constexpr std::size_t longest_id = 255;

bool is_our_id(std::string_view text) {
    return text.size() == 32 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool names_our_id(std::string_view key) {
    return policy::equal_folded(key, "mailrota_id") || policy::equal_folded(key, "mailrota-id");
}

bool has_reason(Type type) {
    return mail::is_final_failure(type) || type == Type::complained || type == Type::unsubscribed;
}

}  // namespace

void take_tags(MailEvent& event, HookFields tags) {
    if (const auto one = tags.text(longest_tag); !one.empty()) event.tags.push_back(one);
    for (std::size_t i = 0; i < std::min(tags.size(), most_tags); ++i)
        if (auto tag = tags.at(i).text(longest_tag); !tag.empty()) event.tags.push_back(std::move(tag));
}

void take_metadata(MailEvent& event, HookFields metadata) {
    if (metadata.object() == nullptr) return;
    for (const auto& member : *metadata.object())
        take_metadata(event, {member.key().data(), member.key().size()}, HookFields(&member.value()));
}

void take_metadata(MailEvent& event, std::string_view key, HookFields value) {
    if (names_our_id(key))
        if (auto id = policy::folded(value.text(64)); is_our_id(id)) {
            event.attempt = std::move(id);
            return;
        }
    if (event.metadata.size() >= most_metadata || key.empty()) return;
    event.metadata.insert_or_assign(line_of(key, longest_tag), value.text());
}

std::string without_mta_type(std::string text) {
    constexpr std::string_view type = "smtp;";
    if (!policy::equal_folded(std::string_view(text).substr(0, type.size()), type)) return text;
    const auto begin = text.find_first_not_of(' ', type.size());
    return begin == std::string::npos ? std::string() : text.substr(begin);
}

std::string made_id(std::initializer_list<std::string_view> fields) {
    std::vector<std::string_view> digested{"event id"};
    digested.insert(digested.end(), fields.begin(), fields.end());
    const mail::Digest digest = mail::digest_of(digested);
    return mail::to_hex(std::span(digest).first<16>());
}

std::string kept_raw(std::string_view text) {
    std::string raw(text);
    if (raw.size() > longest_raw) {
        raw.resize(longest_raw / 2 - 1);  // each byte may need two in a string
        mail::cut_utf8(raw, raw.size() - 1);
        raw = json::serialize(json::string(raw));
    }
    // Inside of strings JSON has no control characters as such.
    std::ranges::replace_if(
        raw, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return raw;
}

void finish(MailEvent& event, std::string_view raw) {
    event.raw = kept_raw(raw);
    if (event.id.empty()) event.id = made_id({raw});
    if (event.id.size() > longest_id) event.id = made_id({event.id});
    if (event.type == Type::complained) event.reason = Reason::spam;
    if (event.type == Type::unsubscribed) event.reason = Reason::unsubscribed;
    if (!has_reason(event.type)) event.reason = Reason::none;
    if (event.type != Type::bounced) event.soft = false;
}

std::optional<MailEvent> read_piece(std::string_view text, const ReadEvent& read) {
    constexpr std::size_t deepest = 16;
    std::array<unsigned char, 8192> near;  // most events need no memory but this
    json::monotonic_resource memory(near.data(), near.size());
    json::parse_options options;
    options.max_depth = deepest;
    boost::system::error_code broken;
    const json::value value = json::parse(text, broken, &memory, options);
    if (broken || !value.is_object()) return std::nullopt;
    auto event = read(HookFields(&value));
    if (event) finish(*event, text);
    return event;
}

Result<HookNews> read_batch(std::string_view text, const ReadEvent& read) {
    const auto elements = array_elements(text);
    if (!elements) return invalid("the body is no JSON array");
    HookNews news;
    news.unreadable = elements->left_out;
    news.events.reserve(elements->texts.size());
    for (const std::string_view element : elements->texts) {
        auto event = read_piece(element, read);
        if (event)
            news.events.push_back(*std::move(event));
        else
            ++news.unreadable;
    }
    return news;
}

Result<HookNews> read_single(std::string_view text, const ReadEvent& read) {
    auto event = read_piece(text, read);
    if (!event) return invalid("the body is no JSON object of an event");
    HookNews news;
    news.events.push_back(*std::move(event));
    return news;
}

}  // namespace mailrota::providers
