#include "core/policy/escalation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/contact_history.h"
#include "core/policy/quiet_hours.h"
#include "core/policy/step_draw.h"

namespace mailrota::policy {
namespace {

using State = Incident::State;

// One advance while it is made.
class Escalation {
  public:
    Escalation(const Alert& alert, const Incident& incident, const std::vector<Contact>& contacts,
               const OnCall& on_call, Instant now)
        : alert_(alert), on_call_(on_call), now_(now), history_(advance_.after, contacts, on_call) {
        advance_.after = incident;
    }
    Escalation(const Escalation&) = delete;
    Escalation& operator=(const Escalation&) = delete;

    Advance run() && {
        if (!open()) return std::move(advance_);
        if (now_ >= advance_.after.until)
            exhaust("its window is over");
        else if (!answered())
            while (open() && go_on()) {
            }
        if (open()) wake_at(advance_.after.until);
        return std::move(advance_);
    }

  private:
    bool open() const { return advance_.after.state == State::open; }
    Progress& progress() { return advance_.after.progress; }
    const EscalationStep& step() { return alert_.escalate[static_cast<std::size_t>(progress().step)]; }

    const Rota* rota() {
        const auto found = on_call_.rotas.find(step().rota);
        return found == on_call_.rotas.end() ? nullptr : found->second.rota;
    }

    const Member* member(std::string_view id) { return rota() ? member_of(*rota(), id) : nullptr; }

    std::string called(const std::string& id) const {
        for (const auto& [name, entry] : on_call_.rotas)
            if (const auto* one = entry.rota ? member_of(*entry.rota, id) : nullptr) return name_of(*one);
        return id;
    }

    bool answered() {
        if (advance_.after.acknowledge != Acknowledge::answer) return false;
        const auto who = history_.answered_by();
        if (!who) return false;
        advance_.after = *acknowledged(std::move(advance_.after), *who, now_);
        tell("acknowledged", fmt::format("{} answered", called(*who)));
        return true;
    }

    // Does the next thing there is to do; false when there is nothing more to do now.
    bool go_on() {
        if (static_cast<std::size_t>(progress().step) >= alert_.escalate.size()) return next_step();
        if (progress().tries == 0) return begin_step();
        if (progress().members.empty()) return all_passed_on();
        drop_unreachable();
        if (progress().members.empty()) return replace_members();
        if (now_ >= try_ends()) return progress().tries >= step().tries ? next_step() : begin_try();
        contact_members();
        wake_at(try_ends());
        return false;
    }

    bool next_step() {
        progress().members.clear();
        progress().tries = 0;
        if (static_cast<std::size_t>(++progress().step) < alert_.escalate.size()) return true;
        progress().step = 0;
        if (++progress().round < alert_.rounds) return true;
        exhaust("nobody has acknowledged it");
        return false;
    }

    bool begin_step() {
        if (postponed()) return false;
        if (!rota()) return pass_over("there is no such rota");
        auto choice = draw(Passed::left_out);
        if (choice.members.empty()) {
            choice = draw(Passed::asked_again);
            if (choice.members.empty()) return pass_over(absences(*rota(), choice));
            // Whoever has just passed on is not asked again at once.
            if (now_ < progress().due) return rest_until(progress().due);
        }
        passed_over_ = 0;
        progress().members = choice.members;
        advance_.states[step().rota] = choice.state;
        return begin_try();
    }

    bool all_passed_on() {
        const bool last = static_cast<std::size_t>(progress().step) + 1 == alert_.escalate.size();
        if (!last || !rota() || rota()->strategy == Strategy::all) return next_step();
        if (draw(Passed::left_out).members.empty()) return next_step();
        progress().tries = 0;
        return true;
    }

    // A step that nobody is there for. When that is so of all in turn, time would change nothing.
    bool pass_over(const std::string& why) {
        tell("nobody", fmt::format("{}: nobody of rota {} can be called: {}", place(), step().rota, why));
        if (++passed_over_ < alert_.escalate.size()) return next_step();
        exhaust("nobody can be called");
        return false;
    }

    enum class Passed { left_out, asked_again };

