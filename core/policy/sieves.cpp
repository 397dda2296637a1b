#include "core/policy/sieves.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "core/policy/overloaded.h"

namespace mailrota::policy {
namespace {

bool only_patterns(const FieldTest& test) {
    return !test.any_of.empty() && test.field != Field::rcpt &&
           std::ranges::all_of(
               test.any_of, [](const Matcher& matcher) { return std::holds_alternative<Pattern>(matcher); });
}

// Calls `look` with every test that may have a place. What a negation holds is shared, so it is made anew.
template <class Look>
void each_test(Condition& condition, const Look& look) {
    std::visit(Overloaded{[&](All& all) {
                              for (auto& below : all.of) each_test(below, look);
                          },
                          [&](Any& any) {
                              for (auto& below : any.of) each_test(below, look);
                          },
                          [&](Not& negation) {
                              auto below = *negation.of;
                              each_test(below, look);
                              negation.of = std::make_shared<const Condition>(std::move(below));
                          },
                          [&](FieldTest& test) {
                              if (only_patterns(test)) look(test);
                          },
                          [](auto&) {}},
               condition.node);
}

// The patterns of one field, in the order of their tests.
struct Gathered {
    std::vector<const Pattern*> patterns;
    std::optional<std::uint32_t> sieve;
    std::uint32_t placed = 0;
};
using ByField = std::map<std::tuple<Field, std::string>, Gathered>;

const std::optional<SievePlace>& demanded_by(const Condition& condition) {
    static const std::optional<SievePlace> none;
    if (const auto* test = std::get_if<FieldTest>(&condition.node)) return test->place;
    const auto* all = std::get_if<All>(&condition.node);
    if (!all) return none;
    for (const auto& below : all->of)
        if (const auto& place = demanded_by(below)) return place;
    return none;
}

}  // namespace

Sieves::Sieves(std::vector<Rule>& rules) {
    ByField fields;
    const auto of = [&fields](const FieldTest& test) -> Gathered& {
        return fields[{test.field, test.header_name}];
    };
    const auto gather = [&of](const FieldTest& test) {
        for (const auto& matcher : test.any_of) of(test).patterns.push_back(&std::get<Pattern>(matcher));
    };
    for (auto& rule : rules) each_test(rule.when, gather);
    for (auto& [field, gathered] : fields) {
        if (gathered.patterns.size() < patterns_least) continue;
        gathered.sieve = static_cast<std::uint32_t>(sieves_.size());
        sieves_.emplace_back(gathered.patterns);
    }
    const auto place = [&of](FieldTest& test) {
        auto& gathered = of(test);
        const auto count = static_cast<std::uint32_t>(test.any_of.size());
        if (gathered.sieve) test.place = SievePlace{*gathered.sieve, gathered.placed, count};
        gathered.placed += count;
    };
    for (auto& rule : rules) {
        each_test(rule.when, place);
        demanded_.push_back(demanded_by(rule.when));
    }
}

}  // namespace mailrota::policy
