#include "milter/recipient_edits.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace mailrota::milter {

namespace {

using Fate = policy::RecipientPlan::Fate;
using Keys = std::set<std::string, std::less<>>;

bool ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string original_recipient(const mail::Recipient& recipient) {
    if (const auto given = recipient.parameter("ORCPT")) return "ORCPT=" + std::string(*given);
    const auto& address = recipient.address.text();
    return ascii(address) ? "ORCPT=rfc822;" + xtext(address) : std::string();
}

std::string parameters_for(const mail::Recipient& recipient) {
    std::string parameters;
    if (const auto notify = recipient.parameter("NOTIFY")) parameters = "NOTIFY=" + std::string(*notify);
    const auto original = original_recipient(recipient);
    if (!parameters.empty() && !original.empty()) parameters += ' ';
    return parameters + original;
}

// What the MTA knows a recipient by: the bytes that it gave us. But Postfix shows source routes and blanks
// (`<@relay:a@b>`) that it has not kept.
std::string known_by(const mail::Address& address) {
    return address.raw() == address.text() ? address.raw() : "<" + address.text() + ">";
}

// Gathers the recipients that the mail goes on with.
class FinalRecipients {
  public:
    explicit FinalRecipients(Keys received) : received_(std::move(received)) {}

    void keep(const mail::Address& address) { keys_.insert(address.key()); }
    void add(const std::string& text, std::string parameters) {
        const auto address = mail::Address::from_envelope(text);
        if (address.null() || !keys_.insert(address.key()).second) return;
        if (!received_.contains(address.key()))
            added_.push_back({"<" + address.text() + ">", std::move(parameters)});
    }
    bool has(const mail::Address& address) const { return keys_.contains(address.key()); }
    bool empty() const { return keys_.empty(); }
    std::vector<AddRecipient> take_added() { return std::move(added_); }

  private:
    Keys received_;
    Keys keys_;
    std::vector<AddRecipient> added_;
};

FinalRecipients final_recipients(const mail::Envelope& envelope, const policy::Plan& plan,
                                 bool parameters_allowed) {
    Keys received;
    for (const auto& recipient : envelope.recipients) received.insert(recipient.address.key());
    FinalRecipients result(std::move(received));
    for (std::size_t i = 0; i < envelope.recipients.size(); ++i) {
        const auto& recipient = envelope.recipients[i];
        const auto& planned = plan.recipients.at(i);
        if (planned.fate == Fate::keep) result.keep(recipient.address);
        if (planned.fate != Fate::redirect) continue;
        const auto parameters = parameters_allowed ? parameters_for(recipient) : std::string();
        for (const auto& to : planned.to) result.add(to, parameters);
    }
    for (const auto& copy : plan.copies) result.add(copy, "");
    return result;
}

}  // namespace

RecipientEdits recipient_edits(const mail::Envelope& envelope, const policy::Plan& plan,
                               bool parameters_allowed) {
    auto final = final_recipients(envelope, plan, parameters_allowed);
    RecipientEdits edits;
    edits.nobody_left = final.empty() && !envelope.recipients.empty();
    edits.add = final.take_added();
    std::set<std::string> deleted;
    for (const auto& recipient : envelope.recipients) {
        const auto name = known_by(recipient.address);
        if (!final.has(recipient.address) && deleted.insert(name).second) edits.remove.push_back({name});
    }
    return edits;
}

}  // namespace mailrota::milter
