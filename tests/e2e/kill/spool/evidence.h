#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <compare>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::rig {

using Moment = std::chrono::steady_clock::time_point;

/// The ways that the load's mails take; each recipient's name says which.
enum class Route { kept, rota, spooled, at_once, later };
inline constexpr std::array all_routes = {Route::kept, Route::rota, Route::spooled, Route::at_once,
                                          Route::later};
std::string_view to_string(Route route);

/// One recipient of one mail of the load; no mail has two recipients of one route.
struct Part {
    int mail = 0;
    Route route = Route::kept;

    auto operator<=>(const Part&) const = default;
};
/// "kept17@example.com"; all mails of the rota have orders@example.com.
std::string recipient_of(const Part& part);
/// "<17@load.example.com>"
std::string message_id_of(int mail);
/// The number in a Message-ID, with or without brackets; 0 if there is none.
int mail_number(std::string_view message_id);
/// By the beginning of the address; a colleague's is the rota's. Nothing for other addresses.
std::optional<Route> route_of(std::string_view address);

/// That a sink has taken a mail for one recipient: recorded before it says so.
struct Arrival {
    Part part;
    std::string recipient;
    pid_t by = 0;  ///< the process that delivered it
    Moment at;
    bool open_at_kill = false;  ///< `by` was killed before it had this on disk: it may come once more
};

/// That a client offered a part.
struct Offer {
    enum class End { taken, refused, broken };

    Moment begun;
    End end = End::broken;
};

/// What is on disk at the moment.
struct OnDisk {
    std::set<Part> delivered;  ///< by the journal and the puller's done-list
    std::set<Part> in_box;     ///< not acknowledged
};

/// What clients, sinks and the one who kills have seen. Thread-safe.
class Evidence {
  public:
    void arrived(Arrival arrival);
    void offered(const Part& part, const Offer& offer);

    /// Until something arrives by the hand of this process that did not before the call; false after `limit`.
    bool wait_for_arrival(pid_t by, std::chrono::milliseconds limit);
    /// Parts that a client knows to be taken and that have not arrived.
    std::size_t on_their_way() const;
    std::size_t taken() const;

    /// Notes what a process that was killed leaves open: what it delivered and does not stand on the disk.
    /// Returns how many that are; asked again of the same process, none.
    std::size_t killed(pid_t pid, const OnDisk& disk);

    std::vector<Arrival> arrivals() const;
    std::map<Part, std::vector<Offer>> offers() const;

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Arrival> arrivals_;
    std::map<Part, std::vector<Offer>> offers_;
    std::map<pid_t, std::vector<std::size_t>> by_process_;
    std::set<Part> taken_;
    std::set<Part> arrived_;
    std::size_t missing_ = 0;
};

/// Checks the whole: every part that was offered was taken and has arrived; a part came twice only when the
/// first bringer was killed before it had it on disk, and then its client had no positive reply. Each mail of
/// the rota came to one colleague. Returns how many came twice, by route.
std::map<Route, int> expect_explained(const Evidence& evidence);

}  // namespace mailrota::rig
