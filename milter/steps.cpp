#include "milter/steps.h"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace mailrota::milter {

namespace {

constexpr std::initializer_list<Step> all_steps = {Step::connect,       Step::helo, Step::mail,
                                                   Step::rcpt,          Step::data, Step::header,
                                                   Step::end_of_header, Step::body, Step::unknown};

// The rights that the policy cannot do without. A redirected mail gets a trace header and loses an old one.
Rights rights_needed(const policy::Needs& needs) {
    const bool headers = needs.change_headers || needs.change_recipients;
    return {.add_header = headers,
            .change_header = headers,
            .add_recipient_with_parameters = false,
            .add_recipient = needs.change_recipients,
            .delete_recipient = needs.change_recipients,
            .quarantine = needs.quarantine};
}

std::string missing_rights(const Rights& needed, const Rights& offered) {
    std::string missing;
    const auto check = [&missing](bool wanted, bool has, std::string_view what) {
        if (wanted && !has) missing.append(missing.empty() ? "" : ", ").append(what);
    };
    check(needed.add_header, offered.add_header, "add header");
    check(needed.change_header, offered.change_header, "change header");
    check(needed.add_recipient, offered.add_recipient, "add recipient");
    check(needed.delete_recipient, offered.delete_recipient, "delete recipient");
    check(needed.quarantine, offered.quarantine, "quarantine");
    return missing;
}

StepSet steps_needed(const policy::Needs& needs) {
    StepSet steps;
    if (!needs.anything) return steps;
    steps.add(Step::mail).add(Step::rcpt);
    if (needs.connection) steps.add(Step::connect);
    if (needs.helo) steps.add(Step::helo);
    if (needs.headers || needs.body) steps.add(Step::header);  // a body is decoded as its header says
    if (needs.body) steps.add(Step::body);
    return steps;
}

// Steps whose answer can say more than "go on": a refused recipient, and the ends of a mail that is of no
// interest, or of a body that is not wanted and comes all the same.
StepSet steps_answered(const policy::Needs& needs, const Wanted& wanted, const Offer& offer) {
    StepSet steps;
    if (!needs.anything || !wanted.possible) steps.add(Step::mail).add(Step::rcpt);
    if (needs.recipient_replies) steps.add(Step::rcpt);
    if (!needs.body && offer.can_skip_body) steps.add(Step::body);
    return steps;
}

std::vector<Wanted::Macros> macros_wanted(bool anything) {
    const auto names = [anything](const char* list) { return std::string(anything ? list : ""); };
    const auto client = names("{client_addr} {client_name} {auth_authen} {daemon_name}");
    const auto id = names("i");
    return {{MacroStage::connect, client},   {MacroStage::helo, ""},
            {MacroStage::mail, client},      {MacroStage::rcpt, names("i {rcpt_mailer}")},
            {MacroStage::data, id},          {MacroStage::end_of_header, id},
            {MacroStage::end_of_message, id}};
}

}  // namespace

Wanted wanted(const policy::Needs& needs, const Offer& offer) {
    Wanted result;
    result.rights = rights_needed(needs);
    const auto missing = missing_rights(result.rights, offer.rights);
    if (!missing.empty()) {
        result.possible = false;
        result.why = "the MTA does not grant: " + missing;
        result.rights = {};
    }
    result.rights.add_recipient_with_parameters =
        result.rights.add_recipient && offer.rights.add_recipient_with_parameters;

    // Mail that can only be deferred is deferred at MAIL.
    const auto needed = result.possible ? steps_needed(needs) : StepSet().add(Step::mail);
    const auto answered = steps_answered(needs, result, offer);
    for (const auto step : all_steps) {
        if (!needed.has(step) && offer.can_leave_out.has(step))
            result.leave_out.add(step);
        else if (!answered.has(step) && offer.can_go_unanswered.has(step))
            result.unanswered.add(step);
    }
    if (offer.can_list_macros) result.macros = macros_wanted(needs.anything);
    return result;
}

}  // namespace mailrota::milter
