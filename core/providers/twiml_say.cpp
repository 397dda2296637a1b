#include "core/providers/twiml_say.h"

#include <algorithm>

#include "core/providers/phone_text.h"

namespace mailrota::providers {
namespace {

constexpr std::size_t most_encoded = 4500;

std::size_t most_characters(std::string_view voice) {
    if (voice.empty() || voice == "man" || voice == "woman" || voice == "alice") return 4096;
    return voice.starts_with("Google.") ? 5000 : 3000;
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// How many bytes of `text` one <Say> takes.
std::size_t bytes_that_fit(std::string_view text, std::size_t most) {
    std::size_t at = 0;
    std::size_t encoded = 0;
    for (std::size_t count = 0; at < text.size() && count < most; ++count) {
        const std::size_t size = std::max<std::size_t>(first_character(text.substr(at)).size(), 1);
        encoded += is_unreserved(text[at]) ? 1 : 3 * size;
        if (encoded > most_encoded) break;
        at += size;
    }
    return at;
}

bool ends_sentence(std::string_view text, std::size_t blank) {
    return blank > 0 && std::string_view(".!?:;").find(text[blank - 1]) != std::string_view::npos;
}

// Where to part `text` (which goes on) at `fitting` at the latest: at a blank after a sentence in the second
// half, else at any blank there, else where it must be.
std::size_t parting(std::string_view text, std::size_t fitting) {
    std::size_t word = 0;
    for (std::size_t at = fitting; at > fitting / 2; --at) {
        if (text[at] != ' ') continue;
        if (ends_sentence(text, at)) return at;
        if (word == 0) word = at;
    }
    return word == 0 ? fitting : word;
}

}  // namespace

std::vector<std::string_view> say_pieces(std::string_view text, std::string_view voice) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        const std::size_t fitting = bytes_that_fit(text, most_characters(voice));
        const std::size_t end = fitting == text.size() ? fitting : parting(text, fitting);
        pieces.push_back(text.substr(0, end));
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    return pieces;
}

std::string xml_escaped(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&apos;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

void append_say(std::string& xml, const Speaker& speaker, std::string_view text) {
    for (const std::string_view piece : say_pieces(text, speaker.voice)) {
        xml += "<Say";
        if (!speaker.voice.empty()) xml += " voice=\"" + xml_escaped(speaker.voice) + '"';
        if (!speaker.language.empty()) xml += " language=\"" + xml_escaped(speaker.language) + '"';
        xml += '>' + xml_escaped(piece) + "</Say>";
    }
}

}  // namespace mailrota::providers
