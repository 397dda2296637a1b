#include "core/config/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/config/settings_table.h"
#include "core/config/suggest.h"
#include "core/policy/calendar.h"

namespace mailrota::config {

namespace {

constexpr std::chrono::hours ten_years{24 * 3650};
constexpr std::uint64_t one_terabyte = std::uint64_t{1} << 40;

bool valid_name(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    return !name.empty() && name.find_first_not_of(letters) == std::string_view::npos;
}

bool before(const toml::source_position& a, const toml::source_position& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

}  // namespace

std::uint32_t line_of(const toml::node& node) { return node.source().begin.line; }

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "an array";
        case toml::node_type::string:
            return "a string";
        case toml::node_type::integer:
            return "an integer";
        case toml::node_type::floating_point:
            return "a float";
        case toml::node_type::boolean:
            return "a boolean";
        case toml::node_type::date:
            return "a date";
        case toml::node_type::time:
            return "a time";
        case toml::node_type::date_time:
            return "a date-time";
        case toml::node_type::none:
            break;
    }
    return "nothing";
}

bool is_empty_array(const toml::node* node) {
    return node != nullptr && node->is_array() && node->as_array()->empty();
}

std::vector<Entry> in_order(const toml::table& table) {
    std::vector<std::pair<toml::source_position, Entry>> found;
    for (auto&& [key, node] : table) {
        const auto at = key.source().begin;
        found.push_back({at, {std::string(key.str()), at.line, &node}});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return before(a.first, b.first); });
    std::vector<Entry> entries;
    entries.reserve(found.size());
    for (auto& entry : found) entries.push_back(std::move(entry.second));
    return entries;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{}) return std::nullopt;
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    constexpr std::pair<std::string_view, int> units[] = {{"", 0},    {"B", 0},    {"KB", 10}, {"KiB", 10},
                                                          {"MB", 20}, {"MiB", 20}, {"GB", 30}, {"GiB", 30}};
    for (const auto& [name, shift] : units) {
        if (unit != name) continue;
        if (number > one_terabyte >> shift) return std::nullopt;
        return number << shift;
    }
    return std::nullopt;
}

Section::Section(const toml::table& table, std::string path, std::string_view kind, Diagnostics& diagnostics)
    : table_(&table), path_(std::move(path)), kind_(kind), diagnostics_(&diagnostics), line_(line_of(table)) {
    check_keys();
}

void Section::check_keys() const {
    for (const Entry& entry : in_order(*table_)) {
        const Setting* setting = find_setting(kind_, entry.key);
        if (setting == nullptr) {
            diagnostics_->error(entry.line, path_, "unknown key " + quoted(entry.key),
                                suggestion(entry.key, known_keys(kind_)));
        } else if (setting->later) {
            diagnostics_->error(entry.line, path(entry.key), "this version of mailrota does not have it yet");
        }
    }
}

std::uint32_t Section::line(std::string_view key) const {
    const toml::node* found = node(key);
    return found == nullptr ? line_ : line_of(*found);
}

