#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/mail/mail_event.h"
#include "core/providers/hook_fields.h"
#include "core/providers/webhook.h"

// How the readers of all providers make events: everything in them is bounded, however long the provider's
// words are.
namespace mailrota::providers {

inline constexpr std::size_t longest_raw = 16'000;  // bytes of MailEvent::raw

// Takes tags from a string or an array of strings, at most 50.
void take_tags(mail::MailEvent& event, HookFields tags);
// Takes metadata, at most 50 pairs; our own id, wherever it is found, becomes event.attempt instead.
void take_metadata(mail::MailEvent& event, HookFields metadata);
void take_metadata(mail::MailEvent& event, std::string_view key, HookFields value);

// "smtp; 550 5.1.1 …" as a reporting MTA writes it (RFC 3464 section 2.3.6), without the type.
std::string without_mta_type(std::string text);
// One id of several fields, the same for the same fields: 32 hexadecimal digits.
std::string made_id(std::initializer_list<std::string_view> fields);
// An event's text as it is kept: on one line; what is longer than longest_raw only from its beginning, as a
// JSON string.
std::string kept_raw(std::string_view json);

// What follows for every provider: raw, an id if there is none yet, complaints are spam, and no reason where
// there is nothing to give one for.
void finish(mail::MailEvent& event, std::string_view raw);

// Reads one event; nothing if it is none at all.
using ReadEvent = std::function<std::optional<mail::MailEvent>(HookFields event)>;
// Parses `json` and reads it; nothing also if it is no object or nested deeper than 16.
std::optional<mail::MailEvent> read_piece(std::string_view json, const ReadEvent& read);
// Reads each element; what is no event is counted. `invalid` if `json` is no array.
Result<HookNews> read_batch(std::string_view json, const ReadEvent& read);
// The same for a body that is one event.
Result<HookNews> read_single(std::string_view json, const ReadEvent& read);

// What the word stands for in a table of words; the fallback if it is not in it.
template <class Value, std::size_t size>
Value looked_up(const std::pair<std::string_view, Value> (&table)[size], std::string_view word,
                Value fallback) {
    for (const auto& [name, value] : table)
        if (name == word) return value;
    return fallback;
}

}  // namespace mailrota::providers
