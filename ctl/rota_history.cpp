#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <ostream>

#include "ctl/commands.h"
#include "ctl/rota_lookup.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using store::StoredTurn;

void print_json(const std::vector<StoredTurn>& turns, std::ostream& out) {
    json::array all;
    for (const StoredTurn& turn : turns) {
        all.push_back({{"at", utc_text(turn.at)},
                       {"rota", turn.rota},
                       {"targets", json::value_from(turn.targets)},
                       {"reason", turn.reason},
                       {"queue_id", turn.queue_id},
                       {"message_id", turn.message_id},
                       {"key", turn.key}});
    }
    out << all << '\n';
}

void print(const std::vector<StoredTurn>& turns, Console& console) {
    if (console.json) return print_json(turns, console.out);
    if (turns.empty()) {
        console.out << "nobody has had a turn\n";
        return;
    }
    Table table({"TIME", "ROTA", "TO", "REASON", "QUEUE ID", "MESSAGE ID"});
    for (const StoredTurn& turn : turns) {
        table.add({local_text(turn.at), turn.rota, fmt::format("{}", fmt::join(turn.targets, ", ")),
                   turn.reason, turn.queue_id.empty() ? "-" : turn.queue_id, turn.message_id});
    }
    table.print(console.out, console.colours);
}

}  // namespace

Exit rota_history(const std::string& config_file, const std::string& name, std::size_t limit,
                  Console& console) {
    const auto found = open_rota_view(config_file, name, console);
    if (!found) return found.error();
    const auto turns = ask(*found->view.opened.store,
                           [&](store::Transaction& transaction) { return transaction.history(name, limit); });
    if (!turns) return fail(console, turns.error());
    print(*turns, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
