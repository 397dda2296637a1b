#pragma once

#include <cstddef>
#include <string_view>

namespace mailrota::mail {

class SightedText;

// What a line that seems to introduce a quote is worth: "On DATE, NAME <ADDR> wrote:".
struct Attribution {
    enum class Kind {
        none,
        verb,     // a name or address and a verb, no date: counts only above quote marks
        dated,    // a date and an address, no verb: counts above quote marks, or if the mail is an answer
        certain,  // date, verb and a name or an address
    };
    Kind kind = Kind::none;
    bool address = false;   // has one
    bool opened = false;    // begins as attributions do: "On", "Am"
    unsigned names = 0;     // words that may be a person's name
    std::size_t begin = 0;  // its first line
};

// Whether a line may be the last of an attribution.
bool may_end_attribution(std::string_view content);

// The attribution whose last line is `line`, of up to five lines of one depth, the shortest that is certain.
Attribution read_attribution(const SightedText& text, std::size_t line);

// The same of one text that has been joined.
Attribution judge_attribution(std::string_view joined);

}  // namespace mailrota::mail
