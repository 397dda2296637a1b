#include "tests/e2e/kill/spool/evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "tests/e2e/kill/deliveries.h"

namespace mailrota::rig {

namespace {

/// What the client heard of the offer in which this arrival happened.
std::optional<Offer::End> offer_around(const Arrival& arrival, const std::vector<Offer>& offers) {
    std::optional<Offer::End> end;
    for (const Offer& offer : offers)
        if (offer.begun <= arrival.at) end = offer.end;
    return end;
}

/// Whether the client waits for the reply until the delivery is on disk.
bool answered_by_delivery(Route route) { return route != Route::spooled && route != Route::later; }

void expect_explained(const Part& part, const std::vector<Arrival>& arrivals,
                      const std::vector<Offer>& offers) {
    SCOPED_TRACE(recipient_of(part) + " of " + message_id_of(part.mail));
    ASSERT_FALSE(arrivals.empty()) << "lost";
    EXPECT_EQ(std::count_if(offers.begin(), offers.end(),
                            [](const Offer& offer) { return offer.end == Offer::End::taken; }),
              1);
    for (std::size_t at = 0; at < arrivals.size(); ++at) {
        const bool last = at + 1 == arrivals.size();
        EXPECT_EQ(arrivals[at].recipient, arrivals[0].recipient);
        // The last one may have been left open too: a write of which the dead had not told the database's
        // other readers yet can still turn out to stand on the disk, and then nothing comes again.
        if (!last) {
            EXPECT_TRUE(arrivals[at].open_at_kill) << "sent again although it was on disk";
            EXPECT_NE(arrivals[at].by, arrivals[at + 1].by);
        }
        if (arrivals[at].open_at_kill && answered_by_delivery(part.route)) {
            EXPECT_EQ(offer_around(arrivals[at], offers), Offer::End::broken)
                << "answered before it was on disk";
        }
    }
}

}  // namespace

std::string_view to_string(Route route) {
    static constexpr std::array<std::string_view, all_routes.size()> names = {"kept", "rota", "spooled",
                                                                              "at once", "later"};
    return names.at(static_cast<std::size_t>(route));
}

std::string recipient_of(const Part& part) {
    static constexpr std::array<const char*, all_routes.size()> names = {"kept", "orders", "web", "now",
                                                                         "later"};
    const std::string name = names.at(static_cast<std::size_t>(part.route));
    return name + (part.route == Route::rota ? "" : std::to_string(part.mail)) + "@example.com";
}

std::string message_id_of(int mail) { return "<" + std::to_string(mail) + "@load.example.com>"; }

int mail_number(std::string_view message_id) {
    if (message_id.starts_with('<')) message_id.remove_prefix(1);
    return std::atoi(std::string(message_id).c_str());
}

std::optional<Route> route_of(std::string_view address) {
    if (is_colleague(address.substr(0, address.find('@')))) return Route::rota;
    for (const Route route : all_routes)
        if (address.starts_with(recipient_of({0, route}).substr(0, 3))) return route;
    return std::nullopt;
}

void Evidence::arrived(Arrival arrival) {
    const std::scoped_lock lock(mutex_);
    if (arrived_.insert(arrival.part).second && taken_.contains(arrival.part)) --missing_;
    by_process_[arrival.by].push_back(arrivals_.size());
    arrivals_.push_back(std::move(arrival));
    changed_.notify_all();
}

void Evidence::offered(const Part& part, const Offer& offer) {
    const std::scoped_lock lock(mutex_);
    offers_[part].push_back(offer);
    if (offer.end == Offer::End::taken && taken_.insert(part).second && !arrived_.contains(part)) ++missing_;
}

bool Evidence::wait_for_arrival(pid_t by, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    const auto before = by_process_[by].size();
    return changed_.wait_for(lock, limit, [&] { return by_process_[by].size() > before; });
}

std::size_t Evidence::on_their_way() const {
    const std::scoped_lock lock(mutex_);
    return missing_;
}

std::size_t Evidence::taken() const {
    const std::scoped_lock lock(mutex_);
    return taken_.size();
}

std::size_t Evidence::killed(pid_t pid, const OnDisk& disk) {
    const std::scoped_lock lock(mutex_);
    std::size_t open = 0;
    for (const std::size_t index : std::exchange(by_process_[pid], {})) {
        Arrival& arrival = arrivals_[index];
        const bool acknowledged = arrival.part.route == Route::spooled && !disk.in_box.contains(arrival.part);
        arrival.open_at_kill = !acknowledged && !disk.delivered.contains(arrival.part);
        if (arrival.open_at_kill) ++open;
    }
    return open;
}

std::vector<Arrival> Evidence::arrivals() const {
    const std::scoped_lock lock(mutex_);
    return arrivals_;
}

std::map<Part, std::vector<Offer>> Evidence::offers() const {
    const std::scoped_lock lock(mutex_);
    return offers_;
}

std::map<Route, int> expect_explained(const Evidence& evidence) {
    std::map<Part, std::vector<Arrival>> arrivals;
    for (auto& arrival : evidence.arrivals()) arrivals[arrival.part].push_back(std::move(arrival));
    std::map<Route, int> duplicates;
    const auto offers = evidence.offers();
    for (const auto& [part, all] : offers) {
        expect_explained(part, arrivals[part], all);
        if (!arrivals[part].empty()) duplicates[part.route] += static_cast<int>(arrivals[part].size()) - 1;
    }
    EXPECT_EQ(arrivals.size(), offers.size()) << "something came that nobody sent";
    return duplicates;
}

}  // namespace mailrota::rig