    Choice draw(Passed passed) {
        const auto drawn = advance_.states.find(step().rota);
        const auto& state =
            drawn == advance_.states.end() ? on_call_.rotas.find(step().rota)->second.state : drawn->second;
        const auto may_be_asked = [&](const Member& one) {
            const auto& away = progress().away;
            const bool out = passed == Passed::left_out && std::ranges::find(away, one.id) != away.end();
            return !out && history_.reachable(one);
        };
        return draw_among(*rota(), state, may_be_asked, now_);
    }

    bool begin_try() {
        if (postponed()) return false;
        ++progress().tries;
        ++progress().attempt;
        progress().due = now_ + std::max(step().wait, std::chrono::seconds{1});
        return true;
    }

    Instant try_ends() {
        const auto ended = history_.ended_in_vain();
        const bool in_vain = ended && std::ranges::all_of(progress().members, [&](const std::string& id) {
                                 return history_.standing(*member(id), pause(), now_).through;
                             });
        return in_vain ? std::min(progress().due, *ended + step().redial) : progress().due;
    }

    // How long an SMS is waited for before the next way.
    std::chrono::seconds pause() { return std::min(step().redial, step().wait / 2); }

    void drop_unreachable() {
        std::erase_if(progress().members, [&](const std::string& id) {
            const auto* one = member(id);
            if (one && history_.reachable(*one)) return false;
            progress().away.push_back(id);
            tell("barred", fmt::format("{}: {} {}", place(), one ? name_of(*one) : id,
                                       one ? "cannot be reached at all" : "is no member any more"));
            return true;
        });
    }

    // Draws again in the same step, unless everybody was in it.
    bool replace_members() {
        if (!rota() || rota()->strategy == Strategy::all) return next_step();
        progress().tries = 0;
        return true;
    }

    void contact_members() {
        for (const auto& id : progress().members) {
            const auto& one = *member(id);
            const auto standing = history_.standing(one, pause(), now_);
            if (standing.later) wake_at(*standing.later);
            if (!standing.next) continue;
            if (const auto end = quiet_until())
                wake_at(*end);
            else
                contact(one, *standing.next);
        }
    }

    void contact(const Member& one, ContactWay way) {
        auto contact = contact_with(advance_.after, one, way);
        advance_.contacts.push_back(contact);
        tell(way == ContactWay::call ? "call" : "sms",
             fmt::format("{}: {} to {}, try {} of {}", place(), to_string(way), name_of(one),
                         progress().tries, step().tries));
        contact.made = now_;
        history_.add(std::move(contact));
        if (way == ContactWay::sms) wake_at(now_ + pause());
    }

    std::optional<Instant> quiet_until() const {
        return advance_.after.severity == Severity::critical ? std::nullopt : quiet_hours_end(alert_, now_);
    }

    // Whether what would begin now waits for the end of the quiet hours, as long as that takes.
    bool postponed() {
        const auto end = quiet_until();
        if (!end) return false;
        if (progress().due != *end) tell("postponed", fmt::format("{}: quiet hours", place()));
        progress().due = *end;
        if (*end != Instant::max())
            advance_.after.until = std::max(advance_.after.until, *end + escalation_time(alert_));
        wake_at(*end);
        return true;
    }

    void exhaust(std::string_view why) {
        advance_.after.state = State::exhausted;
        advance_.after.changed = now_;
        advance_.exhausted = true;
        advance_.wake.reset();
        tell("exhausted", std::string(why));
    }

    bool rest_until(Instant time) {
        wake_at(time);
        return false;
    }
    void wake_at(Instant time) { advance_.wake = std::min(advance_.wake.value_or(time), time); }

    std::string place() {
        const auto step = fmt::format("step {} of {}", progress().step + 1, alert_.escalate.size());
        return alert_.rounds == 1
                   ? step
                   : fmt::format("round {} of {}, {}", progress().round + 1, alert_.rounds, step);
    }

    void tell(std::string event, std::string text) {
        advance_.story.push_back({std::move(event), std::move(text)});
    }

    const Alert& alert_;
    const OnCall& on_call_;
    Instant now_;
    Advance advance_;
    ContactHistory history_;
    std::size_t passed_over_ = 0;
};

}  // namespace

Advance advance(const Alert& alert, const Incident& incident, const std::vector<Contact>& contacts,
                const OnCall& on_call, Instant now) {
    return Escalation(alert, incident, contacts, on_call, now).run();
}

}  // namespace mailrota::policy
