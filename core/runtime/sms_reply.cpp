#include "core/runtime/sms_reply.h"

#include <algorithm>
#include <optional>

#include "core/policy/people.h"

namespace mailrota::runtime {
namespace {

using policy::Contact;
using providers::Command;
using What = Replied::What;

constexpr std::chrono::hours remembered{24 * 7};
constexpr std::chrono::seconds clocks_differ{60};

// The contact by which the sender was told of the incident that it speaks of.
Result<std::optional<Contact>> told_by(store::Transaction& transaction, const std::string& number,
                                       const Command& command) {
    if (!command.incident) return transaction.last_sms_to(number);
    const auto contacts = transaction.contacts_of(*command.incident);
    if (!contacts) return tl::unexpected(contacts.error());
    const auto found = std::ranges::find(*contacts, number, &Contact::number);
    return found == contacts->end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string_view to_string(const Replied& replied) {
    switch (replied.what) {
        case What::known:
            return "known";
        case What::nobody:
            return "not of anybody who was told";
        case What::nothing:
            return "not understood";
        case What::obeyed:
            return to_string(replied.obeyed);
    }
    return "";
}

Result<Replied> take_reply(store::Transaction& transaction, const policy::Policy& policy,
                           std::string_view account, const providers::ListedMessage& message,
                           store::Time now) {
    const auto fresh = transaction.use_message(account, message.id, now + remembered);
    if (!fresh) return tl::unexpected(fresh.error());
    if (!*fresh) return Replied{What::known, 0, {}, {}, {}, {}};
    const Command command = providers::read_reply(message.body);
    const auto contact = told_by(transaction, message.from, command);
    if (!contact) return tl::unexpected(contact.error());
    if (!*contact) return Replied{What::nobody, 0, {}, {}, {}, {}};
    const auto incident = transaction.incident((*contact)->incident);
    if (!incident) return tl::unexpected(incident.error());
    Replied replied{What::nothing, (*contact)->incident, (*contact)->member, {}, (*contact)->language, {}};
    const bool asks = command.what == Command::Do::acknowledge || command.what == Command::Do::pass_on ||
                      command.what == Command::Do::resolve;
    if (!*incident || !asks) return replied;
    // Of a list that reaches back: who wrote before being told of it meant something else.
    const auto told = command.incident ? (*incident)->opened : (*contact)->begun;
    if (message.sent + clocks_differ < told) return replied;
    const auto obeyed = obey(transaction, policy, **incident, command.what, replied.by, now);
    if (!obeyed) return tl::unexpected(obeyed.error());
    replied.what = What::obeyed;
    replied.obeyed = obeyed->what;
    const auto& by = obeyed->incident.by;
    if (obeyed->what == Obeyed::What::already && by != replied.by)
        replied.taken_by = policy::person_name(policy, by);
    return replied;
}

}  // namespace mailrota::runtime
