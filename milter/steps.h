#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/policy.h"

namespace mailrota::milter {

// The steps of an SMTP dialogue that a milter can be told of.
enum class Step : std::uint8_t { connect, helo, mail, rcpt, data, header, end_of_header, body, unknown };
inline constexpr int step_count = 9;

// Sets of steps, by bit.
class StepSet {
  public:
    StepSet() = default;
    StepSet& add(Step step) {
        bits_ |= bit(step);
        return *this;
    }
    bool has(Step step) const { return (bits_ & bit(step)) != 0; }
    bool operator==(const StepSet&) const = default;

  private:
    static std::uint16_t bit(Step step) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(step));
    }
    std::uint16_t bits_ = 0;
};

// The changes that a milter may ask the right for.
struct Rights {
    bool add_header = false;
    bool change_header = false;
    bool add_recipient_with_parameters = false;
    bool add_recipient = false;
    bool delete_recipient = false;
    bool quarantine = false;

    bool operator==(const Rights&) const = default;
};

// What the MTA offers.
struct Offer {
    Rights rights;
    StepSet can_leave_out;
    StepSet can_go_unanswered;
    bool can_skip_body = false;
    bool can_list_macros = false;
};

// The points at which macros can be asked for.
enum class MacroStage { connect, helo, mail, rcpt, data, end_of_header, end_of_message };

// What is asked of the MTA.
struct Wanted {
    bool possible = true;  // false: the MTA lacks a right that the policy needs; `why` says which. The
                           // session defers every mail.
    std::string why;
    Rights rights;
    StepSet leave_out;
    StepSet unanswered;
    struct Macros {
        MacroStage stage;
        std::string names;  // "i {auth_authen}"; may be empty
    };
    std::vector<Macros> macros;  // all seven stages if the MTA can be asked, else none
};

// The least that `needs` can live on. Pure.
Wanted wanted(const policy::Needs& needs, const Offer& offer);

}  // namespace mailrota::milter
