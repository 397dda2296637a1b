#include "core/config/text_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailrota::config {

namespace {

// Walks over the text once, counting brackets and the dots of keys outside strings and comments.
class NestingCheck {
  public:
    explicit NestingCheck(std::string_view text) : text_(text) {}

    std::optional<TextFault> run() {
        while (at_ < text_.size()) {
            step();
            if (depth_ > deepest_brackets)
                return fault("brackets stand too deep inside each other", deepest_brackets);
            if (dots_ >= most_key_parts) return fault("a key has too many parts", most_key_parts);
        }
        return std::nullopt;
    }

  private:
    void step() {
        const char c = text_[at_];
        if (c == '"' || c == '\'') return skip_string(c);
        if (c == '#') return skip_comment();
        if (c == '[' || c == '{') ++depth_;
        if (c == ']' || c == '}') depth_ = std::max(0, depth_ - 1);
        if (c == '.') {
            ++dots_;
        } else if (std::string_view("[]{},=\n").find(c) != std::string_view::npos) {
            dots_ = 0;
        }
        if (c == '\n') ++line_;
        ++at_;
    }

    void skip_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

    void skip_string(char quote) {
        const std::string three(3, quote);
        const bool several_lines = text_.substr(at_, 3) == three;
        at_ += several_lines ? 3 : 1;
        while (at_ < text_.size()) {
            if (several_lines ? text_.substr(at_, 3) == three : text_[at_] == quote) {
                at_ += several_lines ? 3 : 1;
                return;
            }
            if (text_[at_] == '\n') {
                if (!several_lines) return;
                ++line_;
            }
            const bool escaped = quote == '"' && text_[at_] == '\\' && text_.substr(at_ + 1, 1) != "\n";
            at_ += escaped ? 2 : 1;
        }
    }

    TextFault fault(std::string_view what, int limit) const {
        return {line_, fmt::format("{}: at most {} are read", what, limit), {}};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    int depth_ = 0;
    int dots_ = 0;
};

}  // namespace

std::optional<TextFault> check_text(std::string_view text) {
    if (text.size() > longest_text) {
        return TextFault{0,
                         fmt::format("{} bytes are too many: at most {} are read", text.size(), longest_text),
                         "put long lists of addresses into a [list.NAME] file"};
    }
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
        return TextFault{static_cast<std::uint32_t>(line), "a NUL byte: this is no text file",
                         "save the file as UTF-8"};
    }
    return NestingCheck(text).run();
}

}  // namespace mailrota::config
