#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/amount_text.h"
#include "ctl/box_text.h"
#include "ctl/commands.h"
#include "ctl/state.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

// The commands that look into boxes: list, show.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::without_controls;
using store::BoxCounts;
using store::BoxItem;
using store::Time;
using store::Transaction;

// Leases are among the oldest mails; farther back nobody looks for them.
constexpr std::size_t most_looked_at = 10'000;
constexpr std::size_t shown_of_an_id = 12;   // digits of a mail's id
constexpr std::size_t shown_of_a_lease = 8;  // digits of a lease's token: whoever knows all of it may use it

struct CountedBox {
    std::string name;
    BoxCounts counts;
};

// What one puller has taken at once.
struct Lease {
    std::string token;  // its beginning
    std::size_t mails = 0;
    Time until{};
    std::string taken;  // what the story says of the taking: by whom
};

struct OpenedBox {
    CountedBox box;
    std::vector<Lease> leases;
    std::vector<BoxItem> next;  // not leased, the oldest first
};

Result<std::vector<CountedBox>> count_boxes(Transaction& transaction, const config::Config& config,
                                            Time now) {
    std::vector<CountedBox> boxes;
    for (const auto& box : config.boxes) {
        auto counts = transaction.box_counts(box.name, now);
        if (!counts) return tl::unexpected(counts.error());
        boxes.push_back({box.name, *counts});
    }
    return boxes;
}

Result<std::string> how_taken(Transaction& transaction, const BoxItem& item) {
    const auto lines = transaction.story_of(item.mail);
    if (!lines) return tl::unexpected(lines.error());
    const auto last =
        std::find_if(lines->rbegin(), lines->rend(), [](const auto& line) { return line.event == "leased"; });
    return last == lines->rend() ? "" : last->text;
}

Result<void> add_to_leases(Transaction& transaction, const BoxItem& item, std::vector<Lease>& leases) {
    const std::string token = item.lease.substr(0, shown_of_a_lease);
    const auto known = std::ranges::find(leases, token, &Lease::token);
    if (known != leases.end()) {
        ++known->mails;
        return {};
    }
    auto taken = how_taken(transaction, item);
    if (!taken) return tl::unexpected(taken.error());
    leases.push_back({token, 1, item.leased_until, *std::move(taken)});
    return {};
}

Result<OpenedBox> open_box(Transaction& transaction, const std::string& name, std::size_t limit, Time now) {
    OpenedBox box{{name, {}}, {}, {}};
    const auto counts = transaction.box_counts(name, now);
    if (!counts) return tl::unexpected(counts.error());
    box.box.counts = *counts;
    auto items = transaction.box_items(name, most_looked_at);
    if (!items) return tl::unexpected(items.error());
    for (BoxItem& item : *items) {
        if (!is_leased(item, now)) {
            if (box.next.size() < limit) box.next.push_back(std::move(item));
        } else if (auto added = add_to_leases(transaction, item, box.leases); !added) {
            return tl::unexpected(added.error());
        }
    }
    return box;
}

bool is_empty(const BoxCounts& counts) { return counts.waiting == 0 && counts.leased == 0; }

std::string oldest_text(const BoxCounts& counts, Time now) {
    if (is_empty(counts)) return "-";
    return local_text(counts.oldest) + " (" + from_now_text(counts.oldest, now) + ")";
}

json::object to_json(const CountedBox& box) {
    json::object shown{{"name", box.name},
                       {"waiting", box.counts.waiting},
                       {"leased", box.counts.leased},
                       {"bytes", box.counts.bytes}};
    if (!is_empty(box.counts)) shown["oldest"] = utc_text(box.counts.oldest);
    return shown;
}

json::object to_json(const BoxItem& item, Time now) {
    json::object shown{{"mail", item.mail},
                       {"sender", without_controls(item.sender)},
                       {"recipients", json::value_from(waiting_in(item))},
                       {"size", item.size},
                       {"queued", utc_text(item.queued)},
                       {"expires", utc_text(item.expires)},
                       {"leases", item.leases},
                       {"free", is_free(item, now)}};
    if (item.leased_until > now) shown["rests_until"] = utc_text(item.leased_until);
    return shown;
}

