#include "lmtp/login.h"

#include <crypt.h>

#include <algorithm>
#include <memory>

#include "core/runtime/policy_source.h"
#include "core/runtime/secrets.h"

namespace mailrota::lmtp {
namespace {

// What is hashed with where there is no line to go by: SHA-512, as chpasswd(8) makes it.
constexpr std::string_view nobodys_hash = "$6$mailrota$";

struct Line {
    std::string_view name, hash;
};

Line read_line(std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    const auto colon = text.find(':');
    if (text.starts_with('#') || colon == std::string_view::npos) return {};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

// The hash of the user; of an unknown one the first that there is, so that both take the same time.
struct Found {
    bool known = false;
    std::string hash{nobodys_hash};
};
Found find(std::string_view lines, std::string_view user) {
    Found found;
    bool first = true;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const Line line = read_line(lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.name.empty() || line.hash.empty()) continue;
        if (line.name == user) return {true, std::string(line.hash)};
        if (first) found.hash = line.hash;
        first = false;
    }
    return found;
}

}  // namespace

bool login_valid(std::string_view lines, const std::string& user, const std::string& password) {
    const Found found = find(lines, user);
    const auto work = std::make_unique<crypt_data>();
    const char* made = crypt_r(password.c_str(), found.hash.c_str(), work.get());
    // A locked account ("!", "*0") makes crypt_r answer with "*0" or "*1", which is never its own hash. What
    // follows a NUL would not have been looked at.
    const bool equal = made != nullptr && made[0] != '*' && runtime::same_secret(made, found.hash);
    return found.known && equal && password.find('\0') == std::string::npos;
}

Result<bool> login_valid_by_file(const std::string& file, const std::string& user,
                                 const std::string& password) {
    const auto lines = runtime::read_file(file);
    if (!lines) return tl::unexpected(lines.error());
    return login_valid(*lines, user, password);
}

}  // namespace mailrota::lmtp
