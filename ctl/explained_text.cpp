#include "ctl/explained_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>
#include <string>

#include "core/policy/overloaded.h"
#include "core/policy/safe_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t most_lines = 1000;
constexpr std::size_t widest = 100;  // bytes of a line's text

using Lines = std::vector<mail::ClassifiedLine>;

bool looks_at_classes(const policy::Condition& condition) {
    const auto one_of = [](const std::vector<policy::Condition>& conditions) {
        return std::ranges::any_of(conditions, [](const auto& one) { return looks_at_classes(one); });
    };
    return std::visit(
        policy::Overloaded{[&](const policy::All& all) { return one_of(all.of); },
                           [&](const policy::Any& any) { return one_of(any.of); },
                           [](const policy::Not& negation) { return looks_at_classes(*negation.of); },
                           [](const policy::FieldTest& test) {
                               return test.field >= policy::Field::body &&
                                      test.field <= policy::Field::body_signature;
                           },
                           [](const auto&) { return false; }},
        condition.node);
}

std::string class_text(const mail::ClassifiedLine& line) {
    const auto name = to_string(line.of);
    return line.level > 0 ? fmt::format("{} {}", name, line.level) : std::string(name);
}

// "quoted 1    | text   (header block (German))"; without a reason if `why` is empty.
void print_line(std::string_view words, const mail::ClassifiedLine& line, std::string_view why,
                std::ostream& out) {
    const std::string_view shown = policy::cut_text(words, widest);
    std::string told =
        fmt::format("  {:<12}| {}{}", class_text(line), shown, shown.size() < words.size() ? "…" : "");
    if (!why.empty()) told += fmt::format("   ({})", why);
    out << told.substr(0, told.find_last_not_of(' ') + 1) << '\n';
}

// A reason is told where it changes; that a line is new needs none.
void print_lines(const mail::ClassifiedText& text, std::ostream& out) {
    std::string_view told;
    for (std::size_t at = 0; at < std::min(text.lines.size(), most_lines); ++at) {
        const mail::ClassifiedLine& line = text.lines[at];
        const std::string words = policy::without_controls(text.text_of(line));
        const bool blank = words.find_first_not_of(' ') == std::string::npos;
        const bool telling = !blank && line.of != mail::LineClass::fresh && line.why != told;
        print_line(words, line, telling ? line.why : std::string_view{}, out);
        if (!blank) told = line.why;
    }
    if (text.lines.size() > most_lines)
        out << fmt::format("  {} more lines\n", text.lines.size() - most_lines);
}

void print(const mail::ClassifiedText& text, std::ostream& out) {
    const auto is_new = [](const mail::ClassifiedLine& line) { return line.of == mail::LineClass::fresh; };
    if (text.gave_up) {
        out << "  all is new: it is too much to tell\n";
    } else if (std::ranges::all_of(text.lines, is_new)) {
        out << "  all is new\n";
    } else {
        print_lines(text, out);
    }
}

}  // namespace

bool looks_at_classes(const policy::Policy& policy) {
    return std::ranges::any_of(policy.rules(),
                               [](const policy::Rule& rule) { return looks_at_classes(rule.when); });
}

void print_classes(const mail::Message& message, Console& console) {
    for (const mail::ClassifiedText& text : message.classified()) {
        console.out << (text.from_html ? "text of the HTML\n" : "text\n");
        print(text, console.out);
    }
}

json::array classes_to_json(const mail::Message& message) {
    json::array texts;
    for (const mail::ClassifiedText& text : message.classified()) {
        json::array lines;
        for (std::size_t at = 0; at < std::min(text.lines.size(), most_lines); ++at) {
            const mail::ClassifiedLine& line = text.lines[at];
            lines.push_back({{"class", to_string(line.of)},
                             {"level", line.level},
                             {"why", line.why},
                             {"text", policy::without_controls(text.text_of(line))}});
        }
        texts.push_back({{"html", text.from_html}, {"lines", std::move(lines)}});
    }
    return texts;
}

}  // namespace mailrota::ctl
