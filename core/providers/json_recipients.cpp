#include <map>
#include <set>

#include "core/mail/mailbox.h"
#include "core/providers/json_mail.h"

namespace mailrota::providers {
namespace {

std::vector<mail::Mailbox> named_in(const mail::Message& message, std::string_view field) {
    constexpr std::size_t most_fields = 10;
    std::vector<mail::Mailbox> all;
    std::size_t count = 0;
    for (const std::string_view value : message.raw_headers(field)) {
        if (++count > most_fields) break;
        const auto some = mail::parse_mailbox_list(value);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

// Recipients by key, less and less as they find their place.
class Unplaced {
  public:
    explicit Unplaced(const Outgoing& mail) : mail_(mail) {
        for (std::size_t at = 0; at < mail.recipients.size(); ++at) {
            places_.emplace(mail::Address::from_envelope(mail.recipients[at]).key(), at);
        }
        for (const auto& [key, at] : places_) known_.insert(key);
    }

    // Moves those of them that `named` names to `out`; says whether it names anybody else.
    bool take(const std::vector<mail::Mailbox>& named, std::vector<JsonAddress>& out) {
        bool others = false;
        for (const mail::Mailbox& each : named) {
            const auto found = places_.find(each.address.key());
            others = others || !known_.contains(each.address.key());
            if (found == places_.end()) continue;
            out.push_back({each.name, mail_.recipients[found->second], found->second});
            places_.erase(found);
        }
        return others;
    }

    // The rest in the envelope's order.
    std::vector<JsonAddress> rest() const {
        std::set<std::size_t> order;
        for (const auto& [key, at] : places_) order.insert(at);
        std::vector<JsonAddress> out;
        for (const std::size_t at : order) out.push_back({"", mail_.recipients[at], at});
        return out;
    }

  private:
    const Outgoing& mail_;
    std::map<std::string, std::size_t, std::less<>> places_;
    std::set<std::string, std::less<>> known_;
};

}  // namespace

JsonRecipients json_recipients(const Outgoing& mail) {
    JsonRecipients result;
    Unplaced unplaced(mail);
    const bool others_in_to = unplaced.take(named_in(mail.message, "To"), result.to);
    const bool others_in_cc = unplaced.take(named_in(mail.message, "Cc"), result.cc);
    result.left_out = others_in_to || others_in_cc;
    result.bcc = unplaced.rest();
    if (!result.to.empty()) return result;
    result.nobody_shown = result.cc.empty();
    std::vector<JsonAddress>& from = result.cc.empty() ? result.bcc : result.cc;
    if (from.empty()) return result;
    result.to.push_back(from.front());
    from.erase(from.begin());
    return result;
}

}  // namespace mailrota::providers
