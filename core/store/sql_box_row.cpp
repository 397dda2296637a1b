#include "core/store/sql_box_row.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/store/string_list.h"

namespace mailrota::store {
namespace {

using State = BoxRecipient::State;

constexpr std::string_view state_names[] = {"waiting", "delivered", "failed"};

std::optional<State> to_state(std::string_view name) {
    const auto* found = std::find(std::begin(state_names), std::end(state_names), name);
    if (found == std::end(state_names)) return std::nullopt;
    return static_cast<State>(found - std::begin(state_names));
}

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool add_recipient(BoxRow& row, const std::string& packed) {
    auto fields = split_strings(packed);
    if (!fields || fields->size() != 5) return false;
    auto parameters = split_strings(fields->at(1));
    const auto state = to_state(fields->at(2));
    const auto told = to_number(fields->at(3));
    if (!parameters || !state || !told) return false;
    row.item.recipients.push_back(
        {std::move(fields->at(0)), std::move(*parameters), *state, std::move(fields->at(4))});
    row.told.push_back(*told);
    return true;
}

}  // namespace

bool BoxRow::waits() const {
    return std::any_of(item.recipients.begin(), item.recipients.end(),
                       [](const BoxRecipient& recipient) { return recipient.state == State::waiting; });
}

bool BoxRow::told_of_all() const {
    for (std::size_t i = 0; i < item.recipients.size(); ++i)
        if (item.recipients[i].state == State::waiting && told.at(i) != item.leases) return false;
    return true;
}

Result<BoxRow> read_box_row(SqlRow row) {
    if (!has_types(row, "nttttttnnnnTn")) return invalid("a row of table box_item has foreign types");
    auto parameters = split_strings(text(row, 5));
    const auto recipients = split_strings(text(row, 6));
    if (!parameters || !recipients) return invalid("a row of table box_item has a broken list");
    BoxRow made{.seq = number(row, 0),
                .item = {.id = std::move(text(row, 1)),
                         .box = std::move(text(row, 2)),
                         .mail = std::move(text(row, 3)),
                         .sender = std::move(text(row, 4)),
                         .sender_parameters = std::move(*parameters),
                         .recipients = {},
                         .size = static_cast<std::uint64_t>(number(row, 7)),
                         .queued = time(row, 8),
                         .expires = time(row, 9),
                         .leases = static_cast<int>(number(row, 10)),
                         .lease = optional_text(row, 11),
                         .leased_until = time(row, 12)},
                .told = {}};
    for (const std::string& recipient : *recipients)
        if (!add_recipient(made, recipient)) return invalid("a row of table box_item has a broken recipient");
    return made;
}

std::string pack_recipients(const BoxRow& row) {
    std::vector<std::string> packed;
    for (std::size_t i = 0; i < row.item.recipients.size(); ++i) {
        const BoxRecipient& recipient = row.item.recipients[i];
        packed.push_back(join_strings({recipient.address, join_strings(recipient.parameters),
                                       std::string(state_names[static_cast<std::size_t>(recipient.state)]),
                                       std::to_string(row.told.at(i)), recipient.reply}));
    }
    return join_strings(packed);
}

}  // namespace mailrota::store
