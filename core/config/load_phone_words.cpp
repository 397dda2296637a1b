#include "core/config/load_phone_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailrota::config {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool small(char c) { return c >= 'a' && c <= 'z'; }
bool capital(char c) { return c >= 'A' && c <= 'Z'; }

// What a number with blanks, brackets and the like comes to; empty if it has no country code or has letters.
std::string dialled(std::string_view text) {
    constexpr std::string_view trunk = "(0)";  // dialled within the country only
    std::string kept(text);
    if (const auto at = kept.find(trunk); at != std::string::npos) kept.erase(at, trunk.size());
    std::erase_if(kept,
                  [](char c) { return std::string_view(" -./()\t").find(c) != std::string_view::npos; });
    if (kept.starts_with("00")) kept.replace(0, 2, "+");
    return is_phone_number(kept) ? kept : "";
}

std::string letters_as(std::string_view text, char from, char to, char shift_to) {
    std::string out(text);
    for (char& c : out) {
        if (c >= from && c <= to) c = static_cast<char>(c - from + shift_to);
    }
    return out;
}

// "de", "fil", "de-DE", "es-419"
bool is_language(std::string_view text) {
    const auto hyphen = std::min(text.find('-'), text.size());
    const auto language = text.substr(0, hyphen);
    const auto region = text.substr(std::min(hyphen + 1, text.size()));
    const bool known_region = (region.size() == 2 && std::all_of(region.begin(), region.end(), capital)) ||
                              (region.size() == 3 && std::all_of(region.begin(), region.end(), digit));
    return (language.size() == 2 || language.size() == 3) &&
           std::all_of(language.begin(), language.end(), small) && (hyphen == text.size() || known_region);
}

// "de_de" as it was meant.
std::string meant_language(std::string_view text) {
    const auto hyphen = text.find_first_of("-_");
    std::string meant = letters_as(text.substr(0, hyphen), 'A', 'Z', 'a');
    if (hyphen != std::string_view::npos) meant += "-" + letters_as(text.substr(hyphen + 1), 'a', 'z', 'A');
    return is_language(meant) ? meant : "";
}

}  // namespace

bool is_phone_number(std::string_view text) {
    constexpr std::size_t least = 7, most = 15;
    if (!text.starts_with('+')) return false;
    text.remove_prefix(1);
    return text.size() >= least && text.size() <= most && text.front() != '0' &&
           std::all_of(text.begin(), text.end(), digit);
}

std::string load_phone_number(const Section& section, std::string_view key) {
    const auto text = section.text(key);
    if (!text || is_phone_number(*text)) return text.value_or("");
    const std::string meant = dialled(*text);
    section.error(key, quoted(*text) + " is no telephone number with its country code (E.164)",
                  meant.empty()
                      ? "write +, the country code and the number without its leading 0, as in \"+15550100\""
                      : fmt::format("write \"{}\"", meant));
    return {};
}

std::string load_language(const Section& section) {
    const auto text = section.text("language");
    if (!text || is_language(*text)) return text.value_or("");
    const std::string meant = meant_language(*text);
    section.error("language", quoted(*text) + " is no language tag",
                  meant.empty() ? "write as in \"de\" or \"de-DE\"" : fmt::format("write \"{}\"", meant));
    return {};
}

std::string load_voice(const Section& section) {
    constexpr std::size_t most = 100;
    const auto text = section.text("voice");
    if (!text) return {};
    const bool word =
        !text->empty() && text->size() <= most && std::none_of(text->begin(), text->end(), [](char c) {
            return (c >= '\0' && c <= ' ') || c == '\x7F' ||
                   std::string_view("<>&\"'").find(c) != std::string_view::npos;
        });
    if (word) return *text;
    section.error("voice", quoted(*text) + " is no name of a voice", "write as in \"Polly.Joanna\"");
    return {};
}

}  // namespace mailrota::config
