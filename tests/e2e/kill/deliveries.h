#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/mailrota_milter.h"
#include "tests/rig/postfix.h"

namespace mailrota::rig {

inline constexpr std::array<const char*, 3> colleagues = {"ann", "ben", "cho"};

/// Three colleagues who take turns; socket, database and control socket are the test's own.
inline constexpr std::string_view three_colleagues = R"(
[listener.inbound]
socket = "{socket}"
[store]
url  = "sqlite:{folder}/state.db"
busy = "20s"
[control]
socket = "{folder}/milter.ctl"
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";

inline bool is_colleague(std::string_view local_part) {
    return std::find(colleagues.begin(), colleagues.end(), local_part) != colleagues.end();
}

/// Mailboxes by Message-ID: a mailbox stands there as often as the mail was delivered to it.
using Deliveries = std::map<std::string, std::vector<std::string>>;

inline std::string message_id_of(const std::string& mail) {
    static constexpr std::string_view name = "\nMessage-ID: ";
    const auto start = mail.find(name);
    if (start == std::string::npos) return "none";
    return mail.substr(start + name.size(), mail.find('\n', start + 1) - start - name.size());
}

/// What any MTA of the rig has in its mailboxes.
template <class Mta>
Deliveries deliveries(const Mta& mta) {
    Deliveries found;
    for (const char* mailbox : {"ann", "ben", "cho", "dan", "orders"})
        for (const auto& mail : mta.mailbox(mailbox)) found[message_id_of(mail)].push_back(mailbox);
    return found;
}

/// What became of the accepted mails, counted by whom orders@example.com was replaced with.
struct Tally {
    int untouched = 0;    ///< orders@example.com alone
    int edited = 0;       ///< a colleague alone
    int half_edited = 0;  ///< both
    int nobody = 0;
    int wrong = 0;  ///< anything else: two colleagues, one twice, another recipient without its copy
    std::map<std::string, int> turns = {};  ///< by colleague
};

inline void count(Tally& tally, std::vector<std::string> mailboxes, bool to_dan_too) {
    const auto dans = std::erase(mailboxes, "dan");
    const auto own = std::erase(mailboxes, "orders");
    for (const auto& mailbox : mailboxes) ++tally.turns[mailbox];
    if (dans != (to_dan_too ? 1U : 0U) || own > 1 || mailboxes.size() > 1)
        ++tally.wrong;
    else if (mailboxes.empty())
        ++(own == 0 ? tally.nobody : tally.untouched);
    else
        ++(own == 0 ? tally.edited : tally.half_edited);
}

inline std::ostream& operator<<(std::ostream& out, const Tally& tally) {
    out << tally.edited << " edited, " << tally.untouched << " untouched, " << tally.half_edited
        << " half edited, " << tally.nobody << " without anybody, " << tally.wrong << " wrong;";
    for (const auto& [who, turns] : tally.turns) out << ' ' << who << ' ' << turns;
    return out;
}

/// Between the most and the fewest turns of the three.
inline int spread(const Tally& tally) {
    std::vector<int> turns;
    for (const char* colleague : colleagues) {
        const auto found = tally.turns.find(colleague);
        turns.push_back(found == tally.turns.end() ? 0 : found->second);
    }
    const auto [least, most] = std::minmax_element(turns.begin(), turns.end());
    return *most - *least;
}

}  // namespace mailrota::rig
