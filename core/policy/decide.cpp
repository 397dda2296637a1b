#include "core/policy/decide.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/evaluate.h"
#include "core/policy/outcome.h"

namespace mailrota::policy {
namespace {

constexpr int hops_most = 10;

// The recipients for whom a rule's condition gave one kind of answer, by their place in the envelope.
struct Selected {
    std::vector<std::size_t> recipients;
    std::vector<Match> matches;  // one for each recipient, or one for all of them

    const std::string& why() const { return matches.front().why; }
};

struct Sorted {
    Selected yes;
    Selected passing;
    Selected limit;
};

// One walk of one mail through the rules and the rotas' addresses.
class Walk {
  public:
    Walk(const Policy& policy, const mail::Mail& mail, const mail::Trace& trace, Tracing tracing)
        : policy_(policy),
          mail_(mail),
          trace_(trace),
          tracing_(tracing == Tracing::on),
          evaluation_(Seen::of(mail), tracing_ ? &lines_ : nullptr, &policy.sieves()),
          outcome_(policy, mail, trace),
          walking_(mail.envelope.recipients.size(), true) {}

    Decision run() {
        if (trace_.hops > hops_most) return refuse_loop();
        walk_rules();
        if (!outcome_.passed_untouched()) outcome_.apply_rotas();
        auto decision = std::move(outcome_).take();
        decision.trace = std::move(told_);
        return decision;
    }

  private:
    Decision refuse_loop() {
        const auto why = fmt::format("redirected {} times, a loop", trace_.hops);
        outcome_.route_rest(RouteRefuse{{550, "5.4.6", "Mail loop: redirected too often"}}, why);
        return std::move(outcome_).take();
    }

    void walk_rules() {
        for (const auto index : rules_to_walk()) {
            if (!tracing_ && evaluation_.ruled_out(index)) continue;
            if (ended()) return;
            apply(policy_.rules()[index]);
        }
    }

    // For explain, the rules that the index leaves out are told as well.
    std::vector<std::uint32_t> rules_to_walk() const {
        if (!tracing_) return policy_.candidates(mail_.envelope);
        std::vector<std::uint32_t> all(policy_.rules().size());
        for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
        return all;
    }

    bool ended() const { return stopped_ || outcome_.passed_untouched() || everybody_ended(); }

    bool everybody_ended() const {
        return !walking_.empty() && std::ranges::none_of(walking_, [](bool walking) { return walking; });
    }

    void apply(const Rule& rule) {
        auto sorted = rule.when.about_recipient() ? sort_each(rule) : sort_all(rule);
        settle_passing(rule, sorted.passing);
        settle_limit(rule, sorted);
        if (outcome_.passed_untouched()) return;
        if (!sorted.yes.matches.empty()) match(rule, sorted.yes);
    }

    Sorted sort_each(const Rule& rule) {
        Sorted sorted;
        for (std::size_t i = 0; i < walking_.size(); ++i) {
            if (!walking_[i]) continue;
            const auto& address = mail_.envelope.recipients[i].address;
            auto match = evaluate(rule, &address);
            auto* group = group_of(sorted, match);
            if (!group) continue;
            group->recipients.push_back(i);
            group->matches.push_back(std::move(match));
        }
        return sorted;
    }

    Sorted sort_all(const Rule& rule) {
        Sorted sorted;
        auto match = evaluate(rule, nullptr);
        auto* group = group_of(sorted, match);
        if (!group) return sorted;
        group->matches.push_back(std::move(match));
        for (std::size_t i = 0; i < walking_.size(); ++i)
            if (walking_[i]) group->recipients.push_back(i);
        return sorted;
    }

    static Selected* group_of(Sorted& sorted, const Match& match) {
        if (match.answer == Answer::no) return nullptr;
        if (match.answer == Answer::yes) return &sorted.yes;
        return match.doubt == Doubt::limit ? &sorted.limit : &sorted.passing;
    }

    Match evaluate(const Rule& rule, const mail::Address* recipient) {
        lines_.clear();
        auto match = evaluation_.evaluate(rule.when, recipient);
        if (tracing_) tell(rule, recipient, match);
        return match;
    }

    void tell(const Rule& rule, const mail::Address* recipient, const Match& match) {
        const auto whom = recipient ? fmt::format(" for {}", recipient->text()) : std::string();
        told_.push_back(
            {0, fmt::format("rule \"{}\" ({}){}: {}", rule.name, rule.where, whom, to_string(match.answer))});
        for (auto& line : lines_) told_.push_back({line.depth, std::move(line.text)});
    }

    // What may be known later: the recipients wait, or the rule lets the mail pass.
    void settle_passing(const Rule& rule, const Selected& group) {
        const auto concerned = outcome_.concerned(rule, group.recipients);
        if (concerned.empty()) return;
        const auto why = fmt::format("rule \"{}\" could not be told: {}", rule.name, group.why());
        if (rule.on_error == OnError::pass) return outcome_.pass_untouched(rule, why);
        defer(rule, concerned, "A list that is needed for this mail could not be read; try again later", why);
    }

    // What will never be known: somebody is told, and the rule says what to do.
    void settle_limit(const Rule& rule, Sorted& sorted) {
        const auto& group = sorted.limit;
        if (group.matches.empty()) return;
        constexpr std::string_view words[] = {"match", "no_match", "defer"};
        const auto why = fmt::format("rule \"{}\" ({}) hit a limit: {}; on_limit = {}", rule.name, rule.where,
                                     group.why(), words[static_cast<std::size_t>(rule.on_limit)]);
        outcome_.alarm(why);
        if (rule.on_limit == OnLimit::match) take_over(sorted.yes, group);
        if (rule.on_limit == OnLimit::defer)
            defer(rule, outcome_.concerned(rule, group.recipients),
                  "This mail could not be examined; try again later", why);
    }

    static void take_over(Selected& yes, const Selected& limit) {
        yes.recipients.insert(yes.recipients.end(), limit.recipients.begin(), limit.recipients.end());
        yes.matches.insert(yes.matches.end(), limit.matches.begin(), limit.matches.end());
    }

    void defer(const Rule& rule, const std::vector<std::size_t>& recipients, const char* text,
               const std::string& why) {
        for (const auto recipient : recipients) {
            outcome_.hold_back(recipient, {RouteDefer{{451, "4.3.0", text}}, rule.name, why, false});
            walking_[recipient] = false;
        }
    }

    // Carries a rule out: for each recipient with its own captures if it is about them, else once for all.
    void match(const Rule& rule, const Selected& group) {
        auto after = After::go_on;
        if (rule.when.about_recipient()) {
            for (std::size_t i = 0; i < group.recipients.size(); ++i)
                after = outcome_.apply(rule, {&group.recipients[i], 1}, group.matches[i]);
        } else {
            after = outcome_.apply(rule, group.recipients, group.matches.front());
            stopped_ = after == After::stop;
        }
        if (after == After::go_on) return;
        for (const auto recipient : group.recipients) walking_[recipient] = false;
    }

    const Policy& policy_;
    const mail::Mail& mail_;
    const mail::Trace& trace_;
    bool tracing_;
    std::vector<TestLine> lines_;
    Evaluation evaluation_;
    Outcome outcome_;
    std::vector<bool> walking_;
    bool stopped_ = false;
    std::vector<TraceLine> told_;
};

}  // namespace

Decision decide(const Policy& policy, const mail::Mail& mail, const mail::Trace& trace, Tracing tracing) {
    return Walk(policy, mail, trace, tracing).run();
}

}  // namespace mailrota::policy
