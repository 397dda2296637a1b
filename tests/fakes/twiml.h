#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::fakes {

/// An element of a TwiML document.
struct Verb {
    std::string name;
    std::map<std::string, std::string, std::less<>> attributes;
    std::string text;  ///< of it and of all in it, ends trimmed
    std::vector<Verb> nested;

    std::string attribute(std::string_view attribute_name, std::string_view otherwise = "") const;
    /// Of an attribute that was checked to be one.
    int number(std::string_view attribute_name, int otherwise) const;
};

/// What is wrong with a document, in the error log's terms.
struct TwimlFault {
    int code = 0;
    bool warning = false;  ///< else the call ends with an apology
    std::string words;
};

struct Twiml {
    std::vector<Verb> verbs;  ///< those that are known
    std::vector<TwimlFault> faults;

    bool is_fatal() const;
};

/// A document for calls: Say, Play, Pause, Gather, Redirect, Hangup and Reject with their attributes;
/// anything else is a fault.
Twiml parse_twiml(std::string_view document);
/// An answer to a message: Message with a text.
Twiml parse_message_twiml(std::string_view document);

}  // namespace mailrota::fakes
