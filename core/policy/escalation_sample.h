#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/policy/escalation.h"

// Samples for the tests of incidents: alerts, people on call, and a telephone exchange that plays whatever a
// test says becomes of each contact.
namespace mailrota::policy::sample {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Instant three_at_night = date::sys_days{date::year{2026} / 11 / 23} + hours{3};

inline Member phone(std::string name, std::string number, std::vector<ContactWay> ways = {ContactWay::call}) {
    Member member;
    member.kind = Member::Kind::phone;
    member.id = member.target = std::move(number);
    member.name = std::move(name);
    member.ways = std::move(ways);
    return member;
}

inline Rota phones(std::string name, Strategy strategy, std::vector<Member> members) {
    Rota rota;
    rota.name = std::move(name);
    rota.strategy = strategy;
    rota.members = std::move(members);
    return rota;
}

inline OnCall on_call(const std::vector<Rota>& rotas) {
    OnCall on_call;
    for (const auto& rota : rotas) on_call.rotas[rota.name] = {&rota, {}};
    return on_call;
}

inline Alert alert(std::vector<EscalationStep> steps) {
    Alert alert;
    alert.name = "emergency";
    alert.escalate = std::move(steps);
    return alert;
}

inline Trigger raised(std::string key, std::vector<std::string> lines = {"line"}) {
    Trigger trigger;
    trigger.alert = "emergency";
    trigger.rule = "escalated";
    trigger.key = std::move(key);
    trigger.say = "Ticket 1 escalated";
    trigger.lines = std::move(lines);
    return trigger;
}

inline Incident opened(const Alert& alert, Instant now = three_at_night) {
    auto incident = *join(alert, raised("1"), {}, now).incident;
    incident.number = 17;
    return incident;
}

// What becomes of a contact: how it ends, and how long after it was made. Never: it hangs.
struct Fate {
    Contact::State state = Contact::State::unreached;
    seconds after{30};
};

// One incident with its contacts, run by events as a worker would.
class Exchange {
  public:
    using Say = std::function<Fate(const Contact&)>;

    Exchange(Alert with, std::vector<Rota> of, Say say)
        : alert(std::move(with)),
          rotas(std::move(of)),
          on_call(sample::on_call(rotas)),
          now(three_at_night),
          incident(opened(alert, now)),
          say_(std::move(say)) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // One advance, carried out. It is asked twice, to see that nothing more is asked for.
    Advance step() {
        auto next = advance(alert, incident, contacts, on_call, now);
        carry_out(next);
        const auto again = advance(alert, incident, contacts, on_call, now);
        if (!again.contacts.empty() || again.after != incident || !again.story.empty()) repeated = true;
        return next;
    }

    // Until nothing happens any more, or that moment is reached.
    void run(Instant until = Instant::max()) {
        for (auto next = step(); next.wake && now < until; next = step()) pass_time(*next.wake);
    }

    // To the next thing that happens: a contact's end, or the time to look again.
    void pass_time(Instant wake) {
        for (std::size_t i = 0; i < contacts.size(); ++i)
            if (!contacts[i].over()) wake = std::min(wake, ends_[i].at);
        now = wake;
        for (std::size_t i = 0; i < contacts.size(); ++i) {
            if (contacts[i].over() || ends_[i].at > now) continue;
            contacts[i].state = ends_[i].state;
            contacts[i].ended = ends_[i].at;
        }
    }

    // "03:00 +15550101": each contact, with "sms" before the number of an SMS.
    std::vector<std::string> log() const {
        std::vector<std::string> lines;
        for (const auto& contact : contacts) {
            const auto day = std::chrono::floor<date::days>(contact.made);
            const auto time = date::hh_mm_ss<seconds>(contact.made - day);
            lines.push_back(fmt::format("{:02}:{:02}:{:02} {}{}", time.hours().count(),
                                        time.minutes().count(), time.seconds().count(),
                                        contact.way == ContactWay::sms ? "sms " : "", contact.member));
        }
        return lines;
    }

    Alert alert;
    std::vector<Rota> rotas;
    OnCall on_call;
    Instant now;
    Incident incident;
    std::vector<Contact> contacts;
    std::vector<std::string> story;
    bool repeated = false;  // an advance that was asked again asked for more
    int fallbacks = 0;

  private:
    void carry_out(Advance& next) {
        incident = next.after;
        for (auto& [name, state] : next.states) on_call.rotas[name].state = state;
        for (auto contact : next.contacts) {
            contact.id = fmt::format("{:032x}", contacts.size());
            contact.made = contact.begun = now;
            contact.state = Contact::State::placed;
            contacts.push_back(contact);
            const auto end = say_(contact);
            ends_.push_back({end.state, end.after == seconds::max() ? Instant::max() : now + end.after});
        }
        for (const auto& line : next.story) story.push_back(line.event + ": " + line.text);
        fallbacks += next.exhausted;
    }

    struct End {
        Contact::State state;
        Instant at;
    };
    Say say_;
    std::vector<End> ends_;
};

inline Fate no_answer(const Contact&) { return {Contact::State::unreached, seconds{30}}; }
inline Fate unacknowledged(const Contact&) { return {Contact::State::done, seconds{40}}; }
inline Fate hangs(const Contact&) { return {Contact::State::placed, seconds::max()}; }

}  // namespace mailrota::policy::sample
