#include <fmt/format.h>

#include "core/policy/pattern.h"
#include "ctl/procmail_condition.h"

namespace mailrota::ctl {
namespace {

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Walks a pattern once.
class Turning {
  public:
    explicit Turning(std::string_view from) : from_(from) {}

    Result<std::string> run() {
        while (at_ < from_.size() && fault_.empty()) step();
        if (captures_) to_ += ')';
        if (fault_.empty() && depth_ != 0) fault_ = "its brackets do not match";
        if (!fault_.empty()) return invalid(fault_);
        const auto compiled = policy::Pattern::compile("/" + to_ + "/");
        if (!compiled) return tl::unexpected(compiled.error());
        return std::move(to_);
    }

  private:
    char next(std::size_t further = 0) const {
        return at_ + further < from_.size() ? from_[at_ + further] : '\0';
    }
    // Whether an alternative begins (ends) here.
    bool begins() const { return at_ == 0 || from_[at_ - 1] == '(' || from_[at_ - 1] == '|'; }
    bool ends(std::size_t length) const {
        const char after = next(length);
        return after == '\0' || after == ')' || after == '|';
    }
    void put(std::string_view text, std::size_t read) {
        to_ += text;
        at_ += read;
    }

    void step() {
        const char c = next();
        const bool was_star = starred_;
        starred_ = c == '*' || c == '+' || c == '?';
        if (c == '\\') return step_escape();
        if (c == '[') return step_class();
        if (c == '^' && next(1) == '^') return put(at_ == 0 ? "\\A" : "\\z", 2);
        if (c == '^') return put(begins() ? "^" : "\\n", 1);
        if (c == '$') return put(ends(1) ? "$" : "\\n", 1);
        if (c == '{' || c == '}' || c == '/') return put(std::string("\\") + c, 1);
        if (c == '(' && next(1) == '?') fault_ = "has (?, which procmail knows nothing of";
        if (c == '(') ++depth_;
        if (c == ')' && --depth_ < 0) fault_ = "its brackets do not match";
        if (c == '|' && captures_ && depth_ == 0) fault_ = "has \\/ beside |";
        if (starred_ && was_star) return join_quantifiers();
        put(from_.substr(at_, 1), 1);
    }

    // PCRE2 takes the second of two for something else: "a+?" is any number of a.
    void join_quantifiers() {
        if (to_.back() != next()) to_.back() = '*';
        ++at_;
    }

    void step_escape() {
        const char c = next(1);
        if (c == '<' || c == '>') return put("\\b", 2);
        if (c == '/') return begin_match();
        if (c == '\0') return put("\\\\", 1);
        if (is_word(c)) return put(std::string_view(&from_[at_ + 1], 1), 2);
        put(from_.substr(at_, 2), 2);
    }

    // What follows \/ is what procmail puts into $MATCH.
    void begin_match() {
        if (captures_ || depth_ != 0 || from_.substr(0, at_).find('|') != std::string_view::npos)
            fault_ = "has \\/ where it cannot be told what it takes";
        captures_ = true;
        put("(?<match>", 2);
    }

    void step_class() {
        std::size_t end = at_ + 1;
        if (next(1) == '^') ++end;
        if (end < from_.size() && from_[end] == ']') ++end;
        end = from_.find(']', end);
        if (end == std::string_view::npos) {
            fault_ = "has a [ without its ]";
            return;
        }
        for (; at_ <= end; ++at_) {
            if (from_[at_] == '/') to_ += '\\';
            to_ += from_[at_];
        }
    }

    std::string_view from_;
    std::size_t at_ = 0;
    std::string to_;
    std::string fault_;
    int depth_ = 0;
    bool starred_ = false;
    bool captures_ = false;
};

}  // namespace

Result<std::string> pattern_of(std::string_view procmail) { return Turning(procmail).run(); }

std::string toml_text(std::string_view text) {
    const auto plain = [](char c) {
        return c != '\'' && (static_cast<unsigned char>(c) >= ' ' || c == '\t');
    };
    bool literal = true;
    for (const char c : text) literal = literal && plain(c) && c != '\x7f';
    if (literal) return fmt::format("'{}'", text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            quoted += std::string("\\") + c;
        else if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            quoted += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
            quoted += c;
    }
    return quoted + '"';
}

}  // namespace mailrota::ctl
