#include <fmt/format.h>

#include <algorithm>

#include "core/config/addresses.h"
#include "core/config/draft.h"
#include "core/config/load_members.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"
#include "core/policy/template.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes shortest_window{5};
constexpr hours longest_window{24 * 90};
constexpr seconds shortest_wait{1};
constexpr hours longest_wait{24};
constexpr std::int64_t most_tries = 20;
constexpr std::int64_t most_rounds = 20;
constexpr std::int64_t most_mails = 10'000;

// The lines of a file: without those that are empty or a comment.
std::vector<std::string> lines_of(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
        line = line.substr(0, line.find_last_not_of(blanks) + 1);
        if (!line.empty() && line.front() != '#') lines.emplace_back(line);
    }
    return lines;
}

// Reads one [alert.NAME].
class AlertReader {
  public:
    AlertReader(const std::string& name, const Section& section, const ReadFile& read_file, Draft& draft)
        : section_(section), read_file_(read_file), draft_(draft), alert_(into_.alert) {
        alert_.name = name;
        into_.line = section.line();
    }

    AlertDraft read() {
        read_texts();
        read_window();
        read_severity();
        read_steps();
        alert_.rounds = static_cast<int>(section_.integer("rounds", 1, most_rounds).value_or(1));
        alert_.fallback = plain(load_addresses(section_, "fallback"));
        const auto acknowledge = section_.choice("acknowledge", {"digit", "sms", "answer"});
        if (acknowledge) alert_.acknowledge = static_cast<policy::Acknowledge>(*acknowledge);
        if (section_.has("acknowledge")) into_.acknowledge_line = section_.line("acknowledge");
        read_quiet();
        read_burst();
        read_luck();
        return std::move(into_);
    }

  private:
    void read_texts() {
        alert_.say = read_template("say");
        alert_.text = read_template("text");
        alert_.key = read_template("key");
        if (!section_.has("say"))
            section_.error("say", "is missing: what is spoken?",
                           "write as in say = \"Emergency: {subject}.\"");
        if (section_.text("say") == "") section_.error("say", "is empty: what is spoken?");
    }

    // Which names the rules give is looked at when they are known.
    std::string read_template(std::string_view key) {
        const auto text = section_.text(key);
        if (!text) return {};
        if (text->find_first_of(std::string_view("\r\0", 2)) != std::string::npos) {
            section_.error(key, "has a carriage return or a NUL in it");
            return {};
        }
        const auto parsed = policy::Template::parse(*text);
        if (!parsed) {
            section_.error(key, parsed.error().text);
            return {};
        }
        for (std::string& name : parsed->names())
            into_.names.push_back({std::string(key), std::move(name), section_.line(key)});
        return *text;
    }

    void read_window() {
        const auto window = load_duration(section_, "window", shortest_window, longest_window);
        alert_.window = window.value_or(alert_.window);
    }

    void read_severity() {
        const auto severity = section_.choice("severity", {"info", "warning", "error", "critical"});
        if (severity) alert_.severity = static_cast<policy::Severity>(*severity);
    }

    void read_steps() {
        if (!section_.has("escalate")) {
            section_.error("escalate", "is missing: who is called?",
                           "write escalate = [{ rota = \"oncall\", tries = 3, wait = \"5m\" }]");
        }
        if (is_empty_array(section_.node("escalate"))) section_.error("escalate", "is empty: who is called?");
        for (const Section& step :
             section_.sections("escalate", fmt::format("[[{}]]", section_.path("escalate"))))
            read_step(step);
    }

