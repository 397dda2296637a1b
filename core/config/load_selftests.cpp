#include <fmt/format.h>

#include <algorithm>

#include "core/config/addresses.h"
#include "core/config/draft.h"
#include "core/config/load_sockets.h"
#include "core/config/load_times.h"
#include "core/policy/template.h"

namespace mailrota::config {

namespace {

using policy::Selftest;
using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds shortest_within{10};
constexpr hours longest_within{24};
constexpr std::size_t longest_line = 900;  // bytes: RFC 5322 section 2.1.1 has 998, and names are filled in
constexpr std::string_view of_token = "token";

// Reads one [selftest.NAME].
class SelftestReader {
  public:
    SelftestReader(const std::string& name, const Section& section, const Draft& draft)
        : section_(section), draft_(draft), selftest_(into_.selftest) {
        selftest_.name = name;
        into_.line = section.line();
        into_.alert_line = section.line("alert");
    }

    SelftestDraft read() {
        selftest_.to = read_address("to");
        if (!section_.has("to"))
            section_.error("to", "is missing: to whom does the mail go?",
                           "write an address whose mail raises the alert: to = \"alarm@example.com\"");
        selftest_.from = read_address("from");
        read_mail();
        selftest_.alert =
            load_alert_name(section_, "alert", "whose incident is the mail to open?", draft_.alert_names());
        load_times(section_, "a self-test", selftest_.due);
        selftest_.due.name = selftest_.name;
        if (section_.has("every") && section_.has("days"))
            section_.error("days",
                           "stands beside \"every\", which has no time of day: it would begin at midnight",
                           "write as in by = \"10:00\"");
        read_end();
        read_alarm();
        return std::move(into_);
    }

  private:
    // Of one person; empty if there is none.
    std::string read_address(std::string_view key) const {
        const auto addresses = plain(load_addresses(section_, key));
        if (addresses.size() > 1) section_.error(key, "takes one address");
        return addresses.empty() ? std::string() : addresses.front();
    }

    void read_mail() {
        bool known = false;
        bool sound = true;
        for (const auto& [key, into] :
             {std::pair("subject", &selftest_.subject), {"text", &selftest_.text}}) {
            *into = section_.text(key).value_or(*into);
            const auto parsed = policy::Template::parse(*into);
            if (!parsed) {
                section_.error(key, parsed.error().text);
                sound = false;
                continue;
            }
            for (const std::string& name : parsed->names()) known = check_name(key, name) || known;
            if (longest_of(*into) > longest_line)
                section_.error(key, fmt::format("has a line of more than {} bytes", longest_line));
        }
        check_subject();
        if (sound && !known)
            section_.error("subject",
                           "{token} is in neither the subject nor the text: the incident is not known "
                           "again",
                           "write as in subject = \"[Self-test {token}] Restore fails\"");
    }

    // Whether it is the token.
    bool check_name(std::string_view key, const std::string& name) const {
        if (name != of_token && name != "selftest")
            section_.error(key, fmt::format("{{{}}} is nothing that a self-test gives", name),
                           "it gives {token} and {selftest}; a brace is written twice: {{");
        return name == of_token;
    }

    static std::size_t longest_of(std::string_view text) {
        std::size_t longest = 0;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            longest = std::max(longest, end);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return longest;
    }

    void check_subject() const {
        const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
        if (!std::all_of(selftest_.subject.begin(), selftest_.subject.end(), is_plain))
            section_.error("subject", "takes one line of ASCII", "put other letters into the text");
        if (selftest_.text.find_first_of(std::string_view("\r\0", 2)) != std::string::npos)
            section_.error("text", "has a carriage return or a NUL in it");
    }

    void read_end() {
        const auto within = load_duration(section_, "within", shortest_within, longest_within);
        selftest_.within = within.value_or(selftest_.within);
        if (selftest_.due.every.count() > 0 && selftest_.within >= selftest_.due.every)
            section_.error(
                "within", fmt::format("is not shorter than \"every\"{}: the next one would begin before this "
                                      "one is over",
                                      section_.has("within") ? "" : ", unless it is written"));
        constexpr std::array proofs{policy::Reached::raised, policy::Reached::sent,
                                    policy::Reached::delivered, policy::Reached::acknowledged};
        std::vector<std::string> words;
        for (const auto proof : proofs) words.emplace_back(policy::to_string(proof));
        if (const auto proof = section_.choice("proof", words)) selftest_.proof = proofs.at(*proof);
    }

    void read_alarm() {
        selftest_.tell = plain(load_addresses(section_, "tell"));
        if (section_.has("alarm"))
            selftest_.alarm = load_alert_name(section_, "alarm", "", draft_.alert_names());
        if (!section_.has("alarm") && !section_.has("tell"))
            section_.diagnostics().error(
                section_.line(), section_.path(),
                "has neither \"alarm\" nor \"tell\": nobody hears of a failure",
                "write alarm = \"NAME\" of another alert, or tell = \"postmaster@example.com\"");
        if (selftest_.alarm.empty() || selftest_.alarm != selftest_.alert) return;
        section_.error("alarm", "is the alert that is tested: what breaks it would keep the alarm back",
                       "write another [alert.NAME], with other people or another way to them");
    }

    const Section& section_;
    const Draft& draft_;
    SelftestDraft into_;
    Selftest& selftest_;
};

const AlertDraft* alert_of(const Draft& draft, std::string_view name) {
    const auto found = std::find_if(draft.alerts.begin(), draft.alerts.end(),
                                    [&](const AlertDraft& one) { return one.alert.name == name; });
    return found == draft.alerts.end() ? nullptr : &*found;
}

bool is_raised(const Draft& draft, std::string_view alert) {
    return std::any_of(draft.rules.begin(), draft.rules.end(), [&](const RuleDraft& rule) {
        return std::any_of(rule.rule.then.begin(), rule.rule.then.end(), [&](const policy::Action& action) {
            const auto* raise = std::get_if<policy::Raise>(&action);
            return raise != nullptr && raise->alert == alert;
        });
    });
}

}  // namespace

void load_selftests(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("selftest", "selftest.NAME"))
        draft.selftests.push_back(SelftestReader(name, section, draft).read());
}

void check_selftests(const Draft& draft, Diagnostics& diagnostics) {
    for (const SelftestDraft& one : draft.selftests) {
        const std::string key = fmt::format("selftest.{}.alert", one.selftest.name);
        const AlertDraft* alert = alert_of(draft, one.selftest.alert);
        if (alert == nullptr) continue;
        const std::string name = quoted(alert->alert.name);
        if (!is_raised(draft, alert->alert.name))
            diagnostics.warning(one.alert_line, key, "never comes through: no rule raises alert " + name,
                                fmt::format("write a rule with then = [{{ alert = {} }}]", name));
        const bool fixed = std::none_of(alert->names.begin(), alert->names.end(),
                                        [](const AlertName& each) { return each.key == "key"; });
        if (!alert->alert.key.empty() && fixed)
            diagnostics.error(
                one.alert_line, key,
                fmt::format("the key of alert {} is the same for every mail: the token is not in it", name),
                "write as in key = \"{token}\", with (?<token>…) in the rule, or leave the key out");
        if (alert->alert.burst)
            diagnostics.error(one.alert_line, key,
                              fmt::format("alert {} has a burst: one mail opens no incident", name),
                              "test an alert without one");
    }
}

}  // namespace mailrota::config
