#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mailrota::bench {

/// A mail as it is received, with CRLF line ends.
struct TextMail {
    std::string name;  ///< for people: "4 KB plain"
    std::string bytes;
};

/// Mails as people and machines write them, always the same ones: an answer with what it answers below, as
/// plain text and as plain text with HTML beside it, at 4 KB and 200 KB, once with HTML of other words; a
/// short one with a file of 10 MB; a log of 10 MB. Each has a line "Reference: BENCH-4711" in its new text.
/// Their text stays below mail::DecodeLimits::text_bytes, so all of it is decoded.
std::vector<std::string> text_mail_names();
/// Throws std::out_of_range if there is none of that name.
TextMail text_mail(const std::string& name);

}  // namespace mailrota::bench
