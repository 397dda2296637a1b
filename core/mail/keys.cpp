#include "core/mail/keys.h"

#include <algorithm>
#include <span>
#include <unordered_set>

#include "core/mail/digest.h"
#include "core/mail/header_text.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t key_bytes = 16;
constexpr std::size_t most_thread_ids = 100;
constexpr std::size_t longest_id = 998;

std::string key_hex(std::span<const std::string_view> fields) {
    const Digest digest = digest_of(fields);
    return to_hex(std::span(digest).first(key_bytes));
}

// A raw value without what folding may change: runs of blanks are one blank.
std::string canonical(std::string_view raw) {
    std::string text = unfold_header(raw);
    std::ranges::replace(text, '\t', ' ');
    const auto two_blanks = [](char left, char right) { return left == ' ' && right == ' '; };
    text.erase(std::unique(text.begin(), text.end(), two_blanks), text.end());
    return text;
}

// A message id as it may be stored: UTF-8 on one line without blanks; empty if it cannot be one.
std::string clean_id(std::string_view raw) {
    if (raw.size() > longest_id) {
        return {};
    }
    std::string id(raw);
    std::erase_if(id, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
    return to_utf8("", std::move(id));
}

void append_ids(std::string_view value, std::vector<std::string>& ids) {
    const bool bracketed = value.find('<') != std::string_view::npos;
    const std::string_view before = bracketed ? "<" : " \t\r\n,";
    const std::string_view after = bracketed ? ">" : " \t\r\n,";
    while (!value.empty()) {
        std::size_t start = bracketed ? value.find('<') : value.find_first_not_of(before);
        start = start == std::string_view::npos ? value.size() : start + (bracketed ? 1 : 0);
        const std::size_t end = std::min(value.find_first_of(after, start), value.size());
        std::string id = clean_id(value.substr(start, end - start));
        if (!id.empty() && (bracketed || id.find('@') != std::string::npos)) {
            ids.push_back(std::move(id));
        }
        value.remove_prefix(end);
    }
}

void drop_repeated(std::vector<std::string>& ids) {
    std::unordered_set<std::string> seen;
    std::erase_if(ids, [&](const std::string& id) { return !seen.insert(id).second; });
}

// What the client wrote on its mail, digested for `purpose`.
std::string key_of_client(std::string_view purpose, std::string_view id, const Message& message) {
    const std::string date = canonical(message.raw_header("Date"));
    const std::string from = canonical(message.raw_header("From"));
    return key_hex(std::array<std::string_view, 4>{purpose, id, date, from});
}

}  // namespace

MessageKey message_key(const Message& message, std::string_view queue_id, std::string_view nonce) {
    const std::string id = canonical(message.raw_header("Message-ID"));
    const bool made_by_mta = !queue_id.empty() && id.find(queue_id) != std::string::npos;
    if (id.empty() || made_by_mta) {
        return {key_hex(std::array<std::string_view, 2>{"mailrota key of one offer", nonce}), false};
    }
    return {key_of_client("mailrota key of a mail", id, message), true};
}

std::vector<std::string> thread_ids(const Message& message) {
    std::vector<std::string> ids;
    for (const char* name : {"References", "In-Reply-To", "Message-ID"}) {
        append_ids(message.raw_header(name), ids);
    }
    drop_repeated(ids);
    if (ids.size() > most_thread_ids) {
        ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(most_thread_ids));
    }
    return ids;
}

std::string trace_identity(const Message& message) {
    return key_of_client("mailrota trace identity", canonical(message.raw_header("Message-ID")), message);
}

}  // namespace mailrota::mail
