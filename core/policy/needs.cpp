#include "core/policy/needs.h"

#include <algorithm>

#include "core/policy/overloaded.h"
#include "core/policy/template.h"
#include "core/policy/values.h"

namespace mailrota::policy {
namespace {

// Content has no answer yet; anything else may have either.
bool needs_content(const Condition& condition) {
    if (const auto* field = std::get_if<FieldTest>(&condition.node)) return is_content(field->field);
    return std::holds_alternative<SizeTest>(condition.node);
}

void add(Needs& needs, const FieldTest& test) {
    const auto field = test.field;
    if (field == Field::client_ip || field == Field::client_name) needs.connection = true;
    if (field == Field::helo) needs.helo = true;
    if (is_content(field)) needs.headers = true;
    if (is_body(field)) needs.body = true;
}

void add(Needs& needs, const Condition& condition) {
    const auto each = [&](const std::vector<Condition>& of) {
        for (const auto& below : of) add(needs, below);
    };
    std::visit(Overloaded{[&](const All& all) { each(all.of); }, [&](const Any& any) { each(any.of); },
                          [&](const Not& negation) { add(needs, *negation.of); },
                          [&](const FieldTest& test) { add(needs, test); },
                          [&](const SizeTest&) { needs.headers = needs.body = true; }, [](const auto&) {}},
               condition.node);
}

// A template's names are looked at as well.
void add(Needs& needs, const std::string& text) {
    const auto parsed = Template::parse(text);
    if (!parsed) return;
    for (const auto& name : parsed->names()) {
        if (name == "client") needs.connection = true;
        if (name == "subject" || name.starts_with("header.")) needs.headers = true;
    }
}

// A mail that is sent on carries our trace, which is bound to its headers.
void add_redirection(Needs& needs) { needs.headers = needs.change_recipients = needs.change_headers = true; }

void add(Needs& needs, const Action& action) {
    std::visit(Overloaded{[&](const ToRota&) { add_redirection(needs); },
                          [&](const Redirect&) { add_redirection(needs); },
                          [&](const Copy&) { needs.change_recipients = true; },
                          [&](const Discard&) { needs.change_recipients = true; },
                          [&](const AddHeader& header) {
                              needs.change_headers = true;
                              add(needs, header.value);
                          },
                          [&](const RemoveHeader&) { needs.headers = needs.change_headers = true; },
                          [&](const Quarantine& quarantine) {
                              needs.quarantine = true;
                              add(needs, quarantine.reason);
                          },
                          [&](const Reject& reject) { add(needs, reject.reply.text); },
                          [&](const Defer& defer) { add(needs, defer.reply.text); },
                          [&](const Raise&) { needs.headers = needs.body = true; },
                          [&](const Resolve&) { needs.headers = needs.body = true; },
                          [&](const Beat&) { needs.headers = true; }, [](const ToBox&) {},
                          [](const ToRelay&) {}, [](const Stop&) {}},
               action);
}

bool refuses(const Rule& rule) {
    return std::ranges::any_of(rule.then, [](const Action& action) {
        return std::holds_alternative<Reject>(action) || std::holds_alternative<Defer>(action);
    });
}

}  // namespace

bool can_be_yes_unseen(const Condition& condition) {
    if (const auto* all = std::get_if<All>(&condition.node))
        return std::ranges::all_of(all->of, can_be_yes_unseen);
    if (const auto* any = std::get_if<Any>(&condition.node))
        return std::ranges::any_of(any->of, can_be_yes_unseen);
    if (const auto* negation = std::get_if<Not>(&condition.node)) return can_be_no_unseen(*negation->of);
    return !needs_content(condition);
}

bool can_be_no_unseen(const Condition& condition) {
    if (const auto* all = std::get_if<All>(&condition.node))
        return std::ranges::any_of(all->of, can_be_no_unseen);
    if (const auto* any = std::get_if<Any>(&condition.node))
        return std::ranges::all_of(any->of, can_be_no_unseen);
    if (const auto* negation = std::get_if<Not>(&condition.node)) return can_be_yes_unseen(*negation->of);
    return !needs_content(condition);
}

Needs needs_of(const std::vector<Rule>& rules, const std::vector<Rota>& rotas) {
    Needs needs;
    needs.anything = !rules.empty() || !rotas.empty();
    if (!rotas.empty()) add_redirection(needs);
    for (const auto& rule : rules) {
        add(needs, rule.when);
        for (const auto& action : rule.then) add(needs, action);
        if (refuses(rule) && can_be_yes_unseen(rule.when)) needs.recipient_replies = true;
    }
    return needs;
}

}  // namespace mailrota::policy
