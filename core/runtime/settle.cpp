#include "core/runtime/settle.h"

#include <algorithm>

#include "core/mail/text_encoding.h"
#include "core/policy/safe_text.h"

namespace mailrota::runtime {
namespace {

using policy::Choice;
using policy::Rota;
using policy::RotaState;
using policy::Turn;
using std::chrono::sys_seconds;
using store::StoredTurn;
using store::Transaction;

// A remembered turn holds as long as the configuration still knows everybody in it.
bool still_holds(const StoredTurn& turn, const Rota& rota) {
    if (turn.members.empty()) return turn.targets == rota.fallback;
    return std::ranges::all_of(turn.members, [&](const std::string& id) {
        return std::ranges::any_of(rota.members,
                                   [&](const policy::Member& member) { return member.id == id; });
    });
}

// The turn that the same mail got before. A key that no other offer can have needs no look-up.
Result<std::optional<Turn>> find_again(Transaction& transaction, const Rota& rota,
                                       const mail::MessageKey& key) {
    if (!key.repeatable) return std::nullopt;
    const auto stored = transaction.turn(rota.name, key.hex);
    if (!stored) return tl::unexpected(stored.error());
    if (!*stored || !still_holds(**stored, rota)) return std::nullopt;
    return Turn{rota.name, (*stored)->targets, (*stored)->reason, true};
}

// What the mail's conversation is known by in the store; empty if the rota keeps none or the mail has none.
std::vector<std::string> conversation_keys(const Rota& rota, const mail::Mail& mail) {
    if (!rota.sticky || rota.strategy == policy::Strategy::all) return {};
    if (rota.sticky->by == policy::Sticky::By::sender) {
        if (mail.envelope.sender.null()) return {};
        return {"s:" + mail.envelope.sender.key()};
    }
    std::vector<std::string> keys = mail::thread_ids(mail.message);
    for (std::string& key : keys) key.insert(0, "t:");
    return keys;
}

Result<std::optional<std::string>> conversation_member(Transaction& transaction, const Rota& rota,
                                                       const std::vector<std::string>& keys,
                                                       sys_seconds now) {
    if (keys.empty()) return std::nullopt;
    return transaction.sticky(rota.name, keys, now);
}

// For people who read the history: one line, not longer than RFC 5322 lets a line be.
std::string message_id(const mail::Message& message) {
    const std::vector<std::string> values = message.header("Message-ID");
    if (values.empty()) return {};
    std::string id = policy::without_controls(values.front());
    mail::cut_utf8(id, 998);
    return id;
}

StoredTurn to_store(const Rota& rota, const Choice& choice, const mail::Mail& mail, sys_seconds now) {
    return {.rota = rota.name,
            .key = mail.key.hex,
            .members = choice.members,
            .targets = choice.targets,
            .reason = std::string(policy::to_string(choice.reason)),
            .queue_id = mail.queue_id,
            .message_id = message_id(mail.message),
            .at = now};
}

// The turn of one rota, and what is to be written if the mail goes out on it.
struct Settled {
    const Rota& rota;
    Turn turn;
    RotaState before;
    std::vector<std::string> conversation;
    std::optional<Choice> choice;  // nothing if the turn was found again
};

Result<void> remember(Transaction& transaction, const Settled& settled, const mail::Mail& mail,
                      sys_seconds now) {
    if (!settled.choice || settled.choice->reason == Choice::Reason::nobody) return {};
    const Rota& rota = settled.rota;
    const Choice& choice = *settled.choice;
    if (auto put = transaction.put_turn(to_store(rota, choice, mail, now)); !put) return put;
    if (choice.state != settled.before) {
        if (auto put = transaction.put_rota_state(rota.name, choice.state); !put) return put;
    }
    if (settled.conversation.empty() || choice.members.empty()) return {};
    return transaction.put_sticky(rota.name, settled.conversation, choice.members.front(),
                                  now + rota.sticky->lasting);
}

Result<Settled> draw(Transaction& transaction, const Rota& rota, const mail::Mail& mail, sys_seconds now) {
    Settled settled{rota, {}, {}, conversation_keys(rota, mail), {}};
    const auto member = conversation_member(transaction, rota, settled.conversation, now);
    if (!member) return tl::unexpected(member.error());
    auto before = transaction.rota_state(rota.name);
    if (!before) return tl::unexpected(before.error());
    settled.before = std::move(*before);
    const Choice& choice = settled.choice.emplace(policy::choose(rota, settled.before, *member, now));
    settled.turn = {rota.name, choice.targets, std::string(policy::to_string(choice.reason)), false};
    return settled;
}

Result<Settled> settle_one(Transaction& transaction, const Rota& rota, const mail::Mail& mail,
                           sys_seconds now) {
    auto earlier = find_again(transaction, rota, mail.key);
    if (!earlier) return tl::unexpected(earlier.error());
    if (*earlier) return Settled{rota, std::move(**earlier), {}, {}, {}};
    return draw(transaction, rota, mail, now);
}

// Whether the mail waits, whoever was found for its other recipients.
bool waits(const std::vector<Settled>& all, policy::Granularity granularity) {
    return granularity == policy::Granularity::whole_mail_only &&
           std::ranges::any_of(all, [](const Settled& one) { return one.turn.targets.empty(); });
}

}  // namespace

Result<policy::Turns> settle(Transaction& transaction, const policy::Policy& policy, const mail::Mail& mail,
                             const std::vector<std::string>& rotas, policy::Granularity granularity,
                             sys_seconds now, Choices* choices) {
    std::vector<Settled> all;
    for (const std::string& name : rotas) {
        const Rota* rota = policy.rota(name);
        if (rota == nullptr) return invalid("there is no rota \"" + name + "\"");
        auto settled = settle_one(transaction, *rota, mail, now);
        if (!settled) return tl::unexpected(settled.error());
        all.push_back(std::move(*settled));
    }
    const bool nothing_is_kept = waits(all, granularity);
    policy::Turns turns;
    for (Settled& one : all) {
        if (!nothing_is_kept)
            if (auto done = remember(transaction, one, mail, now); !done) return tl::unexpected(done.error());
        if (choices != nullptr && one.choice)
            choices->insert_or_assign(one.rota.name, std::move(*one.choice));
        turns.emplace(one.rota.name, std::move(one.turn));
    }
    return turns;
}

}  // namespace mailrota::runtime
