#include "core/runtime/contact_step.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/runtime/incident_news.h"
#include "core/runtime/phone_line.h"

namespace mailrota::runtime {
namespace {

using policy::Contact;
using policy::Incident;
using std::chrono::seconds;
using Do = ContactStep::Do;
using State = Contact::State;

constexpr seconds for_callbacks{8};  // a request without an answer is looked for after that

// Whether the incident still has a use for the contact.
bool wanted(const Incident& incident, const Contact& contact) {
    if (incident.state == Incident::State::open) return incident.escalations == contact.escalation;
    return incident.state == Incident::State::exhausted && contact.state != State::waiting;
}

// The call in which somebody takes the incident on: whoever presses a key hears the answer to it, and whoever
// does so by answering hears what it is about.
bool takes_it_on(const Incident& incident, const Contact& contact) {
    const bool by_answering = incident.acknowledge == policy::Acknowledge::answer &&
                              (contact.status == "in-progress" || contact.status == "answered");
    return contact.human ||
           (by_answering && incident.state == Incident::State::acknowledged && incident.by == contact.member);
}

ContactStep step(Do what, Contact contact, Incident incident, std::string words = {}, seconds wait = {}) {
    ContactStep one;
    one.what = what;
    one.contact = std::move(contact);
    one.incident = std::move(incident);
    one.words = std::move(words);
    one.wait = wait;
    return one;
}

// One step of one contact, inside its transaction.
class Stepping {
  public:
    Stepping(store::Transaction& transaction, const ContactTerms& terms, ContactJob& job)
        : transaction_(transaction), terms_(terms), job_(job), now_(terms.seconds()) {}

    Result<ContactStep> run() {
        // The incident first, as everybody does who changes both.
        auto incident = transaction_.incident(job_.incident);
        if (!incident) return tl::unexpected(incident.error());
        auto contact = transaction_.contact(job_.contact);
        if (!contact) return tl::unexpected(contact.error());
        if (!*incident || !*contact) return step(Do::finish, {}, {}, "its incident is gone");
        incident_ = **incident;
        before_ = contact_ = **contact;
        if (contact_.over()) return end("over: " + contact_.status);
        if (contact_.state != State::waiting) {
            if (now_ - contact_.begun > longest_call)
                return end_as(State::unreached, "nothing was heard of it for an hour");
            if (terms_.telephones.account(contact_.account) == nullptr)
                return end_as(State::unreached, "there is no account " + contact_.account + " any more");
        }
        if (!wanted(incident_, contact_)) return end_unwanted();
        if (contact_.state == State::waiting) return begin();
        if (contact_.state == State::begun) return find();
        return step(Do::look, contact_, incident_);
    }

  private:
    ContactStep end(std::string words) { return step(Do::finish, contact_, incident_, std::move(words)); }

    Result<ContactStep> end_as(State state, std::string words) {
        if (contact_.state == State::waiting) contact_.status.clear();
        contact_.state = state;
        contact_.ended = now_;
        contact_.words = words;
        if (auto put = put_changed(transaction_, terms_.policy, before_, contact_, now_); !put)
            return tl::unexpected(put.error());
        return end(std::move(words));
    }

    Result<ContactStep> end_unwanted() {
        if (contact_.state == State::waiting)
            return end_as(State::cancelled,
                          fmt::format("the incident is {}", policy::to_string(incident_.state)));
        if (contact_.state == State::begun) return find();
        return step(takes_it_on(incident_, contact_) ? Do::look : Do::cancel, contact_, incident_);
    }

    Result<ContactStep> find() const {
        const auto since = now_ - contact_.begun;
        if (since < for_callbacks)
            return step(Do::wait, contact_, incident_, "no answer came yet", for_callbacks - since);
        return step(Do::find, contact_, incident_);
    }

    Result<ContactStep> begin() {
        const auto barred = transaction_.barred(bar_key(contact_.way, contact_.number));
        if (!barred) return tl::unexpected(barred.error());
        if (*barred) return end_as(State::barred, **barred);
        const auto full = over_limit();
        if (!full) return tl::unexpected(full.error());
        if (*full) return end_as(State::unreached, "too many calls to this number ([calls] limit)");
        auto passed_over = job_.refused;
        passed_over.insert(passed_over.end(), job_.failing.begin(), job_.failing.end());
        const auto line = take_line(transaction_, terms_, {incident_, contact_, passed_over});
        if (!line) return tl::unexpected(line.error());
        return begin_by(*line);
    }

    // The first call of a critical incident is never held back.
    Result<bool> over_limit() {
        const auto& limit = terms_.telephones.calls().limit;
        const auto of_incident = transaction_.contacts_of(incident_.number);
        if (!of_incident) return tl::unexpected(of_incident.error());
        const bool first = std::ranges::none_of(*of_incident, [&](const Contact& other) {
            return other.number == contact_.number && other.tries > 0;
        });
        if (first && incident_.severity == policy::Severity::critical) return false;
        const auto made = transaction_.contacts_to(contact_.number, now_ - limit.within);
        if (!made) return tl::unexpected(made.error());
        return *made >= limit.mails;
    }

    Result<ContactStep> begin_by(const PhoneLine& line) {
        switch (line.state) {
            case PhoneLine::State::taken:
                return write_begun(line);
            case PhoneLine::State::busy:
                return wait({}, line.words, line.wait);
            case PhoneLine::State::out_of_order:
                if (job_.faulty >= patience) return end_as(State::unreached, "every account is out of order");
                job_.faulty += line.wait;
                job_.failing.clear();  // by then another may be able again
                return wait(store::Incidents::out_of_order, "every account is out of order", line.wait);
            case PhoneLine::State::refused:
                break;
        }
        return end_as(State::unreached, "no account carries it: " + contact_.words);
    }

    // The status says whether it waits for a line, so that what is less waits, too.
    Result<ContactStep> wait(std::string_view status, std::string words, seconds so_long) {
        if (contact_.status != status) {
            contact_.status = status;
            if (auto put = transaction_.put_contact(contact_); !put) return tl::unexpected(put.error());
        }
        return step(Do::wait, contact_, incident_, std::move(words), so_long);
    }

    Result<ContactStep> write_begun(const PhoneLine& line) {
        contact_.state = State::begun;
        contact_.account = line.account;
        contact_.begun = std::max(now_, std::chrono::floor<seconds>(line.slot));
        contact_.status.clear();
        ++contact_.tries;
        if (auto put = transaction_.put_contact(contact_); !put) return tl::unexpected(put.error());
        auto sending = step(Do::send, contact_, incident_);
        sending.slot = line.slot;
        return sending;
    }

    store::Transaction& transaction_;
    const ContactTerms& terms_;
    ContactJob& job_;
    store::Time now_;
    Incident incident_;
    Contact before_;
    Contact contact_;
};

}  // namespace

Result<bool> still_wanted(store::Transaction& transaction, const ContactJob& job) {
    const auto incident = transaction.incident(job.incident);
    if (!incident) return tl::unexpected(incident.error());
    auto contact = transaction.contact(job.contact);
    if (!contact) return tl::unexpected(contact.error());
    if (!*incident || !*contact || (*contact)->state != State::begun) return false;
    if (wanted(**incident, **contact)) return true;
    (*contact)->state = State::waiting;
    --(*contact)->tries;
    if (auto put = transaction.put_contact(**contact); !put) return tl::unexpected(put.error());
    return false;
}

Result<ContactStep> contact_step(store::Transaction& transaction, const ContactTerms& terms,
                                 ContactJob& job) {
    return Stepping(transaction, terms, job).run();
}

}  // namespace mailrota::runtime
