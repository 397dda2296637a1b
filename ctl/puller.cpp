#include "ctl/puller.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mailrota::ctl {

using Outcome = wire::Acknowledgement::Result::Outcome;

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mails_between_words = 10;
constexpr std::chrono::seconds time_between_words{2};
constexpr std::size_t most_results = 100;  // of one acknowledgement: far below any limit on a request
constexpr int tries = 3;
constexpr std::chrono::milliseconds before_next_try{500};

wire::Acknowledgement::Result result(const wire::HandedMail& mail, const std::string& recipient,
                                     Outcome outcome, std::string reply) {
    return {mail.id, recipient, outcome, std::move(reply)};
}

std::vector<std::string> addresses(const wire::HandedMail& mail) {
    std::vector<std::string> list;
    for (const auto& each : mail.recipients) list.push_back(each.address);
    return list;
}

// Often enough that a lease never ends while we work, whatever the two clocks say.
std::chrono::milliseconds renewal(std::chrono::seconds lease) {
    return std::clamp<std::chrono::milliseconds>(lease / 3, 1s, 60s);
}

}  // namespace

Puller::Puller(HandoutClient& server, DoneList& list, HandOn& mail_server, PullProgress& progress,
               PullStop stop, runtime::Clock clock)
    : server_(server),
      list_(list),
      mail_server_(mail_server),
      progress_(progress),
      stop_(std::move(stop)),
      clock_(std::move(clock)) {}

PullSummary Puller::run(const PullTerms& terms) {
    end_old_leases();
    while (!stop_.asked() && !list_failed_) {
        const Batch batch = pull_batch(terms);
        if (batch == Batch::full) continue;
        if (!terms.follow && batch != Batch::some) break;
        if (terms.follow) stop_.rest(terms.every);
    }
    if (auto compacted = list_.compact(); !compacted) trouble(compacted.error().text);
    progress_.finished(summary_);
    return summary_;
}

Puller::Batch Puller::pull_batch(const PullTerms& terms) {
    summary_.trouble.clear();
    server_failed_ = false;
    acknowledge_what_waits();
    const auto lease = server_.lease(terms.request);
    if (!lease) {
        trouble(lease.error());
        return Batch::stuck;
    }
    summary_.left = lease->left;
    if (lease->mails.empty()) return Batch::none;
    leased_ = Steady::now();
    renew_after_ = renewal(lease->until - clock_());
    const bool all = pull_mails(*lease);
    // What waits stays in the list if this fails.
    const bool told = flush(lease->token);
    if (!all && !server_failed_) server_.give_back(lease->token);
    if (!all || !told) return Batch::stuck;
    bool fresh = terms.follow;
    for (const auto& mail : lease->mails) fresh = seen_.insert(mail.id).second || fresh;
    if (terms.follow) seen_.clear();
    // A server that gives the same mails again and again does not keep us for ever.
    if (!fresh) return Batch::stuck;
    return lease->left > 0 || lease->mails.size() >= terms.request.count ? Batch::full : Batch::some;
}

bool Puller::pull_mails(const wire::Lease& lease) {
    for (const auto& mail : lease.mails) {
        if (stop_.asked() || !keep_lease(lease) || !pull_mail(lease, mail)) return false;
        progress_.moved(summary_);
    }
    return true;
}

bool Puller::keep_lease(const wire::Lease& lease) {
    if (Steady::now() - leased_ < renew_after_) return true;
    const auto held = server_.renew(lease.token);
    if (!held) return trouble(held.error());
    leased_ = Steady::now();
    // What was told already is held no more; at least this mail is.
    return *held > 0 || trouble("the lease is over");
}

Puller::Results Puller::settled_before(wire::HandedMail& mail) {
    Results results;
    std::vector<wire::HandedRecipient> open;
    for (auto& each : mail.recipients) {
        if (const DoneLine* done = list_.find(mail.id, each.address)) {
            const bool delivered = done->what == DoneLine::What::delivered;
            results.push_back(
                result(mail, each.address, delivered ? Outcome::delivered : Outcome::failed, done->reply));
            ++summary_.repeated;
        } else {
            open.push_back(std::move(each));
        }
    }
    mail.recipients = std::move(open);
    return results;
}

bool Puller::pull_mail(const wire::Lease& lease, const wire::HandedMail& offered) {
    wire::HandedMail mail = offered;
    if (unsent_.empty()) unsent_since_ = Steady::now();
    Results known = settled_before(mail);
    std::ranges::move(known, std::back_inserter(unsent_));
    Results refused;
    std::erase_if(mail.recipients, [&](const wire::HandedRecipient& each) {
        const bool usable =
            !each.address.empty() && is_usable_address(each.address) && is_usable_address(mail.sender);
        if (!usable)
            refused.push_back(
                result(mail, each.address, Outcome::failed, "553 5.1.3 the address cannot be used"));
        return !usable;
    });
    if (!refused.empty() && !note_done(lease, refused)) return false;
    Results results;
    const bool go_on = mail.recipients.empty() || send(lease, mail, results);
    ++unsent_mails_;
    const bool due =
        unsent_mails_ >= mails_between_words || Steady::now() - unsent_since_ >= time_between_words;
    return (!due || flush(lease.token)) && go_on;
}

