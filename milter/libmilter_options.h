#pragma once

#include "milter/steps.h"

namespace mailrota::milter {

// Between our words and libmilter's bits (SMFIF_*, SMFIP_*, SMFIM_*). Pure.
Offer offer_from(unsigned long actions, unsigned long protocol);

struct LibmilterOptions {
    unsigned long actions = 0;
    unsigned long protocol = 0;
};
LibmilterOptions options_for(const Wanted& wanted, const Offer& offer);

int libmilter_stage(MacroStage stage);

}  // namespace mailrota::milter
