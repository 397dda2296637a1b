#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/runtime/contact_step.h"
#include "core/runtime/incident_news.h"
#include "core/runtime/job_runner.h"

namespace mailrota::runtime {
namespace {

using policy::Contact;
using policy::Health;
using providers::PhoneAnswer;
using providers::PhoneOutcome;
using std::chrono::hours;
using std::chrono::seconds;
using State = Contact::State;

constexpr seconds first_back_off{5};
constexpr seconds longest_back_off{60};
constexpr seconds between_looks{5};  // for a request without an answer
constexpr int most_looks = 3;
constexpr int most_tries = 3;  // requests of one contact whose answers were lost
constexpr seconds clocks_differ{60};
constexpr seconds with_callbacks{30};
constexpr hours barred_for_an_outage{1};

std::optional<Health::Kind> health_of(PhoneOutcome outcome) {
    switch (outcome) {
        case PhoneOutcome::accepted:
        case PhoneOutcome::number:
        case PhoneOutcome::benign:
            return Health::Kind::works;
        case PhoneOutcome::configuration:
        case PhoneOutcome::account:
            return Health::Kind::configuration;
        case PhoneOutcome::temporary:
            return Health::Kind::temporary;
        case PhoneOutcome::uncertain:
            return Health::Kind::silent;
        case PhoneOutcome::callback:
        case PhoneOutcome::blocked:
            return std::nullopt;
    }
    return std::nullopt;
}

// A call that tells by itself how it stands is looked at now and then all the same.
ContactAnswered as_it_stands(const Contact& contact, const ContactTerms& terms, const ContactJob& job) {
    const auto& calls = terms.telephones.calls();
    const bool tells_by_itself = !calls.outbound_only() && !job.plain;
    return {contact, contact.over(), tells_by_itself ? with_callbacks : calls.poll, contact.status, false};
}

// One answer to one request, inside its transaction.
class Answering {
  public:
    Answering(store::Transaction& transaction, const ContactTerms& terms, Contact contact, ContactJob& job)
        : transaction_(transaction),
          terms_(terms),
          now_(terms.seconds()),
          before_(contact),
          contact_(std::move(contact)),
          job_(job) {}

    Result<ContactAnswered> take(const PhoneAnswer& answer) {
        if (auto told = tell_breaker(answer); !told) return tl::unexpected(told.error());
        answered_.words = contact_.words = answer.words;
        sort(answer);
        if (contact_.state == State::barred) {
            const auto until = now_ + (answer.may_pass ? barred_for_an_outage : barred_for);
            if (auto put = transaction_.bar(bar_key(contact_.way, contact_.number), answer.words, until);
                !put)
                return tl::unexpected(put.error());
        }
        return written();
    }

    Result<ContactAnswered> find_among(const std::vector<providers::ListedCall>& listed) {
        const auto found = ours(listed);
        if (!found) return tl::unexpected(found.error());
        if (*found) {
            place((*found)->provider_id, (*found)->status);
            answered_.words = "found at the account: " + contact_.status;
        } else if (++job_.looks < most_looks) {
            answered_.wait = between_looks;
            answered_.words = "the account does not know of it yet";
        } else {
            send_again();
        }
        return written();
    }

    Result<void> tell_breaker(const PhoneAnswer& answer) {
        const auto kind = health_of(answer.outcome);
        if (!kind) return {};
        const std::string scope = telephone_scope(contact_.account);
        const auto known = transaction_.breakers({scope});
        if (!known) return tl::unexpected(known.error());
        policy::Breaker before;
        before.scope = scope;
        if (!known->empty()) before = known->front();
        const auto after =
            policy::after(before, {*kind, answer.retry_after, answer.words}, account_terms(), now_);
        return after == before ? Result<void>() : transaction_.put_breaker(after);
    }

  private:
    void sort(const PhoneAnswer& answer) {
        switch (answer.outcome) {
            case PhoneOutcome::accepted:
                return place(answer.provider_id, answer.status);
            case PhoneOutcome::benign:
                return end_as(State::done);
            case PhoneOutcome::number:
                return end_as(State::barred);
            case PhoneOutcome::callback:
                answered_.alarm = true;
                if (job_.plain) return refuse();
                job_.plain = true;
                contact_.state = State::waiting;
                return;
            case PhoneOutcome::configuration:
            case PhoneOutcome::account:
                answered_.alarm = true;
                return refuse();
            case PhoneOutcome::blocked:
                return refuse();
            case PhoneOutcome::temporary:
                return wait(answer.retry_after);
            case PhoneOutcome::uncertain:
                answered_.wait = between_looks;
                return;
        }
    }

    void place(const std::string& provider_id, const std::string& status) {
        contact_.state = State::placed;
        contact_.provider_id = provider_id;
        providers::PhoneNews news;
        news.provider_id = provider_id;
        news.status = status;
        news.words = contact_.words;
        const auto changed = providers::after(contact_, news, now_);
        if (changed) contact_ = *changed;
        answered_.wait = as_it_stands(contact_, terms_, job_).wait;
    }

    void end_as(State state) {
        contact_.state = state;
        contact_.ended = now_;
    }

