#include "core/policy/evaluate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/policy/match_lines.h"
#include "core/policy/safe_text.h"
#include "core/policy/values.h"

namespace mailrota::policy {
namespace {

constexpr std::size_t no_line = static_cast<std::size_t>(-1);

Match certain(bool yes) { return {yes ? Answer::yes : Answer::no, Doubt::none, {}, {}}; }

Match unseen(std::string_view what) {
    return {Answer::unknown, Doubt::passing, fmt::format("{} is not seen yet", what), {}};
}

// Takes the doubt of one more test; the first of a kind gives the reason.
void add_doubt(Match& whole, const Match& part) {
    const bool outweighs = whole.doubt == Doubt::limit && part.doubt == Doubt::passing;
    if (whole.doubt != Doubt::none && !outweighs) return;
    whole.doubt = part.doubt;
    whole.why = part.why;
}

bool is_text(Field field) { return field >= Field::body && field <= Field::body_raw; }

// The first match of these values, or a no, or in doubt. `possible`: what their sieve said, if they were put
// through it. `hit` is set to the value that matched.
Match match_values(const FieldTest& test, const Values& values, const std::vector<std::uint8_t>& possible,
                   std::string_view& hit) {
    const bool sieved = test.place && !possible.empty();
    Match whole;
    for (const auto value : values.items)
        for (std::size_t i = 0; i < test.any_of.size(); ++i) {
            if (sieved && !possible[test.place->first + i]) continue;
            auto one = match_value(test.any_of[i], test.field, value);
            if (one.answer == Answer::yes) {
                hit = value;
                if (is_text(test.field)) add_lines(one, value);
                return one;
            }
            if (one.answer == Answer::unknown) add_doubt(whole, one);
        }
    if (!values.incomplete.empty() && !test.any_of.empty())
        add_doubt(whole, {Answer::unknown, Doubt::limit, values.incomplete, {}});
    whole.answer = whole.doubt == Doubt::none ? Answer::no : Answer::unknown;
    return whole;
}

std::string show(const std::vector<std::string_view>& values) {
    constexpr std::size_t most = 3;
    if (values.empty()) return "absent";
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(values.size(), most); ++i) shown.push_back(quoted(values[i]));
    if (values.size() > most) shown.push_back(fmt::format("and {} more", values.size() - most));
    return fmt::format("{}", fmt::join(shown, ", "));
}

std::string field_name(const FieldTest& test) {
    const std::string name(to_string(test.field));
    const bool of_header = test.field == Field::header || test.field == Field::raw_header;
    return of_header ? name + "." + test.header_name : name;
}

// A matcher as a person would write it.
struct Written {
    std::string operator()(const Exact& exact) const { return quoted(exact.text); }
    std::string operator()(const Glob& glob) const { return quoted(glob.text); }
    std::string operator()(const Pattern& pattern) const { return without_controls(pattern.text()); }
    std::string operator()(const Network& network) const { return network.text; }
    std::string operator()(const InList& in) const { return fmt::format("list \"{}\"", in.list->name()); }
};

}  // namespace

Match Evaluation::evaluate(const Condition& condition, const mail::Address* recipient) {
    // The tests of an `all` at the top of a rule stand directly below the rule.
    const bool list = std::holds_alternative<All>(condition.node);
    return answer(condition, recipient, list ? 0 : 1);
}

Match Evaluation::answer(const Condition& condition, const mail::Address* recipient, int depth) {
    // A condition that is about no recipient is evaluated once anyway, so only parts of one that is are
    // remembered.
    if (lines_ || !recipient || condition.about_recipient()) return fresh(condition, recipient, depth);
    const auto known = answers_.find(&condition);
    if (known != answers_.end()) return known->second;
    return answers_.emplace(&condition, fresh(condition, nullptr, depth)).first->second;
}

Match Evaluation::fresh(const Condition& condition, const mail::Address* recipient, int depth) {
    return std::visit([&](const auto& node) { return test(node, recipient, depth); }, condition.node);
}

Match Evaluation::test(const All& all, const mail::Address* recipient, int depth) {
    const auto line = reserve(depth);
    Match whole = certain(true);
    for (const auto& condition : all.of) {
        auto one = answer(condition, recipient, depth + 1);
        if (one.answer == Answer::no) return tell(line, "all", certain(false));
        if (one.answer == Answer::unknown) add_doubt(whole, one);
        add_finds(whole, one);
    }
    if (whole.doubt != Doubt::none) whole.answer = Answer::unknown;
    return tell(line, "all", std::move(whole));
}

Match Evaluation::test(const Any& any, const mail::Address* recipient, int depth) {
    const auto line = reserve(depth);
    Match whole;
    for (const auto& condition : any.of) {
        auto one = answer(condition, recipient, depth + 1);
        if (one.answer == Answer::yes) return tell(line, "any", std::move(one));
        if (one.answer == Answer::unknown) add_doubt(whole, one);
        whole.captures.merge(one.captures);
    }
    if (whole.doubt != Doubt::none)
        whole.answer = Answer::unknown;
    else
        whole.captures.clear();
    return tell(line, "any", std::move(whole));
}

