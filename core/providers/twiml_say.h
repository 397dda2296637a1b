#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailrota::providers {

// Who speaks, and in which language.
struct Speaker {
    std::string_view language;  // "en-US"
    std::string_view voice;     // "Polly.Joanna"; empty: the provider's own
};

// `text` (as spoken() makes it) in pieces that a <Say> by this voice takes (error 13521): so many characters
// (basic voices 4,096, Polly 3,000, Google 5,000) and at most 4,500 when encoded for a URL. They end at the
// end of a sentence, else of a word. None for an empty text.
std::vector<std::string_view> say_pieces(std::string_view text, std::string_view voice);

// Appends the text as <Say> elements.
void append_say(std::string& xml, const Speaker& speaker, std::string_view text);

// `text` (UTF-8 without control characters) as it stands in XML, in an element or in an attribute.
std::string xml_escaped(std::string_view text);

}  // namespace mailrota::providers
