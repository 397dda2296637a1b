#include "core/providers/phone_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/mail/text_encoding.h"

namespace mailrota::providers {
namespace {

constexpr std::size_t longest_word = 60;  // characters; what is longer is cut anywhere

struct Range {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

// Controls and blanks.
constexpr std::array<Range, 8> blanks{{{0x00, 0x20},
                                       {0x7F, 0xA0},
                                       {0x1680, 0x1680},
                                       {0x2000, 0x200A},
                                       {0x2028, 0x2029},
                                       {0x202F, 0x202F},
                                       {0x205F, 0x205F},
                                       {0x3000, 0x3000}}};

// Soft hyphen, marks of direction and of width zero, annotations, tags, private use, no characters.
constexpr std::array<Range, 12> hidden{{{0xAD, 0xAD},
                                        {0x61C, 0x61C},
                                        {0x180E, 0x180E},
                                        {0x200B, 0x200B},
                                        {0x200E, 0x200F},
                                        {0x202A, 0x202E},
                                        {0x2060, 0x206F},
                                        {0xE000, 0xF8FF},
                                        {0xFDD0, 0xFDEF},
                                        {0xFEFF, 0xFEFF},
                                        {0xFFF9, 0xFFFF},
                                        {0xE0000, 0x10FFFF}}};

template <std::size_t size>
bool is_in(const std::array<Range, size>& ranges, std::uint32_t code) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [code](const Range& range) { return code >= range.first && code <= range.last; });
}

std::size_t length_by_first(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte < 0xC0) return 0;
    if (byte < 0xE0) return 2;
    return byte < 0xF0 ? 3 : 4;
}

std::uint32_t code_of(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return first;
    std::uint32_t code = first & (0xFFU >> (character.size() + 1));
    for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    return code;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

std::string_view first_character(std::string_view text) {
    const std::string_view character = text.substr(0, length_by_first(static_cast<unsigned char>(text[0])));
    return mail::is_utf8(character) ? character : std::string_view();
}

std::string clean_text(std::string_view text, std::size_t most) {
    std::string clean;
    std::size_t count = 0;
    bool blank = false;
    while (!text.empty()) {
        const std::string_view character = first_character(text);
        text.remove_prefix(std::max<std::size_t>(character.size(), 1));
        if (character.empty()) continue;
        const std::uint32_t code = code_of(character);
        if (is_in(blanks, code)) blank = true;
        if (is_in(blanks, code) || is_in(hidden, code)) continue;
        const bool parted = blank && !clean.empty();
        if (count + (parted ? 2 : 1) > most) break;
        if (parted) clean += ' ';
        clean += character;
        count += parted ? 2 : 1;
        blank = false;
    }
    return clean;
}

std::string_view cut_at_word(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size(); ++end) {
        if (begins_character(text[end]) && count++ == most) break;
    }
    if (end == text.size() || text[end] == ' ') return text.substr(0, end);
    std::size_t word = end;
    for (std::size_t count = 0; word > 0 && text[word - 1] != ' ' && count < longest_word;) {
        --word;
        if (begins_character(text[word])) ++count;
    }
    const bool found = word > 0 && text[word - 1] == ' ';
    return text.substr(0, found ? word - 1 : end);
}

}  // namespace mailrota::providers
