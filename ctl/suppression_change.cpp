#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <ostream>

#include "core/mail/address.h"
#include "core/policy/safe_text.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"

// The commands that change the suppression list by hand: add, remove.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::without_controls;
using store::Suppression;
using store::Transaction;

// What became of one address.
struct Changed {
    std::string address;
    bool changed = false;
    std::string text;
};
using Change = std::function<Result<Changed>(Transaction&, const std::string& address)>;

std::string reason_text(const Suppression& entry) {
    std::string text = without_controls(entry.reason);
    if (!entry.provider.empty()) text += ", told by " + entry.provider;
    return entry.detail.empty() ? text : text + ": " + without_controls(entry.detail);
}

Result<Changed> add_one(Transaction& transaction, const Suppression& entry) {
    const auto known = transaction.suppressed({entry.address});
    if (!known) return tl::unexpected(known.error());
    if (!known->empty())
        return Changed{entry.address, false, "is on the list already (" + reason_text(known->front()) + ")"};
    const auto added = transaction.suppress(entry);
    if (!added) return tl::unexpected(added.error());
    return Changed{entry.address, *added, "no provider is to send to it any more"};
}

Result<Changed> remove_one(Transaction& transaction, const std::string& address) {
    const auto known = transaction.suppressed({address});
    if (!known) return tl::unexpected(known.error());
    if (known->empty()) return Changed{address, false, "is not on the list"};
    const auto removed = transaction.unsuppress(address);
    if (!removed) return tl::unexpected(removed.error());
    return Changed{address, *removed,
                   "may be sent to again; it was on the list (" + reason_text(known->front()) + ")"};
}

// Everything is looked at before anything is changed.
std::optional<Exit> refuse_what_is_no_address(const std::vector<std::string>& addresses, Console& console) {
    std::optional<Exit> refused;
    for (const std::string& address : addresses) {
        const auto parsed = mail::parse_address(address);
        if (!parsed)
            refused = fail(console, Exit::usage, policy::quoted(address) + ": " + parsed.error().text);
    }
    return refused;
}

void print(const std::vector<Changed>& all, bool unchanged_is_wrong, Console& console) {
    if (console.json) {
        json::array shown;
        for (const Changed& one : all)
            shown.push_back({{"address", one.address}, {"changed", one.changed}, {"text", one.text}});
        console.out << shown << '\n';
        return;
    }
    for (const Changed& one : all) {
        const bool wrong = unchanged_is_wrong && !one.changed;
        (wrong ? console.err << "mailrota: " : console.out) << one.address << ": " << one.text << '\n';
    }
}

// Nothing if that could not be; why has been told by then.
tl::expected<std::vector<Changed>, Exit> change_all(const SuppressionRequest& request, const Change& change,
                                                    Console& console) {
    if (const auto refused = refuse_what_is_no_address(request.addresses, console))
        return tl::unexpected(*refused);
    const auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return tl::unexpected(Exit::no);
    const auto store = open_for_change(*loaded->config);
    if (!store) return tl::unexpected(fail(console, store.error()));
    std::vector<Changed> all;
    const auto written = (*store)->write({}, [&](Transaction& transaction) -> Result<void> {
        all.clear();
        for (const std::string& address : request.addresses) {
            auto one = change(transaction, address);
            if (!one) return tl::unexpected(one.error());
            all.push_back(*std::move(one));
        }
        return {};
    });
    if (!written) return tl::unexpected(fail(console, written.error()));
    return all;
}

}  // namespace

Exit suppression_add(const SuppressionRequest& request, Console& console) {
    const store::Time now = console.clock();
    const auto changed = change_all(
        request,
        [&](Transaction& transaction, const std::string& address) {
            return add_one(transaction, {address, request.reason, "", request.note, now});
        },
        console);
    if (!changed) return changed.error();
    print(*changed, false, console);
    return Exit::fine;
}

Exit suppression_remove(const SuppressionRequest& request, Console& console) {
    const auto changed = change_all(request, remove_one, console);
    if (!changed) return changed.error();
    print(*changed, true, console);
    const bool all = std::ranges::all_of(*changed, &Changed::changed);
    return all ? Exit::fine : Exit::no;
}

}  // namespace mailrota::ctl
