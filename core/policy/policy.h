#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/mail/envelope.h"
#include "core/mail/message.h"
#include "core/policy/alert.h"
#include "core/policy/rota.h"
#include "core/policy/rule.h"
#include "core/policy/sieves.h"

namespace mailrota::policy {

// What a policy can ever look at or do: which steps, macros and rights the milter asks of the MTA.
struct Needs {
    bool anything = false;    // false: no rule and no rota; every mail passes unseen
    bool connection = false;  // client name or address
    bool helo = false;
    bool headers = false;            // some rule on headers, some rota (its message key), some trace
    bool body = false;               // some rule on body, attachments or size
    bool recipient_replies = false;  // some recipient can be refused or deferred from the envelope alone
    bool change_recipients = false;
    bool change_headers = false;
    bool quarantine = false;
};

// All that the administrator wants, compiled: an immutable snapshot, shared by any number of threads.
class Policy {
  public:
    // Takes rules in their order (the tests inside are put so that cheap ones come first) and rotas by name
    // (each address stands in one rota at most: core/config has seen to it).
    Policy(std::vector<Rule> rules, std::vector<Rota> rotas, mail::DecodeLimits limits = {},
           std::vector<Alert> alerts = {}, std::vector<Heartbeat> heartbeats = {});

    const std::vector<Rule>& rules() const { return rules_; }
    const std::vector<Rota>& rotas() const { return rotas_; }
    const Rota* rota(std::string_view name) const;
    const Alert* alert(std::string_view name) const;
    const std::vector<Alert>& alerts() const { return alerts_; }
    const std::vector<Heartbeat>& heartbeats() const { return heartbeats_; }
    // The rota that has this address among its `addresses`.
    const Rota* rota_for(const mail::Address& recipient) const;
    const Needs& needs() const { return needs_; }
    const mail::DecodeLimits& decode_limits() const { return limits_; }
    // Indexes, ascending, of the rules that can match this envelope: all but those which demand, at the top
    // of their condition, an exact sender or recipient that it does not have. Ten thousand exact rules cost
    // one look-up an address.
    std::vector<std::uint32_t> candidates(const mail::Envelope& envelope) const;
    // The same for some recipients of one sender.
    std::vector<std::uint32_t> candidates(const mail::Address& sender,
                                          std::span<const mail::Recipient> recipients) const;
    // What tells in one pass which of the rules' patterns a text can match.
    const Sieves& sieves() const { return sieves_; }
    // Whether every pattern was compiled by the JIT.
    bool jitted() const;

  private:
    using Index = std::unordered_multimap<std::string, std::uint32_t>;

    void index_rule(std::uint32_t rule);
    void index_rota(std::size_t rota);

    std::vector<Rule> rules_;
    std::vector<Rota> rotas_;
    std::vector<Alert> alerts_;
    std::vector<Heartbeat> heartbeats_;
    mail::DecodeLimits limits_;
    Needs needs_;
    Sieves sieves_;
    std::vector<std::uint32_t> unindexed_;
    Index by_recipient_;  // address key → rule
    Index by_sender_;
    std::unordered_map<std::string, std::size_t> rota_by_address_;  // address key → rota
    std::map<std::string, std::size_t, std::less<>> rota_by_name_;
};

}  // namespace mailrota::policy
