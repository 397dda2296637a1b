#include <algorithm>
#include <array>
#include <utility>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"
#include "core/providers/phone_callback.h"

// What somebody who is called or written to asks for: by a key, or by an SMS.
namespace mailrota::providers {
namespace {

using Do = Command::Do;

constexpr std::size_t longest_reply = 1'000;  // bytes that are looked at

constexpr std::array<std::pair<std::string_view, Do>, 5> keys{{
    {"1", Do::acknowledge},
    {"2", Do::pass_on},
    {"3", Do::resolve},
    {"9", Do::repeat},
    {"*", Do::repeat},
}};

constexpr std::array<std::pair<std::string_view, Do>, 17> words{{
    {"ack", Do::acknowledge},
    {"acknowledge", Do::acknowledge},
    {"acknowledged", Do::acknowledge},
    {"ok", Do::acknowledge},
    {"okay", Do::acknowledge},
    {"yes", Do::acknowledge},
    {"next", Do::pass_on},
    {"pass", Do::pass_on},
    {"escalate", Do::pass_on},
    {"resolve", Do::resolve},
    {"resolved", Do::resolve},
    {"close", Do::resolve},
    {"closed", Do::resolve},
    {"done", Do::resolve},
    {"fixed", Do::resolve},
    {"repeat", Do::repeat},
    {"again", Do::repeat},
}};

// The words by which the provider itself stops all messages, if they are the whole text.
constexpr std::array<std::string_view, 8> stops{"stop", "stopall", "unsubscribe", "cancel",
                                                "end",  "quit",    "revoke",      "optout"};

constexpr std::string_view blanks = " \t\r\v\f";
constexpr std::string_view marks = ".,;:!?\"'()#";

template <std::size_t size>
Do looked_up(const std::array<std::pair<std::string_view, Do>, size>& commands, std::string_view text) {
    const auto* found = std::find_if(commands.begin(), commands.end(),
                                     [text](const auto& each) { return each.first == text; });
    return found == commands.end() ? Do::unknown : found->second;
}

// The first line that says something: what an answer quotes stands below it.
std::string_view first_line(std::string_view text) {
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (line.find_first_not_of(blanks) != std::string_view::npos) return line;
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return {};
}

// The next word of `text`, which is shortened, without the punctuation around it; empty at the end.
std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    std::string_view word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    word.remove_prefix(std::min(word.find_first_not_of(marks), word.size()));
    return word.substr(0, word.find_last_not_of(marks) + 1);
}

std::optional<std::int64_t> incident_of(std::string_view word) {
    const auto number = read_count(word);
    return number && *number > 0 ? number : std::nullopt;
}

}  // namespace

Command read_digit(std::string_view digits) { return {looked_up(keys, digits), std::nullopt}; }

Command read_reply(std::string_view text) {
    const std::string line = policy::folded(first_line(text.substr(0, longest_reply)));
    std::string_view rest = line;
    const std::string_view first = take_word(rest);
    const std::string_view second = take_word(rest);
    if (second.empty() && std::find(stops.begin(), stops.end(), first) != stops.end())
        return {Do::stop, std::nullopt};
    const auto incident = incident_of(second);
    if (const Do what = looked_up(words, first); what != Do::unknown) return {what, incident};
    // A digit that begins a sentence ("1 new message") is no command.
    const Do key = looked_up(keys, first);
    if (key == Do::unknown || (!second.empty() && !incident)) return {};
    return {key, incident};
}

}  // namespace mailrota::providers