    void read_step(const Section& section) {
        policy::EscalationStep step;
        if (!section.has("rota"))
            section.error("rota", "is missing: who is called?", "write as in rota = \"oncall\"");
        if (const auto rota = section.text("rota")) {
            check_rota(section, *rota);
            draft_.rotas_in_use.insert(*rota);
            step.rota = *rota;
        }
        step.tries = static_cast<int>(section.integer("tries", 1, most_tries).value_or(step.tries));
        step.wait = load_duration(section, "wait", shortest_wait, longest_wait).value_or(step.wait);
        const auto redial = load_duration(section, "redial", shortest_wait, longest_wait);
        if (redial && *redial > step.wait)
            section.error("redial", "is longer than wait",
                          "it is the shorter wait after a call that reached nobody");
        step.redial = std::min(redial.value_or(step.redial), step.wait);
        alert_.escalate.push_back(std::move(step));
    }

    void check_rota(const Section& section, const std::string& rota) const {
        const auto phones = draft_.phone_rota_names();
        if (std::find(phones.begin(), phones.end(), rota) != phones.end()) return;
        const auto is_among = [&](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), rota) != names.end();
        };
        if (is_among(draft_.rota_names()) || is_among(draft_.relay_rota_names())) {
            return section.error("rota",
                                 fmt::format("the members of rota {} are no telephones", quoted(rota)),
                                 "write a rota with members = [{ phone = \"+15550100\" }]");
        }
        const std::string near = suggestion(rota, phones);
        section.error(
            "rota", "there is no rota " + quoted(rota),
            near.empty() ? fmt::format("write [rota.{}] with members = [{{ phone = \"…\" }}]", rota) : near);
    }

    void read_quiet() {
        const auto zone = load_zone(section_, "tz");
        alert_.zone = zone.value_or(policy::Zone());
        if (!section_.has("quiet"))
            return refuse_keys(section_, {"tz"}, "is of no use: there are no quiet hours");
        if (const auto text = section_.text("quiet")) {
            if (auto quiet = policy::Hours::parse(*text)) {
                alert_.quiet = std::move(*quiet);
            } else {
                section_.error("quiet", quiet.error().text);
            }
        }
        if (alert_.severity != policy::Severity::critical) return;
        section_.error("quiet",
                       fmt::format("a critical alert knows no quiet hours{}",
                                   section_.has("severity") ? "" : ", and without a severity it is critical"),
                       "write severity = \"error\", or leave quiet out");
    }

    void read_burst() {
        const auto table = section_.section("burst");
        if (!table) return;
        for (const std::string_view key : {"mails", "within"}) {
            if (!table->has(key))
                table->error(key, "is missing", "write as in burst = { mails = 5, within = \"10m\" }");
        }
        const auto mails = table->integer("mails", 2, most_mails);
        const auto within = load_duration(*table, "within", seconds{1}, longest_window);
        if (within && *within > alert_.window)
            table->error("within", "is longer than the window of the alert");
        if (mails && within) alert_.burst = policy::Burst{static_cast<int>(*mails), *within};
    }

    void read_luck() {
        const auto table = section_.section("luck");
        if (!table) return;
        const auto file = table->text("file");
        if (!table->has("file") || file == "") table->error("file", "is missing");
        if (!file || file->empty()) return;
        const std::string path = beside(draft_.config.file, *file);
        const auto text =
            read_file_ ? read_file_(path) : Result<std::string>(unavailable("nothing reads files here"));
        if (!text) {
            return table->warning("file",
                                  fmt::format("{} cannot be read: {}", quoted(path), text.error().text),
                                  "until it can, what is spoken has no such line");
        }
        alert_.luck = lines_of(*text);
        if (alert_.luck.empty()) table->warning("file", quoted(path) + " has no line to be spoken");
    }

    const Section& section_;
    const ReadFile& read_file_;
    Draft& draft_;
    AlertDraft into_;
    policy::Alert& alert_;
};

}  // namespace

void load_alerts(const Section& top, const ReadFile& read_file, Draft& draft) {
    for (const auto& [name, section] : top.named("alert", "alert.NAME"))
        draft.alerts.push_back(AlertReader(name, section, read_file, draft).read());
}

}  // namespace mailrota::config
