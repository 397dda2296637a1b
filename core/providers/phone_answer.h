#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "core/providers/telephone.h"

namespace mailrota::providers {

// What an answer that is no success says: by its own code, else by its status. Of 5xx, and of what is no
// answer to a request at all, it says `unknown`: 429 alone promises that nothing was done.
PhoneAnswer refusal(const HttpAnswer& answer, PhoneOutcome unknown);

// The members of a call or message as the provider shows it. Nothing without an id that can be kept.
struct PhoneRecord {
    std::string id;
    std::string status;
    std::string answered_by;
    int code = 0;
    std::string words;  // of the code
};
std::optional<PhoneRecord> phone_record(const boost::json::value& value);

// A code as the provider writes it, number or text; 0 for none.
int phone_code_of(const boost::json::value& value, std::string_view name);

// A text of somebody else's, on one clean line of at most `most` bytes.
std::string short_words(std::string_view text, std::size_t most);

// Longest words for a state ("no-answer", "machine_end_silence"), in bytes.
inline constexpr std::size_t longest_status = 40;
// Longest id of a call or message, in bytes.
inline constexpr std::size_t longest_phone_id = 200;

}  // namespace mailrota::providers