// Asks again a few times where the server may be there in a moment.
template <class Ask>
auto Puller::patiently(Ask ask) {
    auto answer = ask();
    for (int tried = 1; tried < tries && !answer; ++tried) {
        if (answer.error().kind != HandoutFault::Kind::away || stop_.asked()) break;
        stop_.rest(before_next_try * tried);
        answer = ask();
    }
    return answer;
}

bool Puller::send(const wire::Lease& lease, const wire::HandedMail& mail, Results& results) {
    const auto bytes = patiently([&] { return server_.message(lease.token, mail); });
    if (!bytes && bytes.error().kind != HandoutFault::Kind::garbled) return trouble(bytes.error());
    if (!bytes) {
        progress_.note("id=" + mail.id + " " + bytes.error().text);
        for (const auto& each : mail.recipients)
            results.push_back(
                result(mail, each.address, Outcome::deferred, "451 4.3.0 " + bytes.error().text));
        return note_done(lease, results);
    }
    for (const auto& each : mail.recipients) {
        if (!list_.begun(mail.id, each.address)) continue;
        ++summary_.possible_duplicates;
        progress_.note("id=" + mail.id + " recipient=" + each.address +
                       " possible duplicate: an earlier delivery was begun and its end is not known");
    }
    if (auto begun = list_.begin(lease.token, mail.id, addresses(mail), clock_()); !begun) {
        list_failed_ = true;
        return trouble(begun.error().text);
    }
    const HandedOn handed = mail_server_.deliver(mail, *bytes);
    ++summary_.mails;
    summary_.bytes += bytes->size();
    if (!note_done(lease, handed.results)) return false;
    if (handed.away && !handed.results.empty())
        return trouble("the mail server here takes nothing: " + handed.results.front().reply);
    return true;
}

bool Puller::note_done(const wire::Lease& lease, const Results& results) {
    count(results);
    unsent_.insert(unsent_.end(), results.begin(), results.end());
    if (auto noted = list_.done(lease.token, results, clock_()); !noted) {
        list_failed_ = true;
        return trouble(noted.error().text);
    }
    return true;
}

void Puller::count(const Results& results) {
    for (const auto& each : results) {
        summary_.delivered += each.outcome == Outcome::delivered ? 1 : 0;
        summary_.failed += each.outcome == Outcome::failed ? 1 : 0;
        summary_.deferred += each.outcome == Outcome::deferred ? 1 : 0;
        if (each.outcome == Outcome::delivered) continue;
        progress_.note("id=" + each.id + " recipient=" + each.recipient +
                       (each.outcome == Outcome::failed ? " failed: " : " deferred: ") + each.reply);
    }
}

bool Puller::flush(const std::string& lease) {
    if (unsent_.empty()) return true;
    const Results results = std::exchange(unsent_, {});
    unsent_mails_ = 0;
    for (std::size_t at = 0; at < results.size(); at += most_results) {
        const auto end = std::min(at + most_results, results.size());
        const Results part(results.begin() + static_cast<std::ptrdiff_t>(at),
                           results.begin() + static_cast<std::ptrdiff_t>(end));
        if (!acknowledge(lease, part)) return false;
    }
    return true;
}

bool Puller::acknowledge(const std::string& lease, const Results& results) {
    const auto answer = patiently([&] { return server_.acknowledge({lease, results}); });
    if (!answer) {
        behind_ = true;
        return trouble(answer.error());
    }
    // Which of them were stale is not said. A delivery never is; a failure is told again with the next lease.
    Results taken = results;
    if (answer->stale > 0)
        std::erase_if(taken, [](const auto& each) { return each.outcome == Outcome::failed; });
    if (auto noted = list_.acknowledged(taken); !noted) {
        list_failed_ = true;
        return trouble(noted.error().text);
    }
    return true;
}

void Puller::acknowledge_what_waits() {
    if (!behind_) return;
    behind_ = false;
    for (const auto& [lease, results] : list_.waiting()) {
        unsent_ = results;
        if (!flush(lease)) break;
    }
}

// The list is ours alone: whoever had these leases is no more.
void Puller::end_old_leases() {
    const auto leases = list_.leases();
    acknowledge_what_waits();
    for (const std::string& lease : leases) {
        if (server_failed_) break;
        const auto ended = server_.give_back(lease);
        if (!ended && ended.error().kind == HandoutFault::Kind::away) break;
    }
}

bool Puller::trouble(const std::string& text) {
    summary_.trouble = text;
    progress_.note(text);
    return false;
}

bool Puller::trouble(const HandoutFault& fault) {
    server_failed_ = fault.kind != HandoutFault::Kind::lease_over;
    return trouble(fault.text);
}

}  // namespace mailrota::ctl
