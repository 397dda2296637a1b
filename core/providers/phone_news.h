#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/policy/incident.h"

namespace mailrota::providers {

// What a status (of an answer, a callback or a poll) makes of a contact. Nothing changes for a status that is
// older than what is known: a lower sequence, a state that comes before the known one ("ringing" after
// "in-progress", whichever of callback and poll told it), another call's, or anything after the contact is
// over. Pure.
//
// completed: done. busy, no-answer: unreached. failed: unreached. canceled: cancelled. An SMS: sent,
// delivered: done. undelivered, failed: unreached, or barred by its error code. News without a status (of
// machine detection) only add what they tell.
struct PhoneNews {
    std::string provider_id;
    std::string status;
    int sequence = -1;  // of callbacks; -1: none
    std::string answered_by;
    std::string sip;
    int code = 0;
    std::string words;
};
std::optional<policy::Contact> after(const policy::Contact& contact, const PhoneNews& news,
                                     std::chrono::sys_seconds now);

}  // namespace mailrota::providers
