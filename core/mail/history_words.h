#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mailrota::mail {

// The words by which mail clients in many languages mark what is not new. Data only; words are looked up as
// fold_text() gives them. Static; thread-safe.

// A label of a header that a client wrote into the text: which part it is, in which languages.
struct Label {
    enum class Role : std::uint8_t { from, date, to, copy, subject, other };
    static constexpr std::size_t roles = 5;  // those that are evidence
    Role role{};
    std::uint32_t languages = 0;  // a bit for each; `other`: none
};
std::optional<Label> find_label(std::string_view folded);
constexpr std::size_t longest_label = 40;  // bytes

// What to tell people of a header block in the language of this bit: "header block (German)".
std::string_view header_block_why(unsigned language);
unsigned languages_known();

// A line that parts an answer or a forward from what stands below.
struct Separator {
    bool forward = false;  // it says so; else it may be either
    std::string_view why;
};
std::optional<Separator> find_separator(std::string_view folded);
constexpr std::size_t longest_separator = 80;  // bytes

// What a word of an attribution line is.
enum class AttributionWord : std::uint8_t {
    verb,     // "wrote"
    pronoun,  // "you", "Sie"
    filler,   // stands beside date or verb: "at", "um", "lundi"
};
std::optional<AttributionWord> find_attribution_word(std::string_view folded);
// Whether an attribution may begin with it: "on", "am".
bool is_attribution_opener(std::string_view folded);
// Verbs of languages that do not part words by blanks are looked for anywhere in the line.
bool has_joined_verb(std::string_view folded);

// "Sent from my phone" and the like.
bool begins_device_line(std::string_view folded);
// "This e-mail is confidential" and the like.
bool begins_disclaimer(std::string_view folded);

// What "Re", "AW", "Fwd" before a subject's colon say.
enum class SubjectPrefix : std::uint8_t { none, reply, forward };
SubjectPrefix find_subject_prefix(std::string_view folded);

}  // namespace mailrota::mail
