#include "core/config/load_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/config/suggest.h"
#include "core/mail/address.h"
#include "core/policy/fold.h"

namespace mailrota::config {

namespace {

using Minutes = std::chrono::minutes;
using LocalMinutes = date::local_time<Minutes>;

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

bool parse_handoff(std::string_view text, policy::Schedule& schedule) {
    if (schedule.every == policy::Schedule::Every::week) {
        const auto day = std::find(weekdays.begin(), weekdays.end(), text.substr(0, 3));
        if (day == weekdays.end() || text.substr(3, 1) != " ") return false;
        schedule.weekday = date::weekday(static_cast<unsigned>(day - weekdays.begin()));
        text.remove_prefix(4);
    }
    const auto clock = parse_clock(text);
    schedule.handoff = clock.value_or(Minutes{0});
    return clock.has_value();
}

void load_handoff(const Section& section, policy::Schedule& schedule) {
    const bool weekly = schedule.every == policy::Schedule::Every::week;
    const auto text = section.text("handoff");
    if (!text || parse_handoff(*text, schedule)) return;
    section.error("handoff", fmt::format("{} is no {} handoff", quoted(*text), weekly ? "weekly" : "daily"),
                  weekly ? "write as in \"Mon 09:00\"" : "write as in \"09:00\"");
}

date::year_month_day calendar_day(const toml::date& day) {
    return date::year_month_day(date::year(day.year), date::month(day.month), date::day(day.day));
}

void load_start(const Section& section, policy::Schedule& schedule) {
    const toml::node* node = section.node("start");
    if (node == nullptr) {
        section.error("start", "is missing: on which day does the first member take over?",
                      "write as in start = 2026-01-05");
        return;
    }
    if (const auto* day = node->as_date()) {
        schedule.start = date::local_days(calendar_day(day->get()));
    } else {
        section.wrong_type("start", "a date", *node, "write as in start = 2026-01-05, without quotes");
    }
}

std::optional<LocalMinutes> load_moment(const Section& section, std::string_view key) {
    const toml::node* node = section.node(key);
    const std::string_view sample = "write as in 2026-12-24T09:00, without quotes and without a zone";
    if (node == nullptr) {
        section.error(key, "is missing", std::string(sample));
        return std::nullopt;
    }
    const auto* moment = node->as_date_time();
    if (moment == nullptr || moment->get().offset) {
        const std::string_view got = moment == nullptr ? type_name(*node) : "one with a zone";
        section.error(key, fmt::format("takes a local date-time, not {}", got), std::string(sample));
        return std::nullopt;
    }
    const toml::time& time = moment->get().time;
    return date::local_days(calendar_day(moment->get().date)) + Minutes{time.hour * 60 + time.minute};
}

// By address, or by number or name of a telephone.
std::vector<policy::Member>::const_iterator find_member(const policy::Rota& rota, const std::string& text) {
    const std::string address = mail::Address::from_envelope(text).key();
    return std::find_if(rota.members.begin(), rota.members.end(), [&](const policy::Member& member) {
        if (member.kind == policy::Member::Kind::address) return member.id == address;
        return member.id == text || (!text.empty() && policy::equal_folded(member.name, text));
    });
}

std::vector<std::string> written_members(const policy::Rota& rota) {
    std::vector<std::string> written;
    for (const policy::Member& member : rota.members) {
        if (!member.name.empty()) written.push_back(member.name);
        written.push_back(member.target);
    }
    return written;
}

void load_override(const Section& section, const policy::Rota& rota, policy::Schedule& schedule) {
    const auto from = load_moment(section, "from");
    const auto until = load_moment(section, "until");
    if (from && until && *until <= *from) section.error("until", "is not after \"from\"");
    if (!section.has("member")) section.error("member", "is missing: who is on duty instead?");
    const auto member = section.text("member");
    if (!member) return;
    const auto found = find_member(rota, *member);
    if (found == rota.members.end()) {
        section.error("member", quoted(*member) + " is no member of the rota",
                      suggestion(*member, written_members(rota)));
    } else if (from && until) {
        schedule.overrides.push_back({found->id, *from, *until});
    }
}

}  // namespace

std::optional<std::chrono::minutes> parse_clock(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t i : {0U, 1U, 3U, 4U}) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (hour > 23 || minute > 59) return std::nullopt;
    return Minutes{hour * 60 + minute};
}

policy::Strategy load_strategy(const Section& section) {
    const auto strategy = section.choice("strategy", {"round-robin", "failover", "all", "schedule"});
    return strategy ? static_cast<policy::Strategy>(*strategy) : policy::Strategy::round_robin;
}

void load_schedule(const Section& section, const policy::Zone& zone, policy::Rota& rota) {
    const std::string sample = fmt::format("[[{}.override]]", section.path());
    if (rota.strategy != policy::Strategy::schedule) {
        for (const std::string_view key : {"rotate", "handoff", "start", "override"}) {
            if (section.has(key))
                section.error(key, "has a meaning only under strategy \"schedule\"",
                              "write strategy = \"schedule\"");
        }
        return;
    }
    policy::Schedule& schedule = rota.schedule.emplace();
    schedule.zone = zone;
    if (section.choice("rotate", {"weekly", "daily"}) == 1U) schedule.every = policy::Schedule::Every::day;
    load_handoff(section, schedule);
    load_start(section, schedule);
    for (const Section& below : section.sections("override", sample)) load_override(below, rota, schedule);
}

}  // namespace mailrota::config
