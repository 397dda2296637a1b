#include "core/store/memory_transaction.h"

#include <algorithm>

namespace mailrota::store {

Result<void> MemoryTransaction::may_write() const {
    if (rotas_) return {};
    return invalid("a read may not write");
}

Result<void> MemoryTransaction::may_touch(std::string_view rota) const {
    if (!rotas_ || std::find(rotas_->begin(), rotas_->end(), rota) != rotas_->end()) return {};
    return invalid("rota " + std::string(rota) + " was not named to the write that uses it");
}

template <class Map>
void MemoryTransaction::put(Map& map, typename Map::key_type key, typename Map::mapped_type value) {
    if (auto found = map.find(key); found != map.end())
        undo_.push_back([&map, key, old = found->second] { map.insert_or_assign(key, old); });
    else
        undo_.push_back([&map, key] { map.erase(key); });
    map.insert_or_assign(std::move(key), std::move(value));
}

void MemoryTransaction::undo() {
    for (auto change = undo_.rbegin(); change != undo_.rend(); ++change) (*change)();
    undo_.clear();
}

Result<std::optional<StoredTurn>> MemoryTransaction::turn(std::string_view rota, std::string_view key) {
    const auto found = tables_.turns.find({std::string(rota), std::string(key)});
    if (found == tables_.turns.end()) return std::nullopt;
    return found->second.turn;
}

Result<void> MemoryTransaction::put_turn(const StoredTurn& turn) {
    if (auto allowed = may_write(); !allowed) return allowed;
    const MemoryTables::RotaKey key{turn.rota, turn.key};
    const auto found = tables_.turns.find(key);
    const auto number = found == tables_.turns.end() ? tables_.next_number++ : found->second.number;
    put(tables_.turns, key, {number, turn});
    return {};
}

Result<std::vector<StoredTurn>> MemoryTransaction::history(std::string_view rota, std::size_t limit) {
    std::vector<MemoryTables::NumberedTurn> found;
    for (const auto& [key, turn] : tables_.turns)
        if (rota.empty() || key.first == rota) found.push_back(turn);
    std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
        return std::pair(one.turn.at, one.number) > std::pair(other.turn.at, other.number);
    });
    std::vector<StoredTurn> turns;
    for (auto& turn : found)
        if (turns.size() < limit) turns.push_back(std::move(turn.turn));
    return turns;
}

Result<RotaState> MemoryTransaction::rota_state(std::string_view rota) {
    if (auto allowed = may_touch(rota); !allowed) return tl::unexpected(allowed.error());
    const auto found = tables_.states.find(rota);
    return found == tables_.states.end() ? RotaState() : found->second;
}

Result<void> MemoryTransaction::put_rota_state(std::string_view rota, const RotaState& state) {
    if (auto allowed = may_write(); !allowed) return allowed;
    auto merged = rota_state(rota);
    if (!merged) return tl::unexpected(merged.error());
    for (const auto& [member, value] : state) merged->insert_or_assign(member, value);
    put(tables_.states, std::string(rota), std::move(*merged));
    return {};
}

Result<std::optional<std::string>> MemoryTransaction::sticky(std::string_view rota,
                                                             const std::vector<std::string>& keys, Time now) {
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        const auto found = tables_.conversations.find({std::string(rota), *key});
        if (found != tables_.conversations.end() && found->second.until > now) return found->second.member;
    }
    return std::nullopt;
}

Result<void> MemoryTransaction::put_sticky(std::string_view rota, const std::vector<std::string>& keys,
                                           std::string_view member, Time until) {
    if (auto allowed = may_write(); !allowed) return allowed;
    for (const std::string& key : keys)
        put(tables_.conversations, {std::string(rota), key}, {std::string(member), until});
    return {};
}

Result<void> MemoryTransaction::put_bytes(std::string_view name, std::string_view bytes) {
    if (auto allowed = may_write(); !allowed) return allowed;
    put(tables_.bytes, std::string(name), std::string(bytes));
    return {};
}

Result<std::optional<std::string>> MemoryTransaction::bytes(std::string_view name) {
    const auto found = tables_.bytes.find(name);
    if (found == tables_.bytes.end()) return std::nullopt;
    return found->second;
}

Result<void> MemoryTransaction::drop_bytes(std::string_view name) {
    if (auto allowed = may_write(); !allowed) return allowed;
    const auto found = tables_.bytes.find(name);
    if (found == tables_.bytes.end()) return {};
    undo_.emplace_back([this, key = found->first, old = std::move(found->second)] {
        tables_.bytes.insert_or_assign(key, old);
    });
    tables_.bytes.erase(found);
    return {};
}

}  // namespace mailrota::store
