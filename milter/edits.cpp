#include "milter/edits.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/mail/header_edit.h"
#include "milter/header_edits.h"
#include "milter/recipient_edits.h"

namespace mailrota::milter {

namespace {

using Fate = policy::RecipientPlan::Fate;

// libmilter's largest packet: strings and the NUL after each.
constexpr std::size_t largest_packet = 65535;
constexpr std::size_t longest_quarantine_reason = 500;

Ending reply_ending(policy::Reply reply) {
    Ending ending;
    ending.verdict = Ending::Verdict::reply;
    ending.reply = std::move(reply);
    return ending;
}

const policy::RecipientPlan* first_with(const policy::Plan& plan, Fate fate) {
    const auto found = std::ranges::find(plan.recipients, fate, &policy::RecipientPlan::fate);
    return found == plan.recipients.end() ? nullptr : &*found;
}

// The reply for a mail of which some recipients are refused or deferred; nothing if none is.
std::optional<policy::Reply> reply_for_whole(const mail::Envelope& envelope, const policy::Plan& plan) {
    if (auto common = plan.common_reply()) return common;
    const auto* deferred = first_with(plan, Fate::defer);
    const auto* refused = first_with(plan, Fate::refuse);
    const policy::Reply later{451, "4.3.0", "Not for all of these recipients at once: try again one by one"};
    if (refused != nullptr && envelope.route == mail::Route::local) return refused->reply.value_or(later);
    if (deferred != nullptr) return deferred->reply.value_or(later);
    if (refused != nullptr) return later;
    return std::nullopt;
}

std::size_t packet_size(const Edit& edit) {
    struct Size {
        std::size_t operator()(const AddRecipient& e) const {
            return e.address.size() + e.parameters.size() + 2;
        }
        std::size_t operator()(const AddHeader& e) const { return e.name.size() + e.value.size() + 2; }
        std::size_t operator()(const DeleteHeader& e) const { return 4 + e.name.size() + 2; }
        std::size_t operator()(const Quarantine& e) const { return e.reason.size() + 1; }
        std::size_t operator()(const DeleteRecipient& e) const { return e.raw.size() + 1; }
    };
    return std::visit(Size{}, edit);
}

// What is wrong with an edit that cannot be sent as it stands; empty if nothing is.
std::string fault(const Edit& edit) {
    if (const auto* header = std::get_if<AddHeader>(&edit)) {
        if (header->name.empty()) return "Header edit without a name cannot be sent";
        if (packet_size(edit) > largest_packet) return "Header " + header->name + " is too long to be added";
    }
    if (const auto* header = std::get_if<DeleteHeader>(&edit); header != nullptr && header->name.empty())
        return "Header edit without a name cannot be sent";
    if (packet_size(edit) > largest_packet) return "Change of a recipient is too long to be sent";
    return {};
}

std::string quarantine_reason(const std::string& reason) {
    auto text = mail::clean_header_value("", reason).substr(0, longest_quarantine_reason);
    std::erase(text, '\n');
    return text.empty() ? "held by mailrota" : text;
}

template <class T>
void append(std::vector<Edit>& edits, std::vector<T> more) {
    std::ranges::move(more, std::back_inserter(edits));
}

// Additions first, deletions of recipients last.
std::vector<Edit> burst(RecipientEdits recipients, HeaderEdits headers,
                        const std::optional<std::string>& quarantine) {
    std::vector<Edit> edits;
    append(edits, std::move(recipients.add));
    append(edits, std::move(headers.add));
    if (quarantine) edits.emplace_back(Quarantine{quarantine_reason(*quarantine)});
    append(edits, std::move(headers.remove));
    append(edits, std::move(recipients.remove));
    return edits;
}

std::optional<Ending> ending_without_recipients(const policy::Plan& plan, const RecipientEdits& recipients) {
    if (!recipients.nobody_left) return std::nullopt;
    if (!plan.all_dropped()) return reply_ending({451, "4.3.0", "Nobody would be left to receive this"});
    Ending ending;
    ending.verdict = Ending::Verdict::discard;
    return ending;
}

}  // namespace

Ending make_ending(const mail::Envelope& envelope, const mail::Message& message, const policy::Plan& plan,
                   const mail::TraceSecret& secret, bool parameters_allowed) {
    if (plan.untouched()) return {};
    if (auto reply = reply_for_whole(envelope, plan)) return reply_ending(*std::move(reply));
    auto recipients = recipient_edits(envelope, plan, parameters_allowed);
    if (auto ending = ending_without_recipients(plan, recipients)) return *std::move(ending);

    std::optional<std::string> trace;
    if (plan.trace && !recipients.empty())
        trace = mail::sign_trace(*plan.trace, mail::trace_identity(message), secret);
    auto headers = header_edits(message, plan.headers, trace);
    Ending ending;
    ending.edits = burst(std::move(recipients), std::move(headers), plan.quarantine);
    for (const auto& edit : ending.edits)
        if (const auto what = fault(edit); !what.empty()) return reply_ending({451, "4.3.0", what});
    return ending;
}

std::string xtext(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '+' && c != '=')
            result += c;
        else
            result.append({'+', digits[byte >> 4U], digits[byte & 15U]});
    }
    return result;
}

}  // namespace mailrota::milter