json::object to_json(const OpenedBox& box, Time now) {
    json::object shown = to_json(box.box);
    json::array leases, next;
    for (const Lease& lease : box.leases) {
        leases.push_back({{"lease", lease.token},
                          {"mails", lease.mails},
                          {"until", utc_text(lease.until)},
                          {"taken", without_controls(lease.taken)}});
    }
    for (const BoxItem& item : box.next) next.push_back(to_json(item, now));
    shown["leases"] = std::move(leases);
    shown["next"] = std::move(next);
    return shown;
}

void print(const std::vector<CountedBox>& boxes, Time now, Console& console) {
    if (console.json) {
        json::array all;
        for (const CountedBox& box : boxes) all.push_back(to_json(box));
        console.out << all << '\n';
        return;
    }
    if (boxes.empty()) {
        console.out << "the configuration has no box\n";
        return;
    }
    Table table({"BOX", "WAITING", "LEASED", "SIZE", "OLDEST"});
    for (const auto& [name, counts] : boxes) {
        table.add({name, fmt::format("{}", counts.waiting), fmt::format("{}", counts.leased),
                   size_text(counts.bytes), oldest_text(counts, now)});
    }
    table.print(console.out, console.colours);
}

void print_leases(const std::vector<Lease>& leases, Console& console) {
    if (leases.empty()) return;
    Table table({"LEASE", "MAILS", "UNTIL", "TAKEN"});
    for (const Lease& lease : leases)
        table.add({lease.token, fmt::format("{}", lease.mails), local_text(lease.until), lease.taken});
    console.out << '\n';
    table.print(console.out, console.colours);
}

void print_next(const std::vector<BoxItem>& next, Time now, Console& console) {
    if (next.empty()) return;
    Table table({"NEXT", "QUEUED", "EXPIRES", "SIZE", "LEASES", "FROM", "TO", "STATE"});
    for (const BoxItem& item : next) {
        table.add({item.mail.substr(0, shown_of_an_id), local_text(item.queued),
                   from_now_text(item.expires, now), size_text(item.size), fmt::format("{}", item.leases),
                   item.sender.empty() ? "<>" : item.sender,
                   fmt::format("{}", fmt::join(waiting_in(item), ", ")),
                   Cell(state_text(item, now), is_free(item, now) ? Cell::Mood::good : Cell::Mood::bad)});
    }
    console.out << '\n';
    table.print(console.out, console.colours);
}

void print(const OpenedBox& box, Time now, Console& console) {
    if (console.json) {
        console.out << to_json(box, now) << '\n';
        return;
    }
    const BoxCounts& counts = box.box.counts;
    Table table({"BOX", box.box.name});
    table.add({"waiting", fmt::format("{}", counts.waiting)});
    table.add({"leased", fmt::format("{}", counts.leased)});
    table.add({"size", size_text(counts.bytes)});
    table.add({"oldest", oldest_text(counts, now)});
    table.print(console.out, console.colours);
    print_leases(box.leases, console);
    print_next(box.next, now, console);
}

std::string names_of(const config::Config& config) {
    std::vector<std::string> names;
    for (const auto& box : config.boxes) names.push_back(box.name);
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Exit box_list(const std::string& config_file, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const Time now = console.clock();
    const auto boxes = ask(*view->opened.store, [&](Transaction& transaction) {
        return count_boxes(transaction, *view->loaded.config, now);
    });
    if (!boxes) return fail(console, boxes.error());
    print(*boxes, now, console);
    return Exit::fine;
}

Exit box_show(const std::string& config_file, const std::string& name, std::size_t limit, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const Time now = console.clock();
    const auto box = ask(*view->opened.store,
                         [&](Transaction& transaction) { return open_box(transaction, name, limit, now); });
    if (!box) return fail(console, box.error());
    const config::Config& config = *view->loaded.config;
    if (config.box(name) == nullptr) {
        if (is_empty(box->box.counts)) {
            const auto text = fmt::format("there is no box \"{}\"; there are: {}", name, names_of(config));
            return fail(console, Exit::no, text);
        }
        console.err << "mailrota: the configuration has no box " << name
                    << " any more; nobody can fetch this\n";
    }
    print(*box, now, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
