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

Result<void> remember(Transaction& transaction, const Rota& rota, const Choice& choice,
                      const RotaState& before, const mail::Mail& mail,
                      const std::vector<std::string>& conversation, sys_seconds now) {
    if (choice.reason == Choice::Reason::nobody) return {};
    if (auto put = transaction.put_turn(to_store(rota, choice, mail, now)); !put) return put;
    if (choice.state != before) {
        if (auto put = transaction.put_rota_state(rota.name, choice.state); !put) return put;
    }
    if (conversation.empty() || choice.members.empty()) return {};
    return transaction.put_sticky(rota.name, conversation, choice.members.front(),
                                  now + rota.sticky->lasting);
}

Result<Choice> draw(Transaction& transaction, const Rota& rota, const mail::Mail& mail, sys_seconds now) {
    const std::vector<std::string> conversation = conversation_keys(rota, mail);
    const auto member = conversation_member(transaction, rota, conversation, now);
    if (!member) return tl::unexpected(member.error());
    const auto before = transaction.rota_state(rota.name);
    if (!before) return tl::unexpected(before.error());
    Choice choice = policy::choose(rota, *before, *member, now);
    const auto done = remember(transaction, rota, choice, *before, mail, conversation, now);
    if (!done) return tl::unexpected(done.error());
    return choice;
}

Result<Turn> settle_one(Transaction& transaction, const Rota& rota, const mail::Mail& mail, sys_seconds now,
                        Choices* choices) {
    auto earlier = find_again(transaction, rota, mail.key);
    if (!earlier) return tl::unexpected(earlier.error());
    if (*earlier) return **earlier;
    auto choice = draw(transaction, rota, mail, now);
    if (!choice) return tl::unexpected(choice.error());
    Turn turn{rota.name, choice->targets, std::string(policy::to_string(choice->reason)), false};
    if (choices != nullptr) choices->insert_or_assign(rota.name, std::move(*choice));
    return turn;
}

}  // namespace

Result<policy::Turns> settle(Transaction& transaction, const policy::Policy& policy, const mail::Mail& mail,
                             const std::vector<std::string>& rotas, sys_seconds now, Choices* choices) {
    policy::Turns turns;
    for (const std::string& name : rotas) {
        const Rota* rota = policy.rota(name);
        if (rota == nullptr) return invalid("there is no rota \"" + name + "\"");
        auto turn = settle_one(transaction, *rota, mail, now, choices);
        if (!turn) return tl::unexpected(turn.error());
        turns.emplace(name, std::move(*turn));
    }
    return turns;
}

}  // namespace mailrota::runtime