    // Never again by this account. The next one is asked at once; without one the contact ends there, unless
    // another may be able later.
    void refuse() {
        job_.refused.push_back(contact_.account);
        contact_.state = State::waiting;
        if (!job_.failing.empty()) rest_if_all_were_asked({});
    }

    // Another account may be able at once.
    void wait(seconds wish) {
        job_.failing.push_back(contact_.account);
        contact_.state = State::waiting;
        rest_if_all_were_asked(wish);
    }

    // Only this counts for its patience: not how long it waited for a line, nor how long for accounts of
    // which one has not been asked yet.
    void rest_if_all_were_asked(seconds wish) {
        const auto holds = [](const std::vector<std::string>& accounts, const std::string& account) {
            return std::ranges::find(accounts, account) != accounts.end();
        };
        const bool all = std::ranges::all_of(terms_.telephones.order(), [&](const std::string& account) {
            return holds(job_.refused, account) || holds(job_.failing, account);
        });
        if (!all) return;
        if (job_.faulty >= patience) return end_as(State::unreached);
        job_.failing.clear();
        contact_.status = store::Incidents::out_of_order;
        answered_.wait =
            std::clamp(wish, back_off(contact_.tries, first_back_off, longest_back_off), longest_back_off);
        job_.faulty += answered_.wait;
    }

    void send_again() {
        if (contact_.tries >= most_tries) {
            contact_.words = answered_.words = "no answer came, and the account does not know of it";
            return end_as(State::unreached);
        }
        job_.looks = 0;
        contact_.state = State::waiting;
        answered_.words = "no answer came, and the account does not know of it: once more";
    }

    // The oldest in the list that began with this request and belongs to no other contact.
    Result<std::optional<providers::ListedCall>> ours(const std::vector<providers::ListedCall>& listed) {
        std::optional<providers::ListedCall> oldest;
        for (const auto& one : listed) {
            if (one.to != contact_.number || !by_us(one) || one.created < contact_.begun - clocks_differ)
                continue;
            const auto known =
                transaction_.contact_of_provider(contact_.number, contact_.account, one.provider_id);
            if (!known) return tl::unexpected(known.error());
            if (*known) continue;
            if (!oldest || one.created < oldest->created) oldest = one;
        }
        return oldest;
    }

    // An account may be shared with others, who call the same people. An SMS may be from any number of ours.
    bool by_us(const providers::ListedCall& one) const {
        const auto* telephone = terms_.telephones.account(contact_.account);
        return contact_.way == Contact::Way::sms || telephone == nullptr ||
               one.from == telephone->settings().from;
    }

    Result<ContactAnswered> written() {
        if (auto put = put_changed(transaction_, terms_.policy, before_, contact_, now_); !put)
            return tl::unexpected(put.error());
        answered_.contact = contact_;
        answered_.over = contact_.over();
        return std::move(answered_);
    }

    store::Transaction& transaction_;
    const ContactTerms& terms_;
    store::Time now_;
    Contact before_;
    Contact contact_;
    ContactJob& job_;
    ContactAnswered answered_;
};

}  // namespace

Result<Contact> locked_contact(store::Transaction& transaction, const ContactJob& job) {
    const auto incident = transaction.incident(job.incident);
    if (!incident) return tl::unexpected(incident.error());
    auto contact = transaction.contact(job.contact);
    if (!contact) return tl::unexpected(contact.error());
    if (!*contact) return invalid("the contact is gone");
    return **std::move(contact);
}

Result<ContactAnswered> put_answer(store::Transaction& transaction, const ContactTerms& terms,
                                   ContactJob& job, const Contact& asked, const PhoneAnswer& answer) {
    auto contact = locked_contact(transaction, job);
    if (!contact) return tl::unexpected(contact.error());
    const bool of_another_try = contact->tries != asked.tries || contact->account != asked.account;
    if (contact->state != State::begun || of_another_try) {
        // Of the account it says as much.
        if (auto told = Answering(transaction, terms, asked, job).tell_breaker(answer); !told)
            return tl::unexpected(told.error());
        return as_it_stands(*contact, terms, job);
    }
    return Answering(transaction, terms, *std::move(contact), job).take(answer);
}

Result<ContactAnswered> put_found(store::Transaction& transaction, const ContactTerms& terms, ContactJob& job,
                                  const std::vector<providers::ListedCall>& listed) {
    auto contact = locked_contact(transaction, job);
    if (!contact) return tl::unexpected(contact.error());
    if (contact->state != State::begun) return as_it_stands(*contact, terms, job);
    return Answering(transaction, terms, *std::move(contact), job).find_among(listed);
}

Result<ContactAnswered> put_news(store::Transaction& transaction, const ContactTerms& terms,
                                 const ContactJob& job, const providers::PhoneNews& news) {
    auto contact = locked_contact(transaction, job);
    if (!contact) return tl::unexpected(contact.error());
    if (auto took = take_news(transaction, terms.policy, *contact, news, terms.seconds()); !took)
        return tl::unexpected(took.error());
    contact = locked_contact(transaction, job);
    if (!contact) return tl::unexpected(contact.error());
    return as_it_stands(*contact, terms, job);
}

}  // namespace mailrota::runtime
