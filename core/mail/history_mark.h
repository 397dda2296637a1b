#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/mail/attribution.h"
#include "core/mail/sighted_text.h"

namespace mailrota::mail {

// Lines that introduce what somebody wrote before.
struct HistoryMark {
    enum class Kind : std::uint8_t { attribution, separator, header };
    Kind kind{};
    std::size_t begin = 0, end = 0;  // lines
    bool forward = false;            // it says that something is passed on
    bool header = false;             // a header block is part of it
    bool separated = false;          // a separator is part of it
    std::string_view why;
    std::string_view subject;  // of the header block
    Attribution attribution;   // of that kind
};

// The mark that stands at `line`: one that begins there, or an attribution that ends there.
// `no_header_until`: before this line no header begins, as an earlier call found out; it moves on, so that a
// run of labels is read once.
std::optional<HistoryMark> find_history_mark(const SightedText& text, std::size_t line,
                                             std::size_t& no_header_until);

}  // namespace mailrota::mail
