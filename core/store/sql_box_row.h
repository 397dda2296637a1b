#pragma once

#include "core/store/sql_row.h"

namespace mailrota::store {

// A row of table box_item. The columns are those of the text below, in their order.
inline constexpr std::string_view box_columns =
    "seq, id, box, mail, sender, sender_parameters, recipients, size, queued, expires, leases, lease, "
    "leased_until";

struct BoxRow {
    std::int64_t seq = 0;  // ascending in the order of queueing
    BoxItem item;
    std::vector<std::int64_t>
        told;  // of each recipient: the lease (by BoxItem::leases) it was last deferred under

    bool waits() const;        // any recipient does
    bool told_of_all() const;  // under the last lease, of those that wait
};

// Fails with `invalid` on a row that this program cannot have written.
Result<BoxRow> read_box_row(SqlRow row);

// The recipients with their marks in one column: an item is leased and acknowledged as one row.
std::string pack_recipients(const BoxRow& row);

}  // namespace mailrota::store