std::string Section::path(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void Section::error(std::string_view key, std::string_view text, std::string_view hint) const {
    diagnostics_->error(line(key), path(key), text, hint);
}

void Section::warning(std::string_view key, std::string_view text, std::string_view hint) const {
    diagnostics_->warning(line(key), path(key), text, hint);
}

void Section::wrong_type(std::string_view key, std::string_view wanted, const toml::node& got,
                         std::string_view hint) const {
    diagnostics_->error(line_of(got), path(key), fmt::format("takes {}, not {}", wanted, type_name(got)),
                        hint);
}

std::optional<std::string> Section::text(std::string_view key) const {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    if (const auto* value = found->as_string()) return value->get();
    wrong_type(key, "a string", *found);
    return std::nullopt;
}

void Section::add_text(std::string_view key, const toml::node& found, std::vector<Text>& texts) const {
    if (const auto* value = found.as_string()) {
        texts.push_back({value->get(), line_of(found)});
    } else {
        wrong_type(key, "strings", found);
    }
}

std::vector<Text> Section::texts(std::string_view key) const {
    std::vector<Text> out;
    const toml::node* found = node(key);
    if (found == nullptr) return out;
    if (const auto* array = found->as_array()) {
        for (const toml::node& element : *array) add_text(key, element, out);
    } else if (found->is_string()) {
        add_text(key, *found, out);
    } else {
        wrong_type(key, "a string or an array of strings", *found);
    }
    return out;
}

std::optional<bool> Section::boolean(std::string_view key) const {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    if (const auto* value = found->as_boolean()) return value->get();
    wrong_type(key, "true or false", *found);
    return std::nullopt;
}

std::optional<std::int64_t> Section::integer(std::string_view key, std::int64_t least,
                                             std::int64_t most) const {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto* value = found->as_integer();
    if (value == nullptr) {
        wrong_type(key, fmt::format("a number from {} to {}", least, most), *found);
        return std::nullopt;
    }
    if (value->get() >= least && value->get() <= most) return value->get();
    error(key, fmt::format("{} is out of range: from {} to {}", value->get(), least, most));
    return std::nullopt;
}

std::optional<std::chrono::seconds> Section::duration(std::string_view key) const {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto* value = found->as_string();
    if (value == nullptr) {
        wrong_type(key, "a duration such as \"30s\", \"5m\", \"12h\" or \"7d\"", *found);
        return std::nullopt;
    }
    const auto parsed = policy::parse_duration(value->get());
    if (!parsed) {
        error(key, parsed.error().text);
        return std::nullopt;
    }
    if (*parsed <= ten_years) return *parsed;
    error(key, fmt::format("{} is longer than ten years", quoted(value->get())));
    return std::nullopt;
}

std::optional<std::uint64_t> Section::bytes(std::string_view key) const {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    if (found->is_integer()) {
        const auto number = integer(key, 1, static_cast<std::int64_t>(one_terabyte));
        return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
    }
    const auto value = text(key);
    if (!value) return std::nullopt;
    const auto parsed = parse_bytes(*value);
    if (!parsed || *parsed == 0) {
        error(key, quoted(*value) + " is no size", "write bytes, or as in \"200KB\", \"8MB\"");
        return std::nullopt;
    }
    return parsed;
}

std::optional<std::size_t> Section::choice(std::string_view key,
                                           const std::vector<std::string>& allowed) const {
    const auto value = text(key);
    if (!value) return std::nullopt;
    const auto found = std::find(allowed.begin(), allowed.end(), *value);
    if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
    error(key, fmt::format("{} is none of {}", quoted(*value), one_of(allowed)),
          nearest(*value, allowed) ? suggestion(*value, allowed) : "");
    return std::nullopt;
}

std::optional<Section> Section::section(std::string_view key) const {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    if (const auto* below = found->as_table()) {
        const std::string kind = kind_.empty() ? std::string(key) : fmt::format("{}.{}", kind_, key);
        return Section(*below, path(key), kind, *diagnostics_);
    }
    wrong_type(key, "a table", *found);
    return std::nullopt;
}

std::vector<Section> Section::sections(std::string_view key, std::string_view sample) const {
    std::vector<Section> out;
    const toml::node* found = node(key);
    if (found == nullptr) return out;
    const auto* array = found->as_array();
    if (array == nullptr) {
        wrong_type(key, "an array of tables", *found, fmt::format("begin each with {}", sample));
        return out;
    }
    const std::string kind = kind_.empty() ? std::string(key) : fmt::format("{}.{}", kind_, key);
    for (const toml::node& element : *array) {
        if (const auto* below = element.as_table()) {
            out.emplace_back(*below, path(key), kind, *diagnostics_);
        } else {
            wrong_type(key, "tables", element, fmt::format("begin each with {}", sample));
        }
    }
    return out;
}

std::vector<std::pair<std::string, Section>> Section::named(std::string_view key,
                                                            std::string_view kind) const {
    std::vector<std::pair<std::string, Section>> out;
    const toml::node* found = node(key);
    if (found == nullptr) return out;
    const auto* tables = found->as_table();
    if (tables == nullptr) {
        wrong_type(key, "tables with names", *found, fmt::format("begin each with [{}.NAME]", key));
        return out;
    }
    for (const Entry& entry : in_order(*tables)) {
        const std::string below = fmt::format("{}.{}", path(key), entry.key);
        if (!valid_name(entry.key)) {
            diagnostics_->error(entry.line, path(key), quoted(entry.key) + " is no name",
                                "a name is made of letters, digits, _ . and -");
        }
        if (const auto* table = entry.node->as_table()) {
            out.emplace_back(entry.key, Section(*table, below, kind, *diagnostics_));
        } else {
            diagnostics_->error(entry.line, below,
                                fmt::format("takes a table, not {}", type_name(*entry.node)),
                                fmt::format("begin it with [{}.NAME]", key));
        }
    }
    return out;
}

}  // namespace mailrota::config
