#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailrota::mail {

// The domains (header.d, small letters, each once) whose DKIM signatures verified, as one
// Authentication-Results field (RFC 8601; its raw value, folded or not) says on behalf of `authserv_id`,
// which is compared without case. None if the field is somebody else's, of another version than 1 or no field
// of the RFC's form: a fault in it makes all of it unbelievable. Anybody can write such a field: the MTA must
// remove those that come from outside under this name. Linear; pure.
std::vector<std::string> dkim_passes(std::string_view field, std::string_view authserv_id);

// Whether a text can be an authserv-id as it is written without quotes: a token of RFC 2045.
bool is_authserv_id(std::string_view text);

}  // namespace mailrota::mail
