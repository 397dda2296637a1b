#include "core/runtime/relay_verdict.h"

#include <algorithm>

#include "core/runtime/relay_reply.h"

namespace mailrota::runtime {
namespace {

using policy::Health;
using providers::Answer;
using providers::RecipientAnswer;
using Kind = RecipientAnswer::Kind;
using Outcome = store::RelayAttempt::Recipient::Outcome;
using State = store::RelayAttempt::State;
using Tried = Contender::Tried;
using Way = Verdict::Way;

bool has(const Answer& answer, Kind kind) {
    return std::ranges::any_of(answer.recipients, [kind](const auto& one) { return one.kind == kind; });
}

std::string words_of(const Answer& answer, Kind kind) {
    const auto found = std::ranges::find(answer.recipients, kind, &RecipientAnswer::kind);
    return found == answer.recipients.end() ? std::string() : one_line(found->words);
}

bool tells_of_the_provider(Kind kind) { return kind == Kind::configuration || kind == Kind::temporary; }

Tried tried_of(const RecipientAnswer& one, bool of_domain) {
    if (one.kind == Kind::unsent) return Tried::no;
    if (one.kind == Kind::bad_message_here) return Tried::of_mail;
    return one.kind == Kind::configuration && of_domain ? Tried::of_domain : Tried::fault;
}

Verdict verdict_on(const RecipientAnswer& one, const std::string& provider, bool of_domain, bool repeated) {
    const std::string words = one_line(one.words);
    if (one.kind == Kind::accepted)
        return {Way::done,       Outcome::accepted,
                one.provider_id, reply_of_acceptance(provider, one.provider_id),
                Tried::no,       words};
    if (one.kind == Kind::bad_message || one.kind == Kind::bad_recipient)
        return {Way::failed, Outcome::failed, {}, reply_of_refusal(provider, one), Tried::no, words};
    if (one.kind == Kind::uncertain || (repeated && tells_of_the_provider(one.kind)))
        return {Way::uncertain, Outcome::uncertain, {}, reply_of_doubt(provider), Tried::no, words};
    if (one.kind == Kind::later)
        return {Way::later, Outcome::deferred, {}, reply_of_deferral(provider, one), Tried::no, words};
    const Way way = one.kind == Kind::unsent ? Way::again : Way::next;
    return {way, Outcome::deferred, {}, {}, tried_of(one, of_domain), words};
}

State state_of(const std::vector<Verdict>& verdicts) {
    const auto any = [&verdicts](Outcome outcome) {
        return std::ranges::any_of(verdicts, [outcome](const auto& one) { return one.outcome == outcome; });
    };
    if (any(Outcome::uncertain)) return State::uncertain;
    return any(Outcome::accepted) ? State::accepted : State::refused;
}

Health health_of(const Answer& answer) {
    if (!answer.alarm.empty())
        return {Health::Kind::configuration, answer.retry_after, one_line(answer.alarm)};
    if (has(answer, Kind::configuration))
        return {Health::Kind::configuration, answer.retry_after, words_of(answer, Kind::configuration)};
    if (has(answer, Kind::accepted) || has(answer, Kind::unsent) || has(answer, Kind::later)) return {};
    if (has(answer, Kind::temporary))
        return {Health::Kind::temporary, answer.retry_after, words_of(answer, Kind::temporary)};
    if (has(answer, Kind::uncertain))
        return {Health::Kind::silent, answer.retry_after, words_of(answer, Kind::uncertain)};
    return {};
}

// Once for all who were told the same, which is the rule.
std::string words_of(const std::vector<Verdict>& verdicts) {
    std::string all;
    for (const Verdict& one : verdicts)
        if (!one.words.empty() && all.find(one.words) == std::string::npos && all.size() < 500)
            all += (all.empty() ? "" : "; ") + one.words;
    return all;
}

}  // namespace

std::string scope_of(std::string_view provider, std::string_view domain) {
    return std::string(provider) + (domain.empty() ? "" : "/" + std::string(domain));
}

Judgement judge(const Answer& answer, const std::string& provider, std::string_view domain, bool repeated) {
    Judgement judgement;
    std::vector<RecipientAnswer> answers = answer.recipients;
    // There is nobody to be parted from.
    if (answers.size() == 1 && answers.front().kind == Kind::unsent)
        answers.front().kind = Kind::bad_message_here;
    for (const RecipientAnswer& one : answers)
        judgement.recipients.push_back(verdict_on(one, provider, answer.of_domain, repeated));
    judgement.state = state_of(judgement.recipients);
    judgement.words = words_of(judgement.recipients);
    const Health health = health_of(answer);
    const bool of_domain = answer.of_domain && answer.alarm.empty() && !domain.empty() &&
                           health.kind == Health::Kind::configuration;
    judgement.healths.emplace_back(provider, of_domain ? Health{} : health);
    // Mail from the domain passes, or the provider would have said so before anything else.
    const bool domain_works = health.kind == Health::Kind::works && has(answer, Kind::accepted);
    if (!domain.empty() && (of_domain || domain_works))
        judgement.healths.emplace_back(scope_of(provider, domain), health);
    if (health.kind == Health::Kind::configuration) judgement.alarm = health.words;
    return judgement;
}

}  // namespace mailrota::runtime
