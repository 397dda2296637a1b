#include "ctl/hand_on.h"

#include <algorithm>

#include "core/mail/text_encoding.h"
#include "core/wire/reply.h"

namespace mailrota::ctl {
namespace {

using wire::SmtpResult;
using Outcome = wire::Acknowledgement::Result::Outcome;

constexpr std::size_t longest_address = 1000;
constexpr std::size_t longest_reply = 1000;

// RFC 5321 section 4.1.2: esmtp-param has no blanks and no controls.
std::vector<std::string> usable_parameters(const std::vector<std::string>& parameters) {
    std::vector<std::string> usable;
    for (const std::string& each : parameters) {
        const bool fits = each.size() <= longest_address &&
                          std::ranges::all_of(each, [](char c) { return c > ' ' && c < 0x7f; });
        if (fits && !each.empty()) usable.push_back(each);
    }
    return usable;
}

Outcome outcome_of(SmtpResult::Outcome outcome) {
    switch (outcome) {
        case SmtpResult::Outcome::done:
            return Outcome::delivered;
        case SmtpResult::Outcome::failed:
            return Outcome::failed;
        case SmtpResult::Outcome::deferred:
        case SmtpResult::Outcome::uncertain:
            return Outcome::deferred;
    }
    return Outcome::deferred;
}

}  // namespace

bool is_usable_address(const std::string& address) {
    bool quoted = false;
    return address.size() <= longest_address && std::ranges::all_of(address, [&quoted](char c) {
               quoted = quoted != (c == '"');
               const bool control = (static_cast<unsigned char>(c) < ' ') || c == 0x7f;
               return !control && (quoted || (c != ' ' && c != '<' && c != '>'));
           });
}

wire::OutgoingMail outgoing(const wire::HandedMail& mail, const std::string& bytes) {
    wire::OutgoingMail out;
    out.sender = mail.sender;
    out.sender_parameters = usable_parameters(mail.sender_parameters);
    for (const auto& each : mail.recipients)
        out.recipients.push_back({each.address, usable_parameters(each.parameters)});
    out.content = {bytes};
    return out;
}

HandedOn handed_on(const wire::HandedMail& mail, const std::vector<SmtpResult>& results) {
    HandedOn handed;
    handed.away = std::ranges::all_of(results, [](const SmtpResult& each) {
        return each.outcome == SmtpResult::Outcome::deferred && !each.spoken;
    });
    for (std::size_t i = 0; i < mail.recipients.size() && i < results.size(); ++i) {
        std::string reply = mail::to_utf8("", wire::to_line(results[i].reply));
        mail::cut_utf8(reply, longest_reply);
        handed.results.push_back(
            {mail.id, mail.recipients[i].address, outcome_of(results[i].outcome), std::move(reply)});
    }
    return handed;
}

}  // namespace mailrota::ctl