Match Evaluation::test(const Not& negation, const mail::Address* recipient, int depth) {
    const auto line = reserve(depth);
    auto whole = answer(*negation.of, recipient, depth + 1);
    whole.captures.clear();
    whole.lines.clear();
    if (whole.answer != Answer::unknown)
        whole.answer = whole.answer == Answer::yes ? Answer::no : Answer::yes;
    return tell(line, "not", std::move(whole));
}

Match Evaluation::test(const FieldTest& field, const mail::Address* recipient, int depth) {
    const auto line = reserve(depth);
    if (field.field == Field::rcpt)
        return test_values(line, field, gather(seen_, field.field, {}, recipient), {});
    auto& gathered = values(field);
    if (sieves_ && field.place && !gathered.values.unseen) sieve(gathered, field.place->sieve);
    return test_values(line, field, gathered.values, gathered.possible);
}

Match Evaluation::test(const SizeTest& size, const mail::Address*, int depth) {
    const auto line = reserve(depth);
    if (!seen_.message) return tell(line, "size", unseen("size"));
    const auto bytes = seen_.message->size();
    const bool yes = bytes >= size.at_least.value_or(0) && bytes <= size.at_most.value_or(bytes);
    return tell(line, "size", certain(yes), fmt::format("{} bytes", bytes));
}

Match Evaluation::test(const TimeTest& time, const mail::Address*, int depth) {
    return tell(reserve(depth), "time", certain(time.hours.hold(time.zone.local(seen_.arrived))));
}

Match Evaluation::test(const TrustTest& trust, const mail::Address*, int depth) {
    return tell(reserve(depth), trust.trusted ? "trusted" : "not trusted",
                certain(seen_.origin.trusted == trust.trusted));
}

Match Evaluation::test(const OriginTest& origin, const mail::Address*, int depth) {
    using Kind = OriginTest::Kind;
    const auto& envelope = seen_.envelope;
    const auto kind = envelope.route == mail::Route::local ? Kind::local
                      : envelope.client.auth_user.empty()  ? Kind::inbound
                                                           : Kind::authenticated;
    return tell(reserve(depth), "origin",
                certain(std::ranges::find(origin.any_of, kind) != origin.any_of.end()));
}

Evaluation::Gathered& Evaluation::values(const FieldTest& test) {
    const auto known = std::ranges::find_if(values_, [&](const Gathered& gathered) {
        return gathered.field == test.field && gathered.header_name == test.header_name;
    });
    if (known != values_.end()) return *known;
    values_.push_back(
        {test.field, test.header_name, gather(seen_, test.field, test.header_name, nullptr), {}});
    return values_.back();
}

void Evaluation::sieve(Gathered& gathered, std::uint32_t sieve) {
    if (sieved_[sieve]) return;
    gathered.possible.resize((*sieves_)[sieve].size());
    for (const auto value : gathered.values.items) (*sieves_)[sieve].mark(value, gathered.possible);
    sieved_[sieve] = &gathered;
}

bool Evaluation::ruled_out(std::uint32_t rule) const {
    if (!sieves_) return false;
    const auto& place = sieves_->demanded(rule);
    if (!place || !sieved_[place->sieve]) return false;
    const auto& [field, header_name, values, possible] = *sieved_[place->sieve];
    const auto first = possible.begin() + place->first;
    // Of values that are not all there it can never be told.
    return values.incomplete.empty() &&
           std::none_of(first, first + place->count, [](std::uint8_t may) { return may != 0; });
}

Match Evaluation::test_values(std::size_t line, const FieldTest& test, const Values& found,
                              const std::vector<std::uint8_t>& possible) {
    std::string_view hit;
    auto match = found.unseen ? unseen(field_name(test)) : match_values(test, found, possible, hit);
    if (!lines_) return match;
    const auto shown = match.answer == Answer::yes ? quoted(hit) : show(found.items);
    return tell(line, to_text(test), std::move(match), shown);
}

std::size_t Evaluation::reserve(int depth) {
    if (!lines_ || depth == 0) return no_line;
    lines_->push_back({depth, {}});
    return lines_->size() - 1;
}

Match Evaluation::tell(std::size_t line, std::string_view what, Match match, std::string_view detail) {
    if (line == no_line) return match;
    if (match.answer == Answer::unknown) detail = match.why;
    (*lines_)[line].text =
        fmt::format("{}: {}{}{}", what, to_string(match.answer), detail.empty() ? "" : ", ", detail);
    return match;
}

std::string to_text(const FieldTest& test) {
    constexpr std::size_t most = 5;
    std::vector<std::string> asked;
    for (std::size_t i = 0; i < std::min(test.any_of.size(), most); ++i)
        asked.push_back(std::visit(Written{}, test.any_of[i]));
    if (test.any_of.size() > most) asked.push_back(fmt::format("{} more", test.any_of.size() - most));
    return fmt::format("{} = {}", field_name(test), fmt::join(asked, " or "));
}

std::string_view to_string(Answer answer) {
    switch (answer) {
        case Answer::no:
            return "no";
        case Answer::yes:
            return "yes";
        case Answer::unknown:
            return "unknown";
    }
    return "";
}

}  // namespace mailrota::policy
