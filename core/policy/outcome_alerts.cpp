#include <algorithm>

#include "core/mail/notice_mark.h"
#include "core/policy/outcome.h"
#include "core/policy/safe_text.h"
#include "core/policy/subject_prefix.h"

namespace mailrota::policy {
namespace {

// Of what is spoken or written: names in a mail may be of any length.
constexpr std::size_t say_most = 8'000;  // bytes

// Whoever passes something on by hand wants somebody to know of it: that is no answer.
bool looks_like_answer(const mail::Message& message) {
    using Kind = PrefixedSubject::Kind;
    const auto prefix = take_prefixes(message.subject()).outermost;
    if (prefix != Kind::none) return prefix == Kind::reply;
    return std::ranges::any_of(message.classified(), [](const mail::ClassifiedText& text) {
        return text.has_history() && std::ranges::any_of(text.lines, [](const mail::ClassifiedLine& line) {
                   return line.of == mail::LineClass::quoted;
               });
    });
}

std::vector<std::string> digests(const std::vector<std::string>& lines, const std::string& subject) {
    std::vector<std::string> digests;
    for (const auto& line : lines) digests.push_back(line_digest(line));
    if (digests.empty()) digests.push_back(line_digest(subject));
    return digests;
}

void join_lines(Trigger& trigger, const std::vector<std::string>& lines) {
    for (const auto& line : lines)
        if (trigger.lines.size() < match_lines_most &&
            std::ranges::find(trigger.lines, line) == trigger.lines.end())
            trigger.lines.push_back(line);
}

}  // namespace

// What the actions of a rule say to the alerts: raise, resolve, heartbeat. A notice of ours tells what others
// have said: it says nothing itself.

bool Outcome::is_notice() const { return trace_.passed(mail::notice_mark); }

void Outcome::act_on_mail(const Applied& applied, const Raise& raise) {
    const auto* alert = policy_.alert(raise.alert);
    if (alert && !is_notice()) add_trigger(applied, *alert, Trigger::Kind::raise);
}

void Outcome::act_on_mail(const Applied& applied, const Resolve& resolve) {
    const auto* alert = policy_.alert(resolve.alert);
    if (alert && !is_notice()) add_trigger(applied, *alert, Trigger::Kind::resolve);
}

void Outcome::add_trigger(const Applied& applied, const Alert& alert, Trigger::Kind kind) {
    const auto subject = mail_.message.subject();
    Trigger trigger;
    trigger.kind = kind;
    trigger.alert = alert.name;
    trigger.rule = applied.rule.name;
    trigger.key = cleaned_key(fill(applied, alert.key));
    if (trigger.key.empty()) trigger.key = normalised_subject(subject);
    trigger.lines = digests(applied.match.lines, subject);
    const auto same = std::ranges::find_if(decision_.triggers, [&](const Trigger& other) {
        return other.kind == kind && other.alert == trigger.alert && other.key == trigger.key;
    });
    if (same != decision_.triggers.end()) return join_lines(*same, trigger.lines);
    trigger.reply = looks_like_answer(mail_.message);
    if (kind == Trigger::Kind::raise) {
        const auto luck = luck_line(alert, mail_.key.hex);
        trigger.say = trigger.text = say_of(applied, alert);
        if (!luck.empty()) trigger.say += ' ' + std::string(luck);
        const auto text = fill(applied, alert.text);
        if (!single_spaced(text).empty()) trigger.text = cut_text(text, say_most);
    }
    decision_.triggers.push_back(std::move(trigger));
}

std::string Outcome::say_of(const Applied& applied, const Alert& alert) const {
    auto say = fill(applied, alert.say);
    // A call that says nothing would be hung up on.
    if (single_spaced(say).empty()) say = single_spaced(mail_.message.subject());
    if (say.empty()) say = alert.name;
    return std::string(cut_text(say, say_most));
}

void Outcome::act_on_mail(const Applied&, const Beat& beat) {
    if (is_notice()) return;
    if (std::ranges::find(decision_.beats, beat.heartbeat) == decision_.beats.end())
        decision_.beats.push_back(beat.heartbeat);
}

}  // namespace mailrota::policy
