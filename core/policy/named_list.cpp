#include "core/policy/named_list.h"

#include <algorithm>

#include "core/policy/fold.h"
#include "core/policy/pattern.h"

namespace mailrota::policy {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

// A line without its comment and the blanks around.
std::string_view entry_of(std::string_view line) {
    for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
        if (at == 0 || blanks.find(line[at - 1]) != std::string_view::npos) line = line.substr(0, at);
    const auto first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

bool has(std::string_view text, std::string_view any) {
    return text.find_first_of(any) != std::string_view::npos;
}

}  // namespace

NamedList NamedList::from_text(std::string name, std::string_view text) {
    NamedList list;
    list.name_ = std::move(name);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto entry = entry_of(line);
        if (!entry.empty()) list.add(folded(entry));
    }
    return list;
}

NamedList NamedList::unreadable(std::string name, std::string why) {
    NamedList list;
    list.name_ = std::move(name);
    list.why_ = why.empty() ? "unreadable" : std::move(why);
    return list;
}

void NamedList::add(std::string entry) {
    ++size_;
    if (has(entry, "*?\\")) {
        globs_.push_back(std::move(entry));
        return;
    }
    if (has(entry, "/:")) {
        if (auto network = Network::parse(entry)) networks_.push_back(std::move(*network));
    }
    if (entry.size() > 1 && entry.front() == '@') domains_.insert(entry.substr(1));
    if (entry.size() > 1 && entry.front() == '.') subdomains_.insert(entry);
    exact_.insert(std::move(entry));
}

bool NamedList::holds_host(std::string_view value) const {
    const auto at = value.rfind('@');
    const auto host = at == std::string_view::npos ? value : value.substr(at + 1);
    if (at != std::string_view::npos && domains_.contains(std::string(host))) return true;
    if (subdomains_.empty() || host.empty()) return false;
    for (auto dot = host.find('.', 1); dot != std::string_view::npos; dot = host.find('.', dot + 1))
        if (subdomains_.contains(std::string(host.substr(dot)))) return true;
    return false;
}

bool NamedList::holds(std::string_view value) const {
    return exact_.contains(std::string(value)) || holds_host(value) ||
           std::any_of(globs_.begin(), globs_.end(),
                       [&](const auto& glob) { return glob_match(glob, value); }) ||
           std::any_of(networks_.begin(), networks_.end(), [&](const auto& net) { return net.holds(value); });
}

}  // namespace mailrota::policy
