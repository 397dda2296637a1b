#pragma once

#include <set>
#include <string>
#include <vector>

namespace mailrota::e2e {

/// A mail of the set, and what may become of it.
struct SetMail {
    std::string name;
    std::string text;  ///< LF line ends; 8-bit bytes as they are
    /// Providers that would break it, which refuse it with 5.6.0.
    std::set<std::string> refused = {};
    /// Header fields (small letters) and parts (types) that an API may lose which takes mail apart.
    std::set<std::string> details = {};
};

/// Providers whose API takes mail apart.
const std::set<std::string>& json_kinds();

/// Mails as they occur, of every shape that people's programs make; each once, with a name of its own.
const std::vector<SetMail>& message_set();

/// Its sorts, a file each.
void add_texts(std::vector<SetMail>& set);
void add_headers(std::vector<SetMail>& set);
void add_multiparts(std::vector<SetMail>& set);
void add_files(std::vector<SetMail>& set);
void add_sealed(std::vector<SetMail>& set);

/// The header fields that every mail of the set has, and `fields`, which end in LF; `rest` begins with the
/// fields of the root part.
std::string set_mail(const std::string& name, const std::string& rest, const std::string& fields = "");

}  // namespace mailrota::e2e
