#include "tests/fakes/header_block.h"

#include <algorithm>
#include <cctype>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

std::string HeaderBlock::Field::value() const {
    std::string text;
    for (const char c : std::string_view(bytes).substr(std::min(name.size() + 1, bytes.size())))
        if (c != '\r' && c != '\n') text += c;
    return std::string(trimmed(text));
}

HeaderBlock::HeaderBlock(std::string_view mail) : body_(mail) {
    while (!body_.empty()) {
        const auto line = body_.substr(0, std::min(body_.find('\n'), body_.size() - 1) + 1);
        if (trimmed(line).empty()) break;
        const bool more = (line[0] == ' ' || line[0] == '\t') && !fields_.empty();
        const auto colon = line.find(':');
        if (!more && colon == std::string_view::npos) break;
        if (more)
            fields_.back().bytes += line;
        else
            fields_.push_back({std::string(trimmed(line.substr(0, colon))), std::string(line)});
        body_.remove_prefix(line.size());
    }
}

std::optional<std::string> HeaderBlock::value(std::string_view name) const {
    const auto small = small_letters(name);
    for (const auto& field : fields_)
        if (small_letters(field.name) == small) return field.value();
    return {};
}

std::size_t HeaderBlock::count(std::string_view name) const {
    const auto small = small_letters(name);
    return static_cast<std::size_t>(std::ranges::count_if(
        fields_, [&](const Field& field) { return small_letters(field.name) == small; }));
}

void HeaderBlock::remove_if(const std::function<bool(const std::string&)>& unwanted) {
    std::erase_if(fields_, [&](const Field& field) { return unwanted(small_letters(field.name)); });
}

void HeaderBlock::remove(std::string_view name) {
    remove_if([small = small_letters(name)](const std::string& other) { return other == small; });
}

void HeaderBlock::set(std::string_view name, std::string_view value) {
    const auto small = small_letters(name);
    Field field{std::string(name), std::string(name) + ": " + std::string(value) + "\r\n"};
    const auto place =
        std::ranges::find_if(fields_, [&](const Field& other) { return small_letters(other.name) == small; });
    const auto index = place - fields_.begin();
    std::erase_if(fields_, [&](const Field& other) { return small_letters(other.name) == small; });
    fields_.insert(fields_.begin() + index, std::move(field));
}

std::string HeaderBlock::mail() const {
    std::string mail;
    for (const auto& field : fields_) mail += field.bytes;
    return mail.append(body_);
}

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 >= text.size()) return false;
    const auto local = text.substr(0, at);
    const auto host = text.substr(at + 1);
    const bool quoted = local.front() == '"' && local.back() == '"' && local.size() > 1;
    if (!quoted && local.find_first_of(" \t\r\n<>()[],;:\"@\\") != std::string_view::npos) return false;
    if (host.front() == '.' || host.back() == '.' || host.find("..") != std::string_view::npos) return false;
    return std::ranges::all_of(host, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || (c & 0x80) != 0;
    });
}

std::string bare_address(std::string_view mailbox) {
    const auto open = mailbox.rfind('<');
    const auto close = mailbox.rfind('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::string(trimmed(mailbox));
    return std::string(trimmed(mailbox.substr(open + 1, close - open - 1)));
}

std::vector<std::string> split_mailboxes(std::string_view list) {
    std::vector<std::string> mailboxes;
    std::string current;
    bool quoted = false;
    int depth = 0;
    const auto finish = [&] {
        if (const auto whole = trimmed(current); !whole.empty()) mailboxes.emplace_back(whole);
        current.clear();
    };
    for (std::size_t at = 0; at < list.size(); ++at) {
        const char c = list[at];
        if (quoted && c == '\\' && at + 1 < list.size()) {
            current += c;
            current += list[++at];
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '(' || c == '<')) ++depth;
        if (!quoted && (c == ')' || c == '>')) --depth;
        if (c == ',' && !quoted && depth <= 0)
            finish();
        else
            current += c;
    }
    finish();
    return mailboxes;
}

std::string domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string() : small_letters(address.substr(at + 1));
}

}  // namespace mailrota::fakes
