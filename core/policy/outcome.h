#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/policy/decide.h"
#include "core/policy/template.h"

namespace mailrota::policy {

// Whether the walk goes on after a rule.
enum class After { go_on, stop };

// A decision while it is made: routes that recipients have got so far, and what the mail gets beside them.
// Recipients are told by their place in the envelope. Belongs to one walk; the policy, mail and trace must
// outlive it.
class Outcome {
  public:
    Outcome(const Policy& policy, const mail::Mail& mail, const mail::Trace& trace);

    // Carries out the rule's actions for these recipients, who matched in this way.
    After apply(const Rule& rule, std::span<const std::size_t> recipients, const Match& match);
    // Those of the recipients for whom the rule could matter: who has no route yet, and, if the rule does
    // more than give routes, who is not refused or deferred already.
    std::vector<std::size_t> concerned(const Rule& rule, std::span<const std::size_t> recipients) const;
    // Gives a recipient this route in place of the one it may have.
    void hold_back(std::size_t recipient, Routed routed) { route(recipient, std::move(routed)); }
    // Gives a route to everybody who has none.
    void route_rest(const Route& route, const std::string& why);
    // Gives the addresses of rotas that have no route yet to their rotas.
    void apply_rotas();
    // The mail passes as it came.
    void pass_untouched(const Rule& rule, const std::string& why);
    bool passed_untouched() const { return decision_.pass_untouched; }
    // Each text once.
    void alarm(const std::string& text);

    Decision take() &&;

  private:
    // A rule whose actions are being carried out.
    struct Applied {
        const Rule& rule;
        std::span<const std::size_t> recipients;
        const Match& match;
    };

    void route(std::size_t recipient, Routed routed);
    Routed to_rota(const std::string& name, std::string rule, std::string why, bool pass_on_error) const;
    // Whether the rule has not copied this mail, or added to it, on an earlier way through us.
    bool first_time(const Rule& rule);
    void act_on_mail(const Applied& applied, const Copy& copy);
    void act_on_mail(const Applied& applied, const AddHeader& header);
    void act_on_mail(const Applied& applied, const RemoveHeader& header);
    void act_on_mail(const Applied& applied, const Quarantine& quarantine);
    void act_on_mail(const Applied& applied, const Raise& raise);
    void act_on_mail(const Applied& applied, const Resolve& resolve);
    void act_on_mail(const Applied& applied, const Beat& beat);
    bool is_notice() const;
    void add_trigger(const Applied& applied, const Alert& alert, Trigger::Kind kind);
    std::string say_of(const Applied& applied, const Alert& alert) const;
    // {rcpt} is all the recipients that the rule chose; in a reply, the one who gets it.
    std::string fill(const Applied& applied, const std::string& text) const;
    Reply fill(const Applied& applied, const Reply& reply, const Reply& standard,
               std::size_t recipient) const;

    // A header edit and the rule that asked for it.
    struct Edit {
        const Rule* rule;
        HeaderEdit edit;
    };

    const Policy& policy_;
    const mail::Mail& mail_;
    const mail::Trace& trace_;
    Decision decision_;
    std::vector<bool> routed_;
    std::vector<Edit> edits_;
    std::unordered_set<std::string> copied_;  // address keys
};

// A reply as it may be sent: cleaned, with the rule's template filled, and whole where the rule left
// something out.
Reply finished_reply(const Reply& reply, const Reply& standard, const TemplateValues& values);
inline const Reply standard_refusal{550, "5.7.1", "Message refused"};
inline const Reply standard_deferral{451, "4.7.1", "Try again later"};

}  // namespace mailrota::policy
