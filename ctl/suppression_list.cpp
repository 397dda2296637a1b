#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::without_controls;
using store::Suppression;

void print(const std::vector<Suppression>& entries, Console& console) {
    if (console.json) {
        json::array all;
        for (const Suppression& entry : entries) {
            all.push_back({{"address", without_controls(entry.address)},
                           {"reason", without_controls(entry.reason)},
                           {"provider", entry.provider},
                           {"detail", without_controls(entry.detail)},
                           {"at", utc_text(entry.at)}});
        }
        console.out << all << '\n';
        return;
    }
    if (entries.empty()) {
        console.out << "nobody is on the suppression list\n";
        return;
    }
    Table table({"ADDRESS", "REASON", "TOLD BY", "AT", "DETAIL"});
    for (const Suppression& entry : entries) {
        table.add({entry.address, entry.reason, entry.provider.empty() ? "by hand" : entry.provider,
                   local_text(entry.at), entry.detail});
    }
    table.print(console.out, console.colours);
}

}  // namespace

Exit suppression_list(const std::string& config_file, const std::string& after, std::size_t limit,
                      Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    auto entries = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return transaction.suppressions(after, limit + 1);
    });
    if (!entries) return fail(console, entries.error());
    const bool more = entries->size() > limit;
    if (more) entries->resize(limit);
    if (!after.empty() && entries->empty() && !console.json)
        console.out << "nobody on the suppression list comes after that\n";
    else
        print(*entries, console);
    if (more && !entries->empty())
        console.err << "mailrota: there are more: --after " << without_controls(entries->back().address)
                    << '\n';
    return Exit::fine;
}

}  // namespace mailrota::ctl
