#include "core/policy/outcome.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/fold.h"
#include "core/policy/overloaded.h"
#include "core/policy/safe_text.h"

namespace mailrota::policy {
namespace {

bool refused_or_deferred(const Route& route) {
    return std::holds_alternative<RouteRefuse>(route) || std::holds_alternative<RouteDefer>(route);
}

std::string key_of(const std::string& address) { return mail::Address::from_envelope(address).key(); }

}  // namespace

Outcome::Outcome(const Policy& policy, const mail::Mail& mail, const mail::Trace& trace)
    : policy_(policy), mail_(mail), trace_(trace), routed_(mail.envelope.recipients.size(), false) {
    decision_.recipients.assign(routed_.size(), Routed{RouteKeep{}, {}, "no rule or rota", false});
}

After Outcome::apply(const Rule& rule, std::span<const std::size_t> recipients, const Match& match) {
    const Applied applied{rule, recipients, match};
    const bool passes = rule.on_error == OnError::pass;
    const auto why = fmt::format("rule \"{}\"", rule.name);
    const auto give = [&](const auto& route_of) {
        for (const auto recipient : recipients)
            if (!routed_[recipient]) route(recipient, route_of(recipient));
    };
    const auto plain = [&](Route route) { return Routed{std::move(route), rule.name, why, passes}; };
    auto after = After::go_on;
    const Overloaded act{
        [&](const ToRota& to) { give([&](auto) { return to_rota(to.rota, rule.name, why, passes); }); },
        [&](const ToBox& to) { give([&](auto) { return plain(RouteSpool{to.box}); }); },
        [&](const ToRelay& to) { give([&](auto) { return plain(RouteRelay{to.rota}); }); },
        [&](const Redirect& redirect) { give([&](auto) { return plain(RouteRedirect{redirect.to}); }); },
        [&](const Reject& reject) {
            give([&](auto who) {
                return plain(RouteRefuse{fill(applied, reject.reply, standard_refusal, who)});
            });
        },
        [&](const Defer& defer) {
            give([&](auto who) {
                return plain(RouteDefer{fill(applied, defer.reply, standard_deferral, who)});
            });
        },
        [&](const Discard&) { give([&](auto) { return plain(RouteDrop{}); }); },
        [&](const auto& mail_action) { act_on_mail(applied, mail_action); },
        [&](const Stop&) { after = After::stop; },
    };
    for (const auto& action : rule.then) std::visit(act, action);
    if (decision_.matched.empty() || decision_.matched.back() != rule.name)
        decision_.matched.push_back(rule.name);
    return after;
}

bool Outcome::first_time(const Rule& rule) {
    const std::string mark = mail::mark_of_rule(rule.name);
    if (trace_.passed(mark)) return false;
    if (std::ranges::find(decision_.marks, mark) == decision_.marks.end()) decision_.marks.push_back(mark);
    return true;
}

void Outcome::act_on_mail(const Applied& applied, const Copy& copy) {
    if (!first_time(applied.rule)) return;
    for (const auto& address : copy.to)
        if (copied_.insert(key_of(address)).second) decision_.copies.push_back(address);
}

void Outcome::act_on_mail(const Applied& applied, const AddHeader& header) {
    if (!first_time(applied.rule)) return;
    Edit edit{&applied.rule, {HeaderEdit::Kind::add, header.name, header_text(fill(applied, header.value))}};
    // A rule that looks at each recipient says the same of a mail only once.
    const bool said = std::ranges::any_of(
        edits_, [&](const Edit& other) { return other.rule == edit.rule && other.edit == edit.edit; });
    if (!said) edits_.push_back(std::move(edit));
}

void Outcome::act_on_mail(const Applied& applied, const RemoveHeader& header) {
    std::erase_if(edits_, [&](const Edit& other) { return equal_folded(other.edit.name, header.name); });
    edits_.push_back({&applied.rule, {HeaderEdit::Kind::remove, header.name, {}}});
}

void Outcome::act_on_mail(const Applied& applied, const Quarantine& quarantine) {
    if (!decision_.quarantine) decision_.quarantine = header_text(fill(applied, quarantine.reason));
}

std::string Outcome::fill(const Applied& applied, const std::string& text) const {
    std::vector<const mail::Address*> addresses;
    for (const auto recipient : applied.recipients)
        addresses.push_back(&mail_.envelope.recipients[recipient].address);
    return fill_template(text,
                         {mail_.envelope, &mail_.message, mail_.queue_id, addresses, applied.match.captures});
}

Reply Outcome::fill(const Applied& applied, const Reply& reply, const Reply& standard,
                    std::size_t recipient) const {
    const auto* address = &mail_.envelope.recipients[recipient].address;
    return finished_reply(
        reply, standard,
        {mail_.envelope, &mail_.message, mail_.queue_id, {&address, 1}, applied.match.captures});
}

std::vector<std::size_t> Outcome::concerned(const Rule& rule, std::span<const std::size_t> recipients) const {
    const bool routes_only = std::ranges::all_of(rule.then, gives_route);
    std::vector<std::size_t> concerned;
    for (const auto recipient : recipients) {
        const bool settled = routes_only || refused_or_deferred(decision_.recipients[recipient].route);
        if (!routed_[recipient] || !settled) concerned.push_back(recipient);
    }
    return concerned;
}

void Outcome::route(std::size_t recipient, Routed routed) {
    decision_.recipients[recipient] = std::move(routed);
    routed_[recipient] = true;
}

void Outcome::route_rest(const Route& given, const std::string& why) {
    for (std::size_t i = 0; i < routed_.size(); ++i)
        if (!routed_[i]) route(i, {given, {}, why, false});
}

Routed Outcome::to_rota(const std::string& name, std::string rule, std::string why,
                        bool pass_on_error) const {
    if (trace_.passed(name))
        return {RouteKeep{}, std::move(rule), fmt::format("rota {} was applied already", name), false};
    const auto* rota = policy_.rota(name);
    return {RouteRota{name}, std::move(rule), std::move(why), pass_on_error || (rota && rota->pass_on_error)};
}

void Outcome::apply_rotas() {
    for (std::size_t i = 0; i < routed_.size(); ++i) {
        if (routed_[i]) continue;
        const auto* rota = policy_.rota_for(mail_.envelope.recipients[i].address);
        if (!rota) continue;
        route(i, to_rota(rota->name, "rota " + rota->name, fmt::format("address of rota {}", rota->name),
                         false));
    }
}

void Outcome::pass_untouched(const Rule& rule, const std::string& why) {
    alarm(why + "; the mail passes untouched");
    decision_.pass_untouched = true;
    decision_.recipients.assign(routed_.size(), Routed{RouteKeep{}, rule.name, why, false});
    decision_.copies.clear();
    decision_.marks.clear();
    decision_.quarantine.reset();
    edits_.clear();
}

void Outcome::alarm(const std::string& text) {
    if (std::ranges::find(decision_.alarms, text) == decision_.alarms.end()) decision_.alarms.push_back(text);
}

Decision Outcome::take() && {
    for (auto& edit : edits_) decision_.headers.push_back(std::move(edit.edit));
    const bool comes_again = std::ranges::all_of(decision_.recipients, [](const Routed& routed) {
        return std::holds_alternative<RouteDefer>(routed.route);
    });
    if (comes_again) decision_.triggers.clear();
    return std::move(decision_);
}

Reply finished_reply(const Reply& reply, const Reply& standard, const TemplateValues& values) {
    Reply finished = reply;
    if (finished.code == 0) finished.code = standard.code;
    if (finished.enhanced.empty() && finished.code / 100 == standard.code / 100)
        finished.enhanced = standard.enhanced;
    finished.text = reply_text(fill_template(reply.text.empty() ? standard.text : reply.text, values));
    return finished;
}

}  // namespace mailrota::policy
