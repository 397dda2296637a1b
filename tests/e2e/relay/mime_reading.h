#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailrota::e2e {

/// A leaf of a mail as GMime reads it, apart from any code of ours.
struct ReadPart {
    std::string path;  ///< the multiparts around it: "mixed/alternative/"
    std::string type;  ///< small letters
    std::string name;  ///< UTF-8; may be empty
    std::string content_id;
    bool attachment = false;  ///< is said to be one, or has a name
    bool text = false;        ///< text/plain or text/html for reading: content is UTF-8 with LF
    std::string content;      ///< decoded; of an attached message what a reader sees of it
};

struct ReadMail {
    /// Names in small letters, values decoded to UTF-8, white space as single blanks; in order.
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<ReadPart> parts;

    /// The values of that name.
    std::vector<std::string> all(std::string_view name) const;
};

/// Any bytes; LF or CRLF.
ReadMail read_mail(const std::string& bytes);

}  // namespace mailrota::e2e
