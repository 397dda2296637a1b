#pragma once

#include "core/store/sql_row.h"

namespace mailrota::store {

// A row of table event. The columns are those of the text below, in their order.
inline constexpr std::string_view event_columns =
    "provider, id, type, reason, soft, at, attempt, message_id, recipient, native, rest, received, settled, "
    "mail";

// Fails with `invalid` on a row that this program cannot have written. `seq` is the first column.
Result<StoredEvent> read_event(SqlRow row);

// What an event's columns are made of beside its own texts.
struct PackedEvent {
    std::string recipient;  // by which it is found: mail::Address's key
    std::string rest;       // what is only shown
};
PackedEvent pack_event(const mail::MailEvent& event);

// Appends the parameters of one row that is not settled; they view into the arguments.
void add_event(std::vector<SqlParam>& params, std::string_view provider, const mail::MailEvent& event,
               const PackedEvent& packed, Time received);

}  // namespace mailrota::store
