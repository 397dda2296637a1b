#pragma once

#include "core/store/sql_row.h"

namespace mailrota::store {

// A row of table event. The columns are those of the text below, in their order.
inline constexpr std::string_view event_columns =
    "seq, provider, id, type, reason, soft, at, attempt, message_id, recipient, native, rest, received, "
    "settled, mail";

// Fails with `invalid` on a row that this program cannot have written.
Result<StoredEvent> read_event(SqlRow row);

// A new row: beside an event's own texts it has what is made of them.
inline constexpr std::size_t new_event_width = 15;
inline constexpr std::string_view new_event_columns =
    "key, provider, id, type, reason, soft, at, attempt, message_id, recipient, native, rest, received, "
    "settled, mail";
struct PackedEvent {
    std::string key;        // tells a new event from a known one
    std::string recipient;  // by which it is found: mail::Address's key
    std::string rest;       // what is only shown
};
PackedEvent pack_event(std::string_view provider, const mail::MailEvent& event);

// Appends the parameters of a new row, not settled; they view into the arguments.
void add_event(std::vector<SqlParam>& params, std::string_view provider, const mail::MailEvent& event,
               const PackedEvent& packed, Time received);

}  // namespace mailrota::store
