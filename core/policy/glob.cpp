#include <algorithm>

#include "core/policy/fold.h"
#include "core/policy/pattern.h"

namespace mailrota::policy {
namespace {

// Bytes of the character that begins at `at`; 1 for a byte that begins none.
std::size_t character_length(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    std::size_t length = 1;
    while (length < wanted && at + length < text.size() &&
           (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80)
        ++length;
    return length;
}

// A place in a glob and in a subject.
struct Place {
    std::size_t glob = 0;
    std::size_t subject = 0;
};

// Takes one glob character that is no star from both; false if they differ.
bool take_one(std::string_view glob, std::string_view subject, Place& place) {
    if (place.glob == glob.size()) return false;
    if (glob[place.glob] == '?') {
        place.subject += character_length(subject, place.subject);
        ++place.glob;
        return true;
    }
    auto at = place.glob;
    if (glob[at] == '\\' && at + 1 < glob.size()) ++at;
    if (folded(glob[at]) != folded(subject[place.subject])) return false;
    place.glob = at + 1;
    ++place.subject;
    return true;
}

}  // namespace

bool glob_match(std::string_view glob, std::string_view subject) {
    Place place;
    Place star;  // where to go on when what follows the last star does not fit
    bool starred = false;
    while (place.subject < subject.size()) {
        if (place.glob < glob.size() && glob[place.glob] == '*') {
            ++place.glob;
            star = place;
            starred = true;
        } else if (!take_one(glob, subject, place)) {
            if (!starred) return false;
            star.subject += character_length(subject, star.subject);
            place = star;
        }
    }
    return std::all_of(glob.begin() + static_cast<std::ptrdiff_t>(place.glob), glob.end(),
                       [](char c) { return c == '*'; });
}

}  // namespace mailrota::policy
