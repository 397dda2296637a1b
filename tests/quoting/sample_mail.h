#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mailrota::quoting {

// What people expect of one line of a mail's text. README.md tells the letters.
struct ExpectedLine {
    char of = '.';  // 'N', 'Q', 'F', 'S', or '.': not scored
    std::string text;
};

// Words that some line of the new or forwarded text must hold (`wanted`), or must not.
struct ExpectedCall {
    bool wanted = false;
    std::string words;
};

// One mail of the folder `mails` and what is expected of it.
struct SampleMail {
    std::string name;   // of the file, without ".eml"
    std::string about;  // which client, which language, which difficulty
    std::string bytes;  // the whole mail
    bool machine = false;
    std::vector<ExpectedLine> lines;  // without the blank ones
    std::vector<ExpectedCall> calls;
};

// All mails of `folder`, by name. Throws std::runtime_error if a file is missing or cannot be understood.
std::vector<SampleMail> sample_mails(const std::filesystem::path& folder);

// A line as it is compared: blanks, no-break spaces and tabs made one, none at the ends.
std::string folded_blanks(std::string_view line);

}  // namespace mailrota::quoting
