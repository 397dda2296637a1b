#include <algorithm>

#include "core/policy/alert.h"
#include "core/policy/safe_text.h"
#include "core/policy/template.h"

namespace mailrota::policy {
namespace {

using std::chrono::minutes;
using std::chrono::sys_seconds;

// Days to look at for one that counts: a week, and the first day again.
constexpr int days_most = 8;

bool counts(const Heartbeat& heartbeat, date::local_days day, minutes time) {
    return !heartbeat.days || heartbeat.days->hold(day + time);
}

// The first day that counts from this one on.
std::optional<date::local_days> day_from(const Heartbeat& heartbeat, date::local_days day, minutes time) {
    for (int i = 0; i < days_most; ++i, day += date::days{1})
        if (counts(heartbeat, day, time)) return day;
    return std::nullopt;
}

date::local_days local_day(const Heartbeat& heartbeat, sys_seconds time) {
    return date::floor<date::days>(heartbeat.zone.local(time));
}

sys_seconds due_by(const Heartbeat& heartbeat, sys_seconds heard) {
    const auto after = local_day(heartbeat, heard) + date::days{1};
    const auto day = day_from(heartbeat, after, *heartbeat.by);
    if (!day) return sys_seconds::max();
    return heartbeat.zone.instant(*day + *heartbeat.by) + heartbeat.grace;
}

sys_seconds due_every(const Heartbeat& heartbeat, sys_seconds heard) {
    const auto due = heard + heartbeat.every;
    const auto local = heartbeat.zone.local(due);
    const auto today = date::floor<date::days>(local);
    if (!heartbeat.days || heartbeat.days->hold(local)) return due + heartbeat.grace;
    const auto day = day_from(heartbeat, today + date::days{1}, minutes{0});
    if (!day) return sys_seconds::max();
    return heartbeat.zone.instant(date::local_seconds(*day)) + heartbeat.every + heartbeat.grace;
}

}  // namespace

sys_seconds overdue_at(const Heartbeat& heartbeat, sys_seconds begun, std::optional<sys_seconds> last) {
    const auto heard = std::max(begun, last.value_or(begun));
    return heartbeat.by ? due_by(heartbeat, heard) : due_every(heartbeat, heard);
}

Trigger missed(const Heartbeat& heartbeat, const Alert& alert) {
    const mail::Envelope nobody;
    const Captures captures{{"heartbeat", heartbeat.name}};
    const TemplateValues values{nobody, nullptr, {}, {}, captures};
    Trigger trigger;
    trigger.alert = alert.name;
    trigger.rule = "heartbeat " + heartbeat.name;
    trigger.key = cleaned_key(fill_template(alert.key, values));
    if (trigger.key.empty()) trigger.key = cleaned_key(heartbeat.name);
    trigger.say = fill_template(alert.say, values);
    if (single_spaced(trigger.say).empty()) trigger.say = "No mail has come of " + heartbeat.name;
    trigger.text = fill_template(alert.text, values);
    if (single_spaced(trigger.text).empty()) trigger.text = trigger.say;
    trigger.lines = {line_digest(trigger.rule)};
    return trigger;
}

}  // namespace mailrota::policy
