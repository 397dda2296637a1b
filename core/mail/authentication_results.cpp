#include "core/mail/authentication_results.h"

#include <algorithm>
#include <optional>

#include "core/mail/header_text.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool token_character(char c) {
    constexpr std::string_view specials = "()<>@,;:\\\"/[]?=";
    return c > ' ' && c < '\x7F' && specials.find(c) == std::string_view::npos;
}

std::string small_letters(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

// Walks over the words of a field. What is no word where one is due is nothing.
class Words {
  public:
    explicit Words(std::string_view text) : text_(text) {}

    // Past blanks and comments. False if a comment is not closed.
    bool skip() {
        while (!ended()) {
            if (at('(')) {
                if (!skip_comment()) return false;
            } else if (blanks.find(text_[at_]) != std::string_view::npos) {
                ++at_;
            } else {
                return true;
            }
        }
        return true;
    }

    bool ended() const { return at_ >= text_.size(); }
    bool at(char c) const { return !ended() && text_[at_] == c; }

    // Past blanks, comments and this one character.
    bool take(char c) {
        if (!skip() || !at(c)) return false;
        ++at_;
        return skip();
    }

    // Letters, digits and hyphens: a method, a result, a property.
    std::optional<std::string> keyword() {
        return run([](char c) { return token_character(c) && c != '.'; });
    }

    // A token or a quoted string.
    std::optional<std::string> value() { return at('"') ? quoted() : run(token_character); }

    // A value, or an address whose local part may be missing or quoted.
    std::optional<std::string> property_value() {
        std::string whole;
        if (at('"')) {
            auto part = quoted();
            if (!part) return std::nullopt;
            whole = *std::move(part);
        }
        // Signers write base64 and addresses here without quotes (header.b=…/…=).
        while (!ended() && text_[at_] > ' ' && text_[at_] < '\x7F' && text_[at_] != ';' &&
               text_[at_] != '(' && text_[at_] != '"')
            whole += text_[at_++];
        if (whole.empty()) return std::nullopt;
        return whole;
    }

  private:
    // A comment may hold others.
    bool skip_comment() {
        int depth = 0;
        for (; !ended(); ++at_) {
            if (at('(')) ++depth;
            if (at(')')) --depth;
            if (at('\\')) ++at_;
            if (depth > 0) continue;
            ++at_;
            return true;
        }
        return false;
    }

    template <class Wanted>
    std::optional<std::string> run(const Wanted& wanted) {
        const auto begin = at_;
        while (!ended() && wanted(text_[at_])) ++at_;
        if (at_ == begin) return std::nullopt;
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::optional<std::string> quoted() {
        std::string inside;
        for (++at_; !ended(); ++at_) {
            if (text_[at_] == '"') {
                ++at_;
                return inside;
            }
            if (text_[at_] == '\\' && ++at_ >= text_.size()) break;
            inside += text_[at_];
        }
        return std::nullopt;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// The authserv-id and the version, which is 1 where it is not written.
bool is_ours(Words& words, std::string_view authserv_id) {
    if (!words.skip()) return false;
    const auto id = words.value();
    if (!id || !same_name(*id, authserv_id) || !words.skip()) return false;
    if (words.ended() || words.at(';')) return true;
    return words.value() == "1" && words.skip();
}

// "dkim=pass", "dkim/1 = pass"
bool read_method(Words& words, std::string& method, std::string& result) {
    const auto name = words.keyword();
    if (!name || !words.skip()) return false;
    if (words.at('/') && (!words.take('/') || words.keyword() != "1")) return false;
    if (!words.take('=')) return false;
    const auto outcome = words.keyword();
    method = small_letters(name.value_or(""));
    result = small_letters(outcome.value_or(""));
    return outcome && words.skip();
}

// "header.d=example.com", or "reason=…", whose property is empty.
bool read_property(Words& words, std::string& property, std::string& value) {
    const auto type = words.keyword();
    if (!type || !words.skip()) return false;
    property.clear();
    if (words.at('.')) {
        if (!words.take('.')) return false;
        const auto name = words.keyword();
        if (!name) return false;
        property = small_letters(*type + "." + *name);
    }
    if (!words.take('=')) return false;
    const auto read = property.empty() ? words.value() : words.property_value();
    value = small_letters(read.value_or(""));
    return read && words.skip();
}

// One result with its properties. What names two domains names none.
bool read_result(Words& words, std::vector<std::string>& passed) {
    std::string method, result;
    std::vector<std::string> domains;
    if (!read_method(words, method, result)) return false;
    while (!words.ended() && !words.at(';')) {
        std::string property, value;
        if (!read_property(words, property, value)) return false;
        if (property == "header.d") domains.push_back(value);
    }
    if (domains.size() > 1) return false;
    if (method == "dkim" && result == "pass") passed.insert(passed.end(), domains.begin(), domains.end());
    return true;
}

// "; none" says that nothing was tested.
bool says_none(Words words) { return words.keyword() == "none" && words.skip() && words.ended(); }

}  // namespace

std::vector<std::string> dkim_passes(std::string_view field, std::string_view authserv_id) {
    Words words(field);
    if (!is_ours(words, authserv_id)) return {};
    std::vector<std::string> passed;
    while (!words.ended()) {
        if (!words.take(';')) return {};
        if (words.ended() || says_none(words)) break;
        if (!read_result(words, passed)) return {};
    }
    std::sort(passed.begin(), passed.end());
    passed.erase(std::unique(passed.begin(), passed.end()), passed.end());
    return passed;
}

bool is_authserv_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), token_character);
}

}  // namespace mailrota::mail
