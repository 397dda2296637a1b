#include "ctl/hand_made.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/mail/message.h"
#include "core/policy/safe_text.h"
#include "core/policy/template.h"

namespace mailrota::ctl {
namespace {

using policy::Alert;
using policy::Captures;
using policy::Trigger;

Result<Captures> captures_of(const std::vector<std::string>& set) {
    Captures captures;
    for (const std::string& one : set) {
        const auto equals = one.find('=');
        if (equals == 0 || equals == std::string::npos)
            return invalid("--set " + policy::quoted(one) + " is not of the form NAME=VALUE");
        captures[one.substr(0, equals)] = one.substr(equals + 1);
    }
    return captures;
}

std::string filled(const std::string& text, const mail::Message& message, const Captures& captures) {
    const mail::Envelope nobody;
    return policy::fill_template(text, {nobody, &message, {}, {}, captures});
}

}  // namespace

Result<Trigger> trigger_of(const HandMade& request, const Alert& alert, const std::string& by) {
    const std::string said = policy::single_spaced(request.message);
    if (said.empty()) return invalid("the message is empty: what is spoken?");
    const auto captures = captures_of(request.set);
    if (!captures) return tl::unexpected(captures.error());
    const auto message = mail::Message::from_bytes("Subject: " + said + "\r\n\r\n");
    Trigger trigger;
    trigger.alert = alert.name;
    trigger.rule = by;
    trigger.say = trigger.text = said;
    if (!request.set.empty()) {
        trigger.say = trigger.text = filled(alert.say, message, *captures);
        const auto text = filled(alert.text, message, *captures);
        if (!policy::single_spaced(text).empty()) trigger.text = text;
    }
    trigger.key = policy::cleaned_key(
        request.key.empty() && !request.set.empty() ? filled(alert.key, message, *captures) : request.key);
    if (trigger.key.empty()) trigger.key = policy::normalised_subject(said);
    trigger.lines = {policy::line_digest(said)};
    return trigger;
}

std::string no_such_alert(const std::string& name, const std::vector<Alert>& alerts) {
    std::vector<std::string> names;
    for (const Alert& alert : alerts) names.push_back(alert.name);
    const auto shown = policy::quoted(name);
    if (names.empty()) return fmt::format("there is no alert {}: the configuration has none", shown);
    return fmt::format("there is no alert {}; there are: {}", shown, fmt::join(names, ", "));
}

}  // namespace mailrota::ctl
