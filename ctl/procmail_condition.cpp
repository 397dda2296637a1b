#include "ctl/procmail_condition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace mailrota::ctl {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

std::string_view without_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

// What a condition looks at.
struct Area {
    bool header = true;
    bool body = false;
    bool cases = false;  // flag D
};

// A pattern for one or several header fields: "^(To|Cc):.*ann".
struct HeaderPattern {
    std::vector<std::string> names;
    std::string_view value;  // the pattern of what follows
    bool anywhere = false;   // in the value, not at its beginning
};

std::optional<std::string> read_name(std::string_view& text) {
    const auto end =
        std::min(text.find_first_not_of(std::string(letters) + "-" + std::string(digits)), text.size());
    if (end == 0 || text[0] == '-') return std::nullopt;
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    return name;
}

// "Subject", or "(To|Cc)".
std::optional<std::vector<std::string>> read_names(std::string_view& text) {
    std::vector<std::string> names;
    const bool several = text.starts_with('(');
    if (several) text.remove_prefix(1);
    do {
        auto name = read_name(text);
        if (!name) return std::nullopt;
        names.push_back(*std::move(name));
        if (!several) return names;
        if (text.empty()) return std::nullopt;
        const char after = text.front();
        text.remove_prefix(1);
        if (after == ')') return names;
        if (after != '|') return std::nullopt;
    } while (true);
}

std::optional<HeaderPattern> header_pattern(std::string_view text) {
    if (!text.starts_with('^')) return std::nullopt;
    text.remove_prefix(1);
    auto names = read_names(text);
    if (!names) return std::nullopt;
    HeaderPattern found{*std::move(names), {}, false};
    const bool colon = text.starts_with(':');
    if (!colon && !text.starts_with(".*")) return std::nullopt;
    if (colon) text.remove_prefix(1);
    // Blanks after the colon are no part of a value.
    for (const std::string_view blank : {"[ \t]*", "[\t ]*", " *", " "})
        if (text.starts_with(blank)) text.remove_prefix(blank.size());
    found.anywhere = text.starts_with(".*");
    if (found.anywhere) text.remove_prefix(2);
    found.value = text;
    return found;
}

std::string either(const std::vector<std::string>& conditions) {
    if (conditions.size() == 1) return conditions.front();
    return fmt::format("{{ any = [{}] }}", fmt::join(conditions, ", "));
}

Result<std::string> in_headers(const HeaderPattern& pattern, const Area& area) {
    std::string matcher = "\"*\"";
    if (!pattern.value.empty()) {
        const auto value = pattern_of(pattern.value);
        if (!value) return value;
        matcher =
            toml_text(fmt::format("/{}{}/{}", pattern.anywhere ? "" : "^", *value, area.cases ? "" : "i"));
    }
    std::vector<std::string> fields;
    for (const std::string& name : pattern.names)
        fields.push_back(fmt::format("{{ header.{} = {} }}", name, matcher));
    return either(fields);
}

Result<std::string> in_body(std::string_view pattern, const Area& area) {
    const auto turned = pattern_of(pattern);
    if (!turned) return turned;
    return fmt::format("{{ body = {} }}", toml_text(fmt::format("/{}/m{}", *turned, area.cases ? "" : "i")));
}

// "^TO_ann@example.com": whoever it was meant for.
Result<std::string> for_whom(std::string_view address, const Area& area) {
    const auto turned = pattern_of(address);
    if (!turned) return turned;
    const std::string matcher = toml_text(fmt::format("/\\b{}/{}", *turned, area.cases ? "" : "i"));
    std::vector<std::string> fields;
    for (const char* name : {"To", "Cc", "Resent-To", "Resent-Cc"})
        fields.push_back(fmt::format("{{ header.{} = {} }}", name, matcher));
    return either(fields);
}

Result<TurnedCondition> search(std::string_view pattern, const Area& area) {
    for (const std::string_view macro : {"^FROM_DAEMON", "^FROM_MAILER"})
        if (pattern.starts_with(macro)) return invalid(std::string(macro) + " has no counterpart");
    const auto turned = [](Result<std::string> toml, std::string remark = {}) -> Result<TurnedCondition> {
        if (!toml) return tl::unexpected(toml.error());
        return TurnedCondition{*std::move(toml), std::move(remark)};
    };
    if (area.header)
        for (const std::string_view macro : {"^TO_", "^TO"})
            if (pattern.starts_with(macro) && header_pattern(pattern) == std::nullopt)
                return turned(for_whom(pattern.substr(macro.size()), area));
    const auto field = area.header ? header_pattern(pattern) : std::nullopt;
    if (area.header && !area.body && !field)
        return invalid("it looks at the header as a whole; write a condition on one header field");
    if (!area.body) return turned(in_headers(*field, area));
    const auto body = in_body(pattern, area);
    if (!body || !area.header) return turned(body);
    if (!field) return turned(body, "is looked for in the body only, not in the header");
    const auto headers = in_headers(*field, area);
    if (!headers) return turned(headers);
    return turned(either({*headers, *body}));
}

// "B ?? pattern", or "NAME ?? pattern".
Result<std::string_view> take_area(std::string_view text, Area& area) {
    const auto marks = text.find("??");
    if (marks == std::string_view::npos) return text;
    auto what = text.substr(0, marks);
    what = what.substr(0, what.find_last_not_of(" \t") + 1);
    if (what.find_first_not_of(letters) != std::string_view::npos) return text;
    if (what != "B" && what != "H" && what != "HB" && what != "BH")
        return invalid("it looks at the variable " + std::string(what));
    area.header = what.find('H') != std::string_view::npos;
    area.body = what.find('B') != std::string_view::npos;
    return without_blanks(text.substr(marks + 2));
}

Result<TurnedCondition> plain_condition(std::string_view text, Area area) {
    if (text.starts_with('?')) return invalid("it asks a program");
    if (text.starts_with('$')) return invalid("variables are filled in");
    const auto score = text.find_first_not_of("0123456789.-+");
    if (score != 0 && score != std::string_view::npos && text[score] == '^') return invalid("it has a score");
    if (text.starts_with('<') || text.starts_with('>')) {
        const auto number = without_blanks(text.substr(1));
        if (number.empty() || number.find_first_not_of(digits) != std::string_view::npos)
            return invalid("it is no size");
        return TurnedCondition{fmt::format("{{ size = \"{}{}\" }}", text[0], number), {}};
    }
    const auto pattern = take_area(text, area);
    if (!pattern) return tl::unexpected(pattern.error());
    if (pattern->empty()) return invalid("it is empty");
    if (pattern->starts_with('!')) return invalid("it negates behind ??");
    return search(*pattern, area);
}

}  // namespace

Result<TurnedCondition> condition_of(std::string_view condition, const ProcmailRecipe& recipe) {
    Area area;
    area.body = recipe.has('B');
    area.header = !area.body || recipe.has('H');
    area.cases = recipe.has('D');
    const bool negates = condition.starts_with('!');
    auto turned = plain_condition(negates ? without_blanks(condition.substr(1)) : condition, area);
    if (turned && negates) turned->toml = fmt::format("{{ not = {} }}", turned->toml);
    return turned;
}

}  // namespace mailrota::ctl
