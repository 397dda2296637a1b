#include "core/config/matchers.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/config/suggest.h"
#include "core/mail/address.h"

namespace mailrota::config {

namespace {

using policy::Field;

bool about_address(Field field) { return field == Field::sender || field == Field::rcpt; }

bool about_body(Field field) { return field >= Field::body && field <= Field::body_raw; }

bool may_be_empty(Field field) {
    return field == Field::sender || field == Field::header || field == Field::raw_header ||
           field == Field::subject;
}

bool is_glob(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

// Digits, dots, colons, slashes and stars only, or with a slash: meant as an address, whether it is one or
// not.
bool like_network(std::string_view text) {
    const bool numeric = text.find_first_not_of("0123456789./*?") == std::string_view::npos;
    const bool version_6 = text.find(':') != std::string_view::npos &&
                           text.find_first_not_of("0123456789abcdefABCDEF:./*?") == std::string_view::npos;
    return numeric || version_6 || text.find('/') != std::string_view::npos;
}

}  // namespace

std::vector<policy::Matcher> MatcherReader::read(const toml::node& node, const std::string& path,
                                                 Field field) {
    std::vector<policy::Matcher> matchers;
    const auto* array = node.as_array();
    if (array == nullptr) {
        read_one(node, path, field, matchers);
        return matchers;
    }
    if (array->empty()) diagnostics_.error(line_of(node), path, "is empty: it would never match");
    for (const toml::node& element : *array) read_one(element, path, field, matchers);
    return matchers;
}

void MatcherReader::read_one(const toml::node& node, const std::string& path, Field field,
                             std::vector<policy::Matcher>& into) {
    if (const auto* text = node.as_string()) {
        read_text(text->get(), line_of(node), path, field, into);
    } else if (const auto* table = node.as_table()) {
        read_list(*table, path, into);
    } else {
        diagnostics_.error(line_of(node), path,
                           fmt::format("takes a string, {{ list = \"NAME\" }} or an array of them, not {}",
                                       type_name(node)));
    }
}

void MatcherReader::read_list(const toml::table& table, const std::string& path,
                              std::vector<policy::Matcher>& into) {
    const auto name = table["list"].value<std::string>();
    if (!name || table.size() != 1) {
        diagnostics_.error(line_of(table), path, "takes no table but { list = \"NAME\" }");
        return;
    }
    const auto list = draft_.lists.find(*name);
    if (list == draft_.lists.end()) {
        const std::string near = suggestion(*name, draft_.list_names());
        diagnostics_.error(line_of(table), path, "there is no list " + quoted(*name),
                           near.empty() ? fmt::format("write [list.{}] with file = \"…\"", *name) : near);
        return;
    }
    into.emplace_back(policy::InList{list->second});
}

void MatcherReader::read_pattern(const std::string& text, std::uint32_t line, const std::string& path,
                                 std::vector<policy::Matcher>& into) {
    auto pattern = policy::Pattern::compile(text, draft_.patterns);
    if (!pattern) {
        diagnostics_.error(line, path, pattern.error().text);
        return;
    }
    for (const std::string& name : pattern->group_names()) captures_.push_back(name);
    into.emplace_back(std::move(*pattern));
}

void MatcherReader::read_text(const std::string& text, std::uint32_t line, const std::string& path,
                              Field field, std::vector<policy::Matcher>& into) {
    if (text.starts_with('/')) return read_pattern(text, line, path, into);
    if (field == Field::client_ip) {
        auto network = policy::Network::parse(text);
        if (network) {
            into.emplace_back(std::move(*network));
        } else {
            diagnostics_.error(line, path, network.error().text, "write a network as in \"192.0.2.0/24\"");
        }
        return;
    }
    if (about_address(field) && text.starts_with('@') && text.size() > 1) {
        into.emplace_back(policy::Glob{"*" + text});
    } else if (is_glob(text)) {
        into.emplace_back(policy::Glob{text});
    } else {
        check_plain(text, line, path, field);
        into.emplace_back(policy::Exact{field == Field::sender && text == "<>" ? "" : text});
    }
}

void MatcherReader::check_plain(const std::string& text, std::uint32_t line, const std::string& path,
                                Field field) {
    if (text.empty()) {
        if (!may_be_empty(field)) diagnostics_.error(line, path, "an empty text would never match");
    } else if (about_address(field)) {
        if (field != Field::sender || text != "<>") check_address(text, line, path);
    } else if (field == Field::dkim && text.find('@') != std::string::npos) {
        diagnostics_.error(line, path, quoted(text) + " is an address: what signs a mail is a domain",
                           fmt::format("write \"{}\"", text.substr(text.rfind('@') + 1)));
    } else if (about_body(field)) {
        diagnostics_.warning(line, path, quoted(text) + " must equal the whole body to match",
                             fmt::format("write \"*{}*\" for a part of it", text));
    } else if (field == Field::listener) {
        const auto names = draft_.listener_names();
        if (std::find(names.begin(), names.end(), text) == names.end()) {
            diagnostics_.error(line, path, "there is no listener " + quoted(text), suggestion(text, names));
        }
    }
}

void MatcherReader::check_address(const std::string& text, std::uint32_t line, const std::string& path) {
    if (text.find('@') == std::string::npos) {
        diagnostics_.warning(
            line, path, quoted(text) + " has no \"@\": it matches that unqualified address only",
            fmt::format("write \"@{}\" for every address of a domain, \"{}@*\" for every domain", text,
                        text));
        return;
    }
    const auto address = mail::parse_address(text);
    if (!address) diagnostics_.error(line, path, address.error().text);
}

bool reads_as_network(std::string_view text) {
    return !text.starts_with('/') && (policy::Network::parse(text).has_value() || like_network(text));
}

}  // namespace mailrota::config
