#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::ctl {

using PhoneVars = std::map<std::string, std::string, std::less<>>;

// Reads "name: value" (YAML of one level) and "name=value" (shell), a line each, into `vars`; what else there
// is, is left out. The error says that the file is encrypted.
Result<void> read_phone_vars(std::string_view text, PhoneVars& vars);

// The account, the telephones' rotas and the steps of an escalation by them, in TOML.
struct PhoneSettings {
    std::string toml;      // [telephone.twilio], [rota.oncall] …
    std::string escalate;  // "[{ rota = \"oncall\", … }]"
    std::vector<std::string> remarks;
};
// From account_sid, twilionumber, oncall, backup, tertiary and waittime; what is missing has a value in its
// place that is to be changed, which is said. No secret is among it.
PhoneSettings phone_settings(const PhoneVars& vars);

}  // namespace mailrota::ctl
