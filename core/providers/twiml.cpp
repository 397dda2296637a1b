#include "core/providers/twiml.h"

#include <algorithm>

#include "core/policy/fold.h"
#include "core/providers/phone_text.h"
#include "core/providers/twiml_say.h"

namespace mailrota::providers {
namespace {

constexpr std::string_view head = R"(<?xml version="1.0" encoding="UTF-8"?><Response>)";
constexpr std::string_view pause = R"(<Pause length="1"/>)";
constexpr std::string_view closing = "<Hangup/></Response>";
constexpr std::string_view key_wait = "8";      // seconds after the last word
constexpr std::size_t longest_attribute = 100;  // characters of a voice or a language
constexpr std::size_t longest_sentence = 1000;  // characters of what follows a key
constexpr std::size_t longest_sms = 1600;       // characters
constexpr std::size_t longest_name = 100;       // characters

// A phrase with what stands in place of its "{}".
std::string with_value(std::string_view phrase, std::string_view value) {
    std::string text(phrase);
    if (const auto place = text.find("{}"); place != std::string::npos) text.replace(place, 2, value);
    return text;
}

std::string_view main_language(std::string_view language) {
    return language.substr(0, language.find_first_of("-_"));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Runs of three or more digits one by one, apart from letters at their ends.
std::string with_digits_apart(std::string_view text) {
    constexpr std::size_t shortest_run = 3;
    std::string apart;
    apart.reserve(text.size());
    while (!text.empty()) {
        const std::size_t run = std::min(text.find_first_not_of("0123456789"), text.size());
        if (run >= shortest_run) {
            if (!apart.empty() && is_letter(apart.back())) apart += ' ';
            for (const char digit : text.substr(0, run)) (apart += digit) += ' ';
            const bool word_follows = run < text.size() && is_letter(text[run]);
            if (!word_follows) apart.pop_back();
        } else {
            apart += text.substr(0, std::max<std::size_t>(run, 1));
        }
        text.remove_prefix(std::max<std::size_t>(run, 1));
    }
    return apart;
}

// Who speaks in one call: the text, and the phrases around it. A voice is made for its language, so that
// phrases in another one, as there are none in the text's, are left to the provider's own.
class Speakers {
  public:
    explicit Speakers(const Speech& speech)
        : phrases_(phrases(speech.language)),
          language_(clean_text(speech.language, longest_attribute)),
          voice_(clean_text(speech.voice, longest_attribute)) {
        const bool region_missing = language_.find('-') == std::string::npos;
        if (region_missing && (speaks_phrases() || language_.empty())) language_ = phrases_.language;
    }

    const Phrases& words() const { return phrases_; }
    Speaker of_text() const { return {language_, voice_}; }
    Speaker of_phrases() const {
        return speaks_phrases() ? of_text() : Speaker{phrases_.language, std::string_view()};
    }

  private:
    bool speaks_phrases() const {
        return policy::equal_folded(main_language(language_), main_language(phrases_.language));
    }

    const Phrases& phrases_;
    std::string language_;
    std::string voice_;
};

// Text and menu, twice, during which a key may be pressed, and what is said when none was.
void append_question(std::string& xml, const Speakers& speakers, std::string_view text,
                     std::string_view digit_url) {
    xml += R"(<Gather input="dtmf" numDigits="1" timeout=")";
    xml.append(key_wait) += '"';
    if (!digit_url.empty()) xml += " action=\"" + xml_escaped(digit_url) + '"';
    xml += R"( method="POST">)";
    for (const bool again : {false, true}) {
        if (again) xml += pause;
        append_say(xml, speakers.of_text(), text);
        xml += pause;
        append_say(xml, speakers.of_phrases(), speakers.words().menu);
    }
    xml += "</Gather>";
    append_say(xml, speakers.of_phrases(), speakers.words().no_input);
}

void append_text(std::string& xml, const Speakers& speakers, std::string_view text) {
    append_say(xml, speakers.of_text(), text);
    xml += pause;
    append_say(xml, speakers.of_text(), text);
}

// What a document says, but for the text, which is as long as there is room for.
struct Frame {
    std::string_view opening;
    std::string_view digit_url;
    bool has_text = true;  // false: the opening is all
    bool menu = true;
};

std::string document(const Frame& frame, const Speakers& speakers, std::string_view text) {
    std::string xml(head);
    append_say(xml, speakers.of_phrases(), frame.opening);
    if (frame.has_text) {
        xml += pause;
        if (frame.menu) {
            append_question(xml, speakers, text, frame.digit_url);
        } else {
            append_text(xml, speakers, text);
        }
    }
    return xml.append(closing);
}

std::string fitting_document(const Frame& frame, const Speech& speech, std::size_t most) {
    const Speakers speakers(speech);
    const std::string text = spoken(speech.text, most);
    std::string best = document(frame, speakers, text);
    if (best.size() <= most) return best;
    best = document(frame, speakers, {});
    std::size_t fits = 0;
    for (std::size_t too_many = text.size(); too_many - fits > 1;) {
        const std::size_t middle = fits + (too_many - fits) / 2;
        std::string tried = document(frame, speakers, cut_at_word(text, middle));
        const bool well = tried.size() <= most;
        (well ? fits : too_many) = middle;
        if (well) best = std::move(tried);
    }
    return best;
}

// How many characters of `text` stand in an SMS of so many UTF-16 units.
std::size_t characters_within(std::string_view text, std::size_t units) {
    std::size_t count = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 && byte < 0xC0) continue;
        const std::size_t size = byte >= 0xF0 ? 2 : 1;
        if (size > units) break;
        units -= size;
        ++count;
    }
    return count;
}

}  // namespace

std::string spoken(std::string_view text, std::size_t most_characters) {
    const std::string apart = with_digits_apart(clean_text(text, most_characters + 1));
    return std::string(cut_at_word(apart, most_characters));
}

std::string call_document(const Speech& speech, std::string_view digit_url, std::size_t most_characters) {
    return fitting_document({phrases(speech.language).greeting, digit_url, true, speech.menu}, speech,
                            most_characters);
}

std::string answer_document(std::string_view sentence, const Speech& speech, std::string_view digit_url) {
    const std::string opening = spoken(sentence, longest_sentence);
    return fitting_document({opening, digit_url, !speech.text.empty(), speech.menu}, speech,
                            served_document_most);
}

std::string empty_document() { return R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)"; }

std::string message_document(std::string_view text) {
    return std::string(head) + "<Message>" + xml_escaped(clean_text(text, longest_sms)) +
           "</Message></Response>";
}

std::string taken_on_by(std::string_view name, const Phrases& phrases) {
    return with_value(phrases.already, clean_text(name, longest_name));
}

std::string sms_body(std::string_view text, std::int64_t incident, std::string_view language) {
    const std::string reply = with_value(phrases(language).sms_reply, "1 " + std::to_string(incident));
    const std::size_t room = longest_sms - reply.size() - 1;
    const std::string clean = clean_text(text, room + 1);
    std::string body(cut_at_word(clean, characters_within(clean, room)));
    if (!body.empty()) body += ' ';
    return body + reply;
}

}  // namespace mailrota::providers
