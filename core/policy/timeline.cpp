#include <algorithm>

#include "core/policy/escalation.h"

namespace mailrota::policy {
namespace {

// Advances that neither tell of anything nor end are only those that wait: no alert has so many.
constexpr int advances_most = 10'000;

// An escalation in a world where nobody reacts.
class Foresight {
  public:
    Foresight(Instant now, std::chrono::seconds ring) : now_(now), ring_(ring) {}

    std::vector<Foreseen> run(const Alert& alert, Incident incident, OnCall on_call, std::size_t most) {
        for (int i = 0; i < advances_most && foreseen_.size() < most; ++i) {
            auto next = advance(alert, incident, contacts_, on_call, now_);
            note(next);
            for (auto& [name, state] : next.states) on_call.rotas[name].state = std::move(state);
            incident = std::move(next.after);
            if (!next.wake) break;
            pass_time(*next.wake);
        }
        foreseen_.resize(std::min(foreseen_.size(), most));
        return std::move(foreseen_);
    }

  private:
    void note(Advance& next) {
        auto contact = next.contacts.begin();
        for (auto& what : next.story) {
            Foreseen one{now_, std::move(what), {}};
            if (one.what.event == "call" || one.what.event == "sms") one.contact = begin(*contact++);
            foreseen_.push_back(std::move(one));
        }
    }

    // A message is delivered at once, a call rings.
    Contact begin(Contact contact) {
        const bool call = contact.way == ContactWay::call;
        contact.made = contact.begun = now_;
        contact.ended = call ? now_ + ring_ : now_;
        contact.state = call ? Contact::State::placed : Contact::State::done;
        contacts_.push_back(contact);
        return contact;
    }

    // To the next thing that happens: a call that rang out, or the time to look again.
    void pass_time(Instant wake) {
        for (const auto& contact : contacts_)
            if (!contact.over()) wake = std::min(wake, contact.ended);
        now_ = std::max(wake, now_ + std::chrono::seconds{1});
        for (auto& contact : contacts_)
            if (!contact.over() && contact.ended <= now_) contact.state = Contact::State::unreached;
    }

    Instant now_;
    std::chrono::seconds ring_;
    std::vector<Contact> contacts_;
    std::vector<Foreseen> foreseen_;
};

}  // namespace

std::vector<Foreseen> timeline(const Alert& alert, const Incident& incident, OnCall on_call, Instant now,
                               std::chrono::seconds ring, std::size_t most) {
    return Foresight(now, ring).run(alert, incident, std::move(on_call), most);
}

}  // namespace mailrota::policy
