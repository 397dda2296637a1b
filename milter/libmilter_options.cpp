#include "milter/libmilter_options.h"

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

namespace mailrota::milter {

namespace {

struct StepBits {
    Step step;
    unsigned long leave_out;
    unsigned long unanswered;
};
constexpr StepBits step_bits[] = {
    {Step::connect, SMFIP_NOCONNECT, SMFIP_NR_CONN},  {Step::helo, SMFIP_NOHELO, SMFIP_NR_HELO},
    {Step::mail, SMFIP_NOMAIL, SMFIP_NR_MAIL},        {Step::rcpt, SMFIP_NORCPT, SMFIP_NR_RCPT},
    {Step::data, SMFIP_NODATA, SMFIP_NR_DATA},        {Step::header, SMFIP_NOHDRS, SMFIP_NR_HDR},
    {Step::end_of_header, SMFIP_NOEOH, SMFIP_NR_EOH}, {Step::body, SMFIP_NOBODY, SMFIP_NR_BODY},
    {Step::unknown, SMFIP_NOUNKNOWN, SMFIP_NR_UNKN},
};

struct RightBit {
    bool Rights::*right;
    unsigned long bit;
};
constexpr RightBit right_bits[] = {
    {&Rights::add_header, SMFIF_ADDHDRS},
    {&Rights::change_header, SMFIF_CHGHDRS},
    {&Rights::add_recipient_with_parameters, SMFIF_ADDRCPT_PAR},
    {&Rights::add_recipient, SMFIF_ADDRCPT},
    {&Rights::delete_recipient, SMFIF_DELRCPT},
    {&Rights::quarantine, SMFIF_QUARANTINE},
};

}  // namespace

Offer offer_from(unsigned long actions, unsigned long protocol) {
    Offer offer;
    for (const auto& [right, bit] : right_bits) offer.rights.*right = (actions & bit) != 0;
    for (const auto& [step, leave_out, unanswered] : step_bits) {
        if ((protocol & leave_out) != 0) offer.can_leave_out.add(step);
        if ((protocol & unanswered) != 0) offer.can_go_unanswered.add(step);
    }
    offer.can_skip_body = (protocol & SMFIP_SKIP) != 0;
    offer.can_list_macros = (actions & SMFIF_SETSYMLIST) != 0;
    return offer;
}

LibmilterOptions options_for(const Wanted& wanted, const Offer& offer) {
    LibmilterOptions options;
    for (const auto& [right, bit] : right_bits)
        if (wanted.rights.*right) options.actions |= bit;
    for (const auto& [step, leave_out, unanswered] : step_bits) {
        if (wanted.leave_out.has(step)) options.protocol |= leave_out;
        if (wanted.unanswered.has(step)) options.protocol |= unanswered;
    }
    if (!wanted.macros.empty()) options.actions |= SMFIF_SETSYMLIST;
    if (offer.can_skip_body && !wanted.leave_out.has(Step::body) && !wanted.unanswered.has(Step::body))
        options.protocol |= SMFIP_SKIP;
    return options;
}

int libmilter_stage(MacroStage stage) {
    switch (stage) {
        case MacroStage::connect:
            return SMFIM_CONNECT;
        case MacroStage::helo:
            return SMFIM_HELO;
        case MacroStage::mail:
            return SMFIM_ENVFROM;
        case MacroStage::rcpt:
            return SMFIM_ENVRCPT;
        case MacroStage::data:
            return SMFIM_DATA;
        case MacroStage::end_of_header:
            return SMFIM_EOH;
        case MacroStage::end_of_message:
            return SMFIM_EOM;
    }
    return SMFIM_EOM;
}

}  // namespace mailrota::milter
