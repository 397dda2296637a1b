#include "core/mail/folded_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace mailrota::mail {
namespace {

constexpr std::string_view no_break = "\xC2\xA0";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_in_name(char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

struct Pair {
    std::string_view from, to;
};
// Signs that stand for one of ASCII.
constexpr std::array<Pair, 13> signs = {{{"\xE2\x80\x99", "'"},
                                         {"\xE2\x80\x98", "'"},
                                         {"\xEF\xBC\x9A", ":"},
                                         {"\xEF\xBC\x88", "("},
                                         {"\xEF\xBC\x89", ")"},
                                         {"\xEF\xBC\x8C", ","},
                                         {"\xE2\x80\x93", "-"},
                                         {"\xE2\x80\x94", "-"},
                                         {"\xE3\x80\x80", " "},
                                         {"\xE2\x80\xAF", " "},
                                         {"\xC2\xA0", " "},
                                         {"\xE2\x80\x8B", ""},
                                         {"\xC4\xB0", "i"}}};

// The code point of a sequence of two bytes.
unsigned two_bytes(std::string_view at) {
    return (static_cast<unsigned char>(at[0]) & 0x1FU) << 6 | (static_cast<unsigned char>(at[1]) & 0x3FU);
}

unsigned small_letter(unsigned c) {
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9)) return c + 0x20;
    const bool odd_is_small = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) ||
                              (c >= 0x1DE && c <= 0x21F) || (c >= 0x460 && c <= 0x481);
    if (odd_is_small) return c | 1U;
    const bool even_is_small = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (even_is_small) return c + (c & 1U);
    if (c == 0x1A0 || c == 0x1AF) return c + 1;
    if (c >= 0x410 && c <= 0x42F) return c + 0x20;
    if (c >= 0x400 && c <= 0x40F) return c + 0x50;
    return c;
}

void add_two_bytes(std::string& out, unsigned c) {
    out += static_cast<char>(0xC0U | c >> 6);
    out += static_cast<char>(0x80U | (c & 0x3FU));
}

std::size_t length_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Adds the character at the start of `rest`, which is not of ASCII, and tells its length.
std::size_t add_folded(std::string& out, std::string_view rest) {
    for (const Pair& sign : signs) {
        if (!rest.starts_with(sign.from)) continue;
        const bool doubled = sign.to == " " && (out.empty() || out.back() == ' ');
        if (!doubled) out += sign.to;
        return sign.from.size();
    }
    const std::size_t length = std::min(length_of(rest.front()), rest.size());
    if (length == 2)
        add_two_bytes(out, small_letter(two_bytes(rest)));
    else
        out += rest.substr(0, length);
    return length;
}

// A run of digits in a text.
struct Number {
    std::size_t begin = 0, size = 0;
};

Number next_number(std::string_view text, std::size_t from) {
    while (from < text.size() && !is_digit(text[from])) ++from;
    std::size_t end = from;
    while (end < text.size() && is_digit(text[end])) ++end;
    return {from, end - from};
}

bool is_year(std::string_view text, Number number) {
    if (number.size != 4) return false;
    const auto digits = text.substr(number.begin, 2);
    return digits == "19" || digits == "20";
}

// "06.03.2017", "2017/3/6": three numbers with the same sign between them.
bool is_numeric_date(std::string_view text, const std::array<Number, 3>& last) {
    if (last[0].size == 0 || last[1].size > 2) return false;
    const auto sign = [&](const Number& left, const Number& right) {
        return right.begin - left.begin - left.size == 1 ? text[right.begin - 1] : '\0';
    };
    const char first = sign(last[0], last[1]);
    const bool parted = first != '\0' && std::string_view("./-").find(first) != std::string_view::npos &&
                        first == sign(last[1], last[2]);
    const auto is_part = [](const Number& number) { return number.size == 4 || number.size <= 2; };
    const bool four = last[0].size == 4 || last[2].size == 4;
    return parted && is_part(last[0]) && is_part(last[2]) && (four || last[2].size == 2) &&
           !(four && last[0].size == last[2].size);
}

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};

// An English month right before or after the number: "March 6", "6 Mar".
bool beside_month(std::string_view text, Number number) {
    if (number.size > 2) return false;
    const auto is_month = [](std::string_view word) {
        std::string small(word.substr(0, 3));
        std::ranges::transform(small, small.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        return word.size() >= 3 && word.size() <= 9 && std::ranges::find(months, small) != months.end();
    };
    std::size_t begin = number.begin;
    if (begin > 0 && text[begin - 1] == ' ') {
        const std::size_t end = begin - (begin > 1 && text[begin - 2] == '.' ? 2 : 1);
        begin = end;
        while (begin > 0 && end - begin < 10 && is_letter(text[begin - 1])) --begin;
        if (is_month(text.substr(begin, end - begin))) return true;
    }
    std::size_t after = number.begin + number.size;
    if (after >= text.size() || text[after] != ' ') return false;
    std::size_t end = ++after;
    while (end < text.size() && end - after < 10 && is_letter(text[end])) ++end;
    return is_month(text.substr(after, end - after));
}

bool followed_by_year_sign(std::string_view text, Number number) {
    const auto after = text.substr(number.begin + number.size);
    return after.starts_with("\xE5\xB9\xB4") || after.starts_with("\xEB\x85\x84");
}

}  // namespace

std::string fold_text(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const char c = utf8[i];
        if (static_cast<unsigned char>(c) >= 0x80) {
            i += add_folded(out, utf8.substr(i));
            continue;
        }
        ++i;
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank)
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string_view trim_blanks(std::string_view text) {
    // Most lines have no blanks at their ends.
    const auto is_plain = [](char c) { return c > ' '; };
    if (!text.empty() && is_plain(text.front()) && is_plain(text.back())) return text;
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (true) {
        if (!text.empty() && is_blank(text.front()))
            text.remove_prefix(1);
        else if (text.starts_with(no_break))
            text.remove_prefix(no_break.size());
        else
            break;
    }
    while (true) {
        if (!text.empty() && is_blank(text.back()))
            text.remove_suffix(1);
        else if (text.ends_with(no_break))
            text.remove_suffix(no_break.size());
        else
            break;
    }
    return text;
}

std::string_view trim_marks(std::string_view text) {
    constexpr std::string_view marks = " \t\r*_->";
    text = trim_blanks(text);
    const std::size_t begin = text.find_first_not_of(marks);
    if (begin == std::string_view::npos) return {};
    return trim_blanks(text.substr(begin, text.find_last_not_of(marks) + 1 - begin));
}

bool has_address(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        if (at > 0 && at + 1 < text.size() && is_in_name(text[at - 1]) && is_in_name(text[at + 1]))
            return true;
    }
    return false;
}

bool has_date(std::string_view text) {
    std::array<Number, 3> last{};
    bool year = false, day = false;
    for (Number number = next_number(text, 0); number.size > 0;
         number = next_number(text, number.begin + number.size)) {
        last = {last[1], last[2], number};
        const char before = number.begin > 0 ? text[number.begin - 1] : ' ';
        const std::size_t end = number.begin + number.size;
        const bool in_time = before == ':' || (end < text.size() && text[end] == ':');
        if (is_numeric_date(text, last) || followed_by_year_sign(text, number) || beside_month(text, number))
            return true;
        const bool in_word = is_letter(before) && before != 'T';
        year = year || (is_year(text, number) && !in_word);
        day = day || (number.size <= 2 && !in_time && !in_word);
        if (year && day) return true;
    }
    return false;
}

}  // namespace mailrota::mail
