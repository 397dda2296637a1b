#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "bench/text_mails.h"

namespace mailrota::bench {

/// One thing that is done with a mail, of which a copy is given away. A pass throws if it does not come to
/// what the mail must give.
struct TextWork {
    std::string name;
    std::function<void(std::string bytes)> pass;
};

/// What is compared: GMime's own parse and decode of all text parts, mailrota from the bytes to the classes
/// and to the decision, and the patterns of its rules one after the other with PCRE2 alone, over the decoded
/// text and over the bytes.
enum class TextVariant {
    gmime,
    no_rules,
    ten_rules,
    many_rules,
    one_matches,
    ten_on_text,
    many_on_text,
    ten_on_bytes,
    many_on_bytes
};
inline constexpr std::size_t text_variants = 9;

/// Throws std::runtime_error if the mail has more text than is decoded.
TextWork text_work(const TextMail& mail, TextVariant variant);

/// Bytes of decoded text in it.
std::size_t text_bytes(const TextMail& mail);

}  // namespace mailrota::bench
