#include "tests/fakes/twiml_check.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

namespace {

using Check = std::function<bool(const std::string&)>;

struct Attribute {
    Check fits;
    int code = 12200;  ///< of the warning if it does not
};
using Attributes = std::map<std::string, Attribute, std::less<>>;

bool is_number(const std::string& text, int least, int most) {
    if (text.empty() || text.size() > 8 || text.find_first_not_of("0123456789") != std::string::npos)
        return false;
    const int number = std::stoi(text);
    return number >= least && number <= most;
}
Check number(int least, int most = 99'999'999) {
    return [=](const std::string& text) { return is_number(text, least, most); };
}
Check one_of(std::set<std::string> words) {
    return [words = std::move(words)](const std::string& text) { return words.contains(text); };
}
const Check any = [](const std::string&) { return true; };
const Check method = one_of({"GET", "POST"});
const Check truth = one_of({"true", "false"});

bool is_voice(const std::string& voice) {
    if (voice == "man" || voice == "woman" || voice == "alice") return true;
    const auto dot = voice.find('.');
    const auto house = voice.substr(0, dot);
    return dot != std::string::npos && dot + 1 < voice.size() && (house == "Polly" || house == "Google");
}

/// "de-DE", "cmn-CN": the languages of speech that there are, by language and the regions of each.
bool is_language(const std::string& tag) {
    static const std::map<std::string, std::string> regions = {{"af", "ZA"},
                                                               {"ar", "AE XA"},
                                                               {"bg", "BG"},
                                                               {"ca", "ES"},
                                                               {"cmn", "CN TW"},
                                                               {"cs", "CZ"},
                                                               {"cy", "GB"},
                                                               {"da", "DK"},
                                                               {"de", "DE AT"},
                                                               {"el", "GR"},
                                                               {"en", "US GB AU CA IN IE NZ ZA"},
                                                               {"es", "ES MX US"},
                                                               {"fi", "FI"},
                                                               {"fr", "FR CA BE"},
                                                               {"he", "IL"},
                                                               {"hi", "IN"},
                                                               {"hu", "HU"},
                                                               {"id", "ID"},
                                                               {"is", "IS"},
                                                               {"it", "IT"},
                                                               {"ja", "JP"},
                                                               {"ko", "KR"},
                                                               {"lv", "LV"},
                                                               {"ms", "MY"},
                                                               {"nb", "NO"},
                                                               {"nl", "NL BE"},
                                                               {"pl", "PL"},
                                                               {"pt", "PT BR"},
                                                               {"ro", "RO"},
                                                               {"ru", "RU"},
                                                               {"sk", "SK"},
                                                               {"sr", "RS"},
                                                               {"sv", "SE"},
                                                               {"th", "TH"},
                                                               {"tr", "TR"},
                                                               {"uk", "UA"},
                                                               {"vi", "VN"},
                                                               {"yue", "HK"},
                                                               {"zh", "CN TW HK"}};
    const auto dash = tag.find('-');
    const auto found = regions.find(tag.substr(0, dash));
    return dash != std::string::npos && tag.size() == dash + 3 && found != regions.end() &&
           found->second.find(tag.substr(dash + 1)) != std::string::npos;
}

const Attributes& attributes_of(const std::string& verb) {
    static const Check finish_key = [](const std::string& keys) {
        return keys.empty() ||
               (keys.size() == 1 && std::string_view("0123456789#*").find(keys[0]) != std::string_view::npos);
    };
    static const std::map<std::string, Attributes> known = {
        {"Say",
         {{"voice", {is_voice, 13511}}, {"language", {is_language}}, {"loop", {number(0, 1000), 13510}}}},
        {"Play", {{"loop", {number(0, 1000), 13410}}, {"digits", {any}}}},
        {"Pause", {{"length", {number(1, 3600), 13910}}}},
        {"Redirect", {{"method", {method, 13710}}}},
        {"Hangup", {}},
        {"Reject", {{"reason", {one_of({"rejected", "busy"})}}}},
        {"Gather",
         {{"action", {any}},
          {"method", {method, 13312}},
          {"timeout", {number(1), 13313}},
          {"numDigits", {number(1), 13314}},
          {"finishOnKey", {finish_key, 13310}},
          {"input", {one_of({"dtmf", "speech", "dtmf speech", "speech dtmf"})}},
          {"actionOnEmptyResult", {truth}},
          {"bargeIn", {truth}},
          {"language", {any}},
          {"hints", {any}},
          {"speechTimeout", {any}},
          {"speechModel", {any}},
          {"enhanced", {truth}},
          {"profanityFilter", {truth}},
          {"partialResultCallback", {any}},
          {"partialResultCallbackMethod", {method, 13312}}}}};
    static const Attributes none;
    const auto found = known.find(verb);
    return found == known.end() ? none : found->second;
}

bool is_verb(const std::string& name) {
    static const std::set<std::string> verbs = {"Say",      "Play",   "Pause", "Gather",
                                                "Redirect", "Hangup", "Reject"};
    return verbs.contains(name);
}

/// Elements of speech markup.
bool is_markup(const std::string& name) {
    static const std::set<std::string> elements = {"break",   "emphasis", "lang",   "p",   "phoneme",
                                                   "prosody", "s",        "say-as", "sub", "w"};
    return elements.contains(name);
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void check_say(const Verb& say, std::vector<TwimlFault>& faults) {
    const auto voice = say.attribute("voice");
    const std::size_t most = voice.starts_with("Polly.") ? 3000 : voice.starts_with("Google.") ? 5000 : 4096;
    const bool is_basic = voice.find('.') == std::string::npos;
    if (say.text.empty()) faults.push_back({13520, true, "Say: there is nothing to say"});
    if (characters(say.text) > most) faults.push_back({13521, false, "Say: the text is too long"});
    for (const auto& child : say.nested)
        if (is_basic || !is_markup(child.name))
            faults.push_back({12200, true, "Say: element " + child.name + " is not allowed here"});
}

void check_verb(Verb& verb, std::vector<TwimlFault>& faults) {
    const auto& known = attributes_of(verb.name);
    for (const auto& [name, value] : verb.attributes) {
        const auto attribute = known.find(name);
        if (attribute == known.end())
            faults.push_back({12200, true, verb.name + ": unknown attribute " + name});
        else if (!attribute->second.fits(value))
            faults.push_back({attribute->second.code, true, verb.name + ": invalid value of " + name});
    }
    if (verb.name == "Say") return check_say(verb, faults);
    if (verb.name == "Redirect" && verb.text.empty())
        faults.push_back({12200, true, "Redirect: there is no URL"});
    const bool may_nest = verb.name == "Gather";
    for (const auto& child : verb.nested)
        if (!may_nest || (child.name != "Say" && child.name != "Play" && child.name != "Pause"))
            faults.push_back({13320, true, verb.name + ": invalid nested verb " + child.name});
    if (may_nest) check_verbs(verb.nested, faults);
}

}  // namespace

void check_verbs(std::vector<Verb>& verbs, std::vector<TwimlFault>& faults) {
    std::erase_if(verbs, [&](const Verb& verb) {
        if (is_verb(verb.name)) return false;
        faults.push_back({12200, true, "unknown verb " + verb.name});
        return true;
    });
    for (auto& verb : verbs) check_verb(verb, faults);
}

}  // namespace mailrota::fakes
