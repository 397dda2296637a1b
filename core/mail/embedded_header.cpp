#include "core/mail/embedded_header.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/mail/folded_text.h"
#include "core/mail/sighted_text.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view wide_colon = "\xEF\xBC\x9A";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

struct Parted {
    std::string_view label, value;
};

// At a colon, narrow or wide, or at a tab (Lotus Notes).
std::optional<Parted> part(std::string_view content) {
    content.remove_prefix(std::min(content.find_first_not_of(" \t*_"), content.size()));
    if (content.empty() || !is_letter(content.front())) return std::nullopt;
    const std::string_view head = content.substr(0, longest_label);
    std::size_t at = head.find(':'), size = 1;
    const std::size_t wide =
        static_cast<unsigned char>(head.front()) >= 0x80 ? head.find(wide_colon) : head.npos;
    if (wide < at) {
        at = wide;
        size = wide_colon.size();
    }
    if (at == std::string_view::npos) {
        at = head.find('\t');
        size = 1;
    }
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view label = trim_blanks(content.substr(0, at));
    label = trim_blanks(label.substr(0, label.find_last_not_of("*_") + 1));
    return Parted{label, content.substr(at + size)};
}

// A value that goes on in this line: an address list, or a line that is folded as in a header.
bool continues(const SightedText& text, std::size_t line) {
    const std::string_view words = text.content(line);
    const auto& sight = text[line];
    const bool folded = sight.content < sight.size && text.line(line)[sight.content] == '\t';
    const std::string_view before = text.content(line - 1);
    const bool list = before.ends_with(',') || before.ends_with(';');
    return words.size() < 1000 && (folded || list || (has_address(words) && words.size() < 200)) &&
           !words.ends_with(':');
}

// What a run of labels tells.
class Roles {
  public:
    void add(const LabelLine& line) {
        if (line.label.role == Label::Role::other) return;
        languages_[static_cast<std::size_t>(line.label.role)] |= line.label.languages;
    }

    void tell(EmbeddedHeader& header) const {
        for (unsigned language = 0; language < languages_known(); ++language) {
            const std::uint32_t bit = std::uint32_t{1} << language;
            unsigned parts = 0;
            for (const std::uint32_t role : languages_) parts += (role & bit) != 0 ? 1U : 0U;
            if (parts <= header.parts) continue;
            header.parts = parts;
            header.why = header_block_why(language);
            header.from = (languages_[0] & bit) != 0;
        }
    }

  private:
    std::array<std::uint32_t, Label::roles> languages_{};
};

}  // namespace

std::optional<LabelLine> read_label(std::string_view content) {
    const auto parted = part(content);
    if (!parted || parted->label.empty()) return std::nullopt;
    const auto label = find_label(fold_text(parted->label));
    if (!label) return std::nullopt;
    return LabelLine{*label, parted->value};
}

bool looks_like_label(std::string_view content) {
    const auto parted = part(content);
    return parted && !parted->label.empty() && parted->label.find("  ") == std::string_view::npos &&
           std::ranges::count(parted->label, ' ') <= 2;
}

EmbeddedHeader read_embedded_header(const SightedText& text, std::size_t line) {
    constexpr unsigned most_continuations = 8;
    constexpr std::size_t most_lines = 64;  // so that each line is looked at a bounded number of times
    EmbeddedHeader header{line, 0, false, false, {}, {}};
    Roles roles;
    unsigned continuations = 0;
    const std::uint8_t depth = text[line].depth;
    for (std::size_t at = line; at < std::min(text.size(), line + most_lines); ++at) {
        if (text[at].blank) {
            if (at > header.end) break;
            continue;
        }
        if (text[at].depth != depth) break;
        const auto label = read_label(text.content(at));
        const bool goes_on = !label && at == header.end && at > line && continuations < most_continuations &&
                             continues(text, at);
        if (!label && !goes_on) break;
        continuations = label ? 0 : continuations + 1;
        const std::string_view value = label ? label->value : text.content(at);
        header.evidence = header.evidence || has_address(value) || has_date(value.substr(0, 200));
        if (label) roles.add(*label);
        if (label && label->label.role == Label::Role::subject) header.subject = trim_blanks(label->value);
        header.end = at + 1;
    }
    roles.tell(header);
    return header;
}

}  // namespace mailrota::mail
