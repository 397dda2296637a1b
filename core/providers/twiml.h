#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::providers {

// The standing phrases of calls and messages in one language.
struct Phrases {
    std::string_view language;      // "de-DE"
    std::string_view greeting;      // "This is mailrota with an alert."
    std::string_view menu;          // "Press 1 to acknowledge, 2 to call the next person …"
    std::string_view no_input;      // "Nothing was pressed. We will call again."
    std::string_view acknowledged;  // "Acknowledged. Nobody else will be called."
    std::string_view passed_on;
    std::string_view resolved;
    std::string_view unknown_key;
    std::string_view over;       // "This alert is over."
    std::string_view already;    // "{} has taken this on already."
    std::string_view sms_reply;  // "Reply {} to acknowledge."
};
// Of this language, else of its main language, else English. Languages: en, de, fr, es, it, nl, pl, pt.
const Phrases& phrases(std::string_view language);

// Phrases::already with this name.
std::string taken_on_by(std::string_view name, const Phrases& phrases);

// A text as it is spoken: control characters, marks of direction and what is no UTF-8 gone; runs of three or
// more digits one by one ("8 6 5 8 1"); blanks made one; cut at a word to so many characters.
std::string spoken(std::string_view text, std::size_t most_characters);

// What one call says.
struct Speech {
    std::string text;      // not yet spoken()
    std::string language;  // "en-US"
    std::string voice;     // may be empty
    bool menu = true;      // a key is asked for; false: only read out, twice
};

// The document of a call (TwiML for voice): greeting, then text, pause and menu inside <Gather>, twice, then
// farewell and <Hangup>. `digit_url` must be absolute for an inline document; empty if !speech.menu. At most
// `most_characters` of all, counted in bytes as the stricter measure: the text is cut at a word so that it
// fits. A long text is in several <Say>, as each takes only so much.
std::string call_document(const Speech& speech, std::string_view digit_url, std::size_t most_characters);
inline constexpr std::size_t inline_document_most = 4000;  // Calls.json, parameter Twiml
inline constexpr std::size_t served_document_most = 60'000;

// What follows a key: the sentence in speech.language; then the text again as in call_document, if it has
// one; and <Hangup>. Without `digit_url` keys go to where this document comes from.
std::string answer_document(std::string_view sentence, const Speech& speech, std::string_view digit_url = {});
// <Response/>
std::string empty_document();
// What an SMS is answered with: an SMS with this text.
std::string message_document(std::string_view text);

// The text of an SMS: at most 1,600 characters; `number` is how it is answered for this incident.
std::string sms_body(std::string_view text, std::int64_t incident, std::string_view language);

}  // namespace mailrota::providers
