#include "core/mail/html_tag.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t longest_name = 40;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_in_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

}  // namespace

HtmlTagReader::HtmlTagReader(std::string_view html) : html_(html) {
    closes_ = at(1) == '/';
    at_ += closes_ ? 1U : 0U;
    const std::size_t end = skip_name(at_);
    name_ = html_.substr(at_, end - at_);
    at_ = end;
}

std::size_t HtmlTagReader::skip_blanks(std::size_t place) const {
    while (is_blank(at(place))) ++place;
    return place;
}

// The same place if no name begins there, or one that is too long.
std::size_t HtmlTagReader::skip_name(std::size_t begin) const {
    if (!is_letter(at(begin))) return begin;
    std::size_t end = begin;
    while (is_in_name(at(end))) ++end;
    return end - begin <= longest_name ? end : begin;
}

// The same place if the value is not plain.
std::size_t HtmlTagReader::skip_value(std::size_t begin) const {
    const char quote = at(begin);
    if (quote == '"' || quote == '\'') {
        const std::size_t end = html_.find(quote, begin + 1);
        return end == std::string_view::npos ? begin : end + 1;
    }
    constexpr std::string_view doubtful("\r<>\"'=`\0", 8);
    std::size_t end = begin;
    while (end < html_.size() && !is_blank(html_[end]) && doubtful.find(html_[end]) == std::string_view::npos)
        ++end;
    const bool plain = end > begin && html_[end - 1] != '/';
    return plain ? end : begin;
}

bool HtmlTagReader::next(HtmlTagAttribute& attribute) {
    const std::size_t begin = skip_blanks(at_);
    const std::size_t name_end = skip_name(begin);
    if (closes_ || begin == at_ || name_end == begin) return false;
    std::size_t end = name_end;
    attribute.value = {};
    if (at(name_end) == '=') {
        end = skip_value(name_end + 1);
        if (end == name_end + 1) return false;
        const bool quoted = html_[name_end + 1] == '"' || html_[name_end + 1] == '\'';
        const std::size_t margin = quoted ? 1 : 0;
        attribute.value = html_.substr(name_end + 1 + margin, end - name_end - 1 - 2 * margin);
    }
    attribute.name = html_.substr(begin, name_end - begin);
    attribute.whole = html_.substr(at_, end - at_);
    at_ = end;
    return true;
}

std::string_view HtmlTagReader::end() {
    const std::size_t begin = skip_blanks(at_);
    const std::size_t size = at(begin) == '>'                                       ? 1
                             : !closes_ && at(begin) == '/' && at(begin + 1) == '>' ? 2
                                                                                    : 0;
    at_ = begin + size;
    return html_.substr(begin, size);
}

}  // namespace mailrota::mail
