#include "core/mail/encoded_words.h"

#include <glib.h>

#include <algorithm>
#include <optional>

#include "core/mail/gmime_library.h"
#include "core/mail/header_text.h"

namespace mailrota::mail {
namespace {

// One base64 word; `end` is the position after it.
struct Word {
    std::string_view charset;
    std::string_view payload;
    std::size_t end = 0;
};

std::optional<Word> base64_word_at(std::string_view text, std::size_t start) {
    if (!text.substr(start).starts_with("=?")) {
        return std::nullopt;
    }
    const std::size_t mark = text.find('?', start + 2);
    const std::size_t payload = mark + 3;
    if (mark == std::string_view::npos || payload >= text.size() || !same_name(text.substr(mark, 3), "?b?")) {
        return std::nullopt;
    }
    const std::size_t end = text.find('?', payload);
    if (end == std::string_view::npos || !text.substr(end).starts_with("?=")) {
        return std::nullopt;
    }
    return Word{text.substr(start + 2, mark - start - 2), text.substr(payload, end - payload), end + 2};
}

std::string decoded(std::string_view payload) {
    std::string bytes(payload);
    gsize length = 0;
    if (bytes.size() > 1) {  // GLib wants room for a terminating NUL
        g_base64_decode_inplace(bytes.data(), &length);
    }
    return bytes.substr(0, length);
}

std::string encoded(const std::string& bytes) {
    const StringPtr text(g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size()));
    return text.get();
}

std::optional<Word> neighbour(std::string_view text, const Word& word) {
    const std::size_t start = text.find_first_not_of(" \t", word.end);
    if (start == std::string_view::npos || start == word.end) {
        return std::nullopt;
    }
    const auto next = base64_word_at(text, start);
    return next && same_name(next->charset, word.charset) ? next : std::nullopt;
}

// Writes `first` and all its neighbours as one word; says where the last of them ends.
std::size_t join(std::string_view text, const Word& first, std::string& out) {
    std::string bytes = decoded(first.payload);
    std::size_t end = first.end;
    for (auto next = neighbour(text, first); next; next = neighbour(text, *next)) {
        bytes += decoded(next->payload);
        end = next->end;
    }
    out += "=?" + std::string(first.charset) + "?B?" + encoded(bytes) + "?=";
    return end;
}

}  // namespace

std::string join_base64_words(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    while (done < text.size()) {
        const std::size_t start = std::min(text.find("=?", done), text.size());
        out += text.substr(done, start - done);
        const auto word = base64_word_at(text, start);
        if (word && neighbour(text, *word)) {
            done = join(text, *word, out);
        } else {
            const std::size_t end = word ? word->end : std::min(start + 2, text.size());
            out += text.substr(start, end - start);
            done = end;
        }
    }
    return out;
}

}  // namespace mailrota::mail
