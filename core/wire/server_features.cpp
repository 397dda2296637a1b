#include "core/wire/server_features.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace mailrota::wire {

namespace {

// The next word of the line, which is removed from it; empty at its end.
std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

constexpr std::string_view old_auth = "AUTH=";  // before the RFC; some announce both

void read_mechanism(std::string_view word, ServerFeatures& features) {
    if (word == "PLAIN") features.auth_plain = true;
    if (word == "LOGIN") features.auth_login = true;
}

void read_line(std::string line, ServerFeatures& features) {
    std::transform(line.begin(), line.end(), line.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    std::string_view rest = line;
    const std::string_view keyword = take_word(rest);
    if (keyword == "PIPELINING") features.pipelining = true;
    if (keyword == "8BITMIME") features.eight_bit = true;
    if (keyword == "DSN") features.dsn = true;
    if (keyword == "SMTPUTF8") features.smtputf8 = true;
    if (keyword == "STARTTLS") features.starttls = true;
    if (keyword == "AUTH" || keyword.starts_with(old_auth)) {
        if (keyword != "AUTH") read_mechanism(keyword.substr(old_auth.size()), features);
        for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest))
            read_mechanism(word, features);
    }
    if (keyword == "XFORWARD") {
        for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest))
            features.xforward_ident |= word == "IDENT";
    }
    if (keyword == "SIZE") {
        features.size = true;
        const std::string_view number = take_word(rest);
        std::from_chars(number.data(), number.data() + number.size(), features.max_size);
    }
}

}  // namespace

ServerFeatures parse_features(std::string_view text) {
    ServerFeatures features;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        text.remove_prefix(end + 1);
        read_line(std::string(text.substr(0, text.find('\n'))), features);
    }
    return features;
}

}  // namespace mailrota::wire
