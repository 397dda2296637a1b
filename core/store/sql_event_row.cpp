#include "core/store/sql_event_row.h"

#include "core/mail/address.h"
#include "core/mail/digest.h"
#include "core/store/string_list.h"

namespace mailrota::store {
namespace {

constexpr std::size_t key_bytes = 16;  // of the digest: short, and no two events ever share them

std::string key_of(std::string_view provider, std::string_view id) {
    const std::string_view fields[] = {provider, id};
    const mail::Digest digest = mail::digest_of(fields);
    return {digest.begin(), digest.begin() + key_bytes};
}

std::vector<std::string> flat(const std::map<std::string, std::string>& metadata) {
    std::vector<std::string> list;
    for (const auto& [name, value] : metadata) {
        list.push_back(name);
        list.push_back(value);
    }
    return list;
}

// Fills in what pack_event() put into the one column.
bool add_rest(mail::MailEvent& event, std::string_view packed) {
    auto rest = split_strings(packed);
    if (!rest || rest->size() != 8) return false;
    auto tags = split_strings(rest->at(5));
    const auto metadata = split_strings(rest->at(6));
    if (!tags || !metadata || metadata->size() % 2 != 0) return false;
    event.recipient = std::move(rest->at(0));
    event.description = std::move(rest->at(1));
    event.mta_response = std::move(rest->at(2));
    event.click_url = std::move(rest->at(3));
    event.user_agent = std::move(rest->at(4));
    event.tags = std::move(*tags);
    for (std::size_t i = 0; i < metadata->size(); i += 2)
        event.metadata.emplace(metadata->at(i), metadata->at(i + 1));
    event.raw = std::move(rest->at(7));
    return true;
}

}  // namespace

PackedEvent pack_event(std::string_view provider, const mail::MailEvent& event) {
    return {.key = key_of(provider, event.id),
            .recipient = mail::Address::from_envelope(event.recipient).key(),
            .rest = join_strings({event.recipient, event.description, event.mta_response, event.click_url,
                                  event.user_agent, join_strings(event.tags),
                                  join_strings(flat(event.metadata)), event.raw})};
}

void add_event(std::vector<SqlParam>& params, std::string_view provider, const mail::MailEvent& event,
               const PackedEvent& packed, Time received) {
    params.insert(params.end(), {packed.key, provider, event.id, mail::to_string(event.type),
                                 mail::to_string(event.reason), std::int64_t{event.soft}, seconds(event.at),
                                 event.attempt, event.message_id, packed.recipient, event.native, packed.rest,
                                 seconds(received), std::int64_t{0}, std::string_view()});
}

Result<StoredEvent> read_event(SqlRow row) {
    if (!has_types(row, "nttttnntttttnnt")) return invalid("a row of table event has foreign types");
    const auto type = mail::parse_event_type(text(row, 3));
    const auto reason = mail::parse_event_reason(text(row, 4));
    if (!type || !reason) return invalid("a row of table event has a type or a reason that nobody knows");
    StoredEvent made;
    made.seq = number(row, 0);
    made.provider = std::move(text(row, 1));
    made.event.id = std::move(text(row, 2));
    made.event.type = *type;
    made.event.reason = *reason;
    made.event.soft = number(row, 5) != 0;
    made.event.at = time(row, 6);
    made.event.attempt = std::move(text(row, 7));
    made.event.message_id = std::move(text(row, 8));
    made.event.native = std::move(text(row, 10));
    if (!add_rest(made.event, text(row, 11))) return invalid("a row of table event has a broken rest");
    made.received = time(row, 12);
    made.settled = number(row, 13) != 0;
    made.mail = std::move(text(row, 14));
    return made;
}

}  // namespace mailrota::store
