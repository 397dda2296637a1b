#include "ctl/address_file.h"

#include <algorithm>
#include <array>
#include <istream>
#include <string_view>
#include <utility>

#include "core/policy/fold.h"

namespace mailrota::ctl {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::array<std::string_view, 9> address_names = {
    "email",   "e-mail",    "email address",   "email_address", "emailaddress",
    "address", "recipient", "recipient_email", "mail"};
constexpr std::array<std::string_view, 5> detail_names = {"reason", "error", "description", "detail",
                                                          "bounce reason"};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What parts the columns: the sign that the header has most of.
char delimiter_of(std::string_view header) {
    char best = ',';
    for (const char sign : {';', '\t'})
        if (std::ranges::count(header, sign) > std::ranges::count(header, best)) best = sign;
    return best;
}

template <std::size_t count>
std::optional<std::size_t> column(const std::vector<std::string>& header,
                                  const std::array<std::string_view, count>& names) {
    for (const std::string_view name : names) {
        const auto found = std::ranges::find_if(
            header, [&](const auto& field) { return policy::equal_folded(trimmed(field), name); });
        if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
    }
    return std::nullopt;
}

// Takes a record's characters one after the other.
class Fields {
  public:
    explicit Fields(char delimiter) : delimiter_(delimiter) {}

    void add(std::string_view line) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            const bool doubled = quoted_ && c == '"' && i + 1 < line.size() && line[i + 1] == '"';
            if (doubled) ++i;
            if (c == '"' && !doubled && (quoted_ || fields_.back().empty()))
                quoted_ = !quoted_;
            else if (c == delimiter_ && !quoted_)
                fields_.emplace_back();
            else
                fields_.back() += c;
        }
    }
    bool open() const { return quoted_; }  // the record goes on in the next line
    void break_line() { fields_.back() += ' '; }
    std::vector<std::string> take() { return std::move(fields_); }

  private:
    char delimiter_;
    bool quoted_ = false;
    std::vector<std::string> fields_{""};
};

}  // namespace

AddressFile::AddressFile(std::istream& in) : in_(in) { read_header(); }

// The rest of a line that is too long is read and forgotten.
std::optional<std::string> AddressFile::read_line() {
    std::string line;
    bool any = false;
    for (int c = in_.get(); c != std::char_traits<char>::eof(); c = in_.get()) {
        any = true;
        if (c == '\n') break;
        if (line.size() < longest_record) line += static_cast<char>(c);
    }
    if (!any) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    ++lines_;
    return line;
}

std::vector<std::string> AddressFile::read_record(const std::string& first) {
    Fields fields(delimiter_);
    std::size_t size = first.size();
    fields.add(first);
    while (fields.open() && size < longest_record) {
        const auto more = read_line();
        if (!more) break;
        size += more->size() + 1;
        fields.break_line();
        fields.add(*more);
    }
    return fields.take();
}

void AddressFile::read_header() {
    auto first = read_line();
    if (!first) return;
    if (first->starts_with(byte_order_mark)) first->erase(0, byte_order_mark.size());
    ahead_ = *first;
    if (first->find('@') != std::string::npos || first->starts_with('#')) return;
    delimiter_ = delimiter_of(*first);
    const auto header = read_record(*first);
    const auto found = column(header, address_names);
    without_column_ = !found && header.size() > 1;
    if (!found) {
        delimiter_ = 0;
        return;
    }
    ahead_.reset();
    address_column_ = *found;
    detail_column_ = column(header, detail_names);
}

ListedAddress AddressFile::from_record(const std::vector<std::string>& fields, std::size_t line) const {
    const auto field = [&](std::size_t place) {
        return place < fields.size() ? std::string(trimmed(fields[place])) : std::string();
    };
    return {line, field(address_column_), detail_column_ ? field(*detail_column_) : std::string()};
}

std::optional<ListedAddress> AddressFile::next() {
    while (true) {
        const std::size_t first_line = ahead_ ? 1 : lines_ + 1;
        auto line = ahead_ ? std::exchange(ahead_, std::nullopt) : read_line();
        if (!line) return std::nullopt;
        const std::string_view text = trimmed(*line);
        if (text.empty() || (delimiter_ == 0 && text.starts_with('#'))) continue;
        if (delimiter_ == 0) return ListedAddress{first_line, std::string(text), {}};
        return from_record(read_record(*line), first_line);
    }
}

}  // namespace mailrota::ctl
