#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mail/result.h"
#include "core/wire/handout.h"
#include "ctl/done_line.h"

namespace mailrota::ctl {

// What a puller has done and the server may not know yet: a file of lines (done_line.h) that is on disk
// before the server is told. Delivered and failed recipients stand in it until they are acknowledged, 14 days
// at most, so that a lost acknowledgement or an expired lease sends nothing twice. Before a delivery begins
// that is noted too, without waiting for the disk: a begun line that nothing follows is a delivery of which
// nobody knows how it ended.
//
// One process has the list (a lock beside it, FILE.lock). One thread.
class DoneList {
  public:
    // Opens or makes the list, and its folder. An error of kind `unavailable` says that another process has
    // it.
    static Result<std::unique_ptr<DoneList>> open(const std::string& path, std::chrono::sys_seconds now);
    ~DoneList();
    DoneList(const DoneList&) = delete;
    DoneList& operator=(const DoneList&) = delete;

    // What was done for this recipient and is not acknowledged; null if nothing.
    const DoneLine* find(const std::string& id, const std::string& recipient) const;
    // Whether a delivery to it was begun of which no end is known.
    bool begun(const std::string& id, const std::string& recipient) const;
    // Everything that waits for its acknowledgement, by lease.
    std::map<std::string, std::vector<wire::Acknowledgement::Result>> waiting() const;

    // The leases that the lines are of.
    std::set<std::string> leases() const;

    // Not on disk when it returns: it tells a crash of this process, not of the machine.
    Result<void> begin(const std::string& lease, const std::string& id,
                       const std::vector<std::string>& recipients, std::chrono::sys_seconds now);
    // On disk when it returns. A deferred recipient only ends what was begun.
    Result<void> done(const std::string& lease, const std::vector<wire::Acknowledgement::Result>& results,
                      std::chrono::sys_seconds now);
    // The server knows of these. The file is written anew from time to time, and by compact().
    Result<void> acknowledged(const std::vector<wire::Acknowledgement::Result>& results);
    // Leaves in the file only what is not acknowledged.
    Result<void> compact();

  private:
    using Key = std::pair<std::string, std::string>;
    class Descriptor;

    DoneList(std::string path, std::unique_ptr<Descriptor> lock);
    Result<void> load(std::chrono::sys_seconds oldest);
    Result<void> append(std::string_view lines);
    void take(const DoneLine& line);

    std::string path_;
    std::unique_ptr<Descriptor> lock_;
    std::unique_ptr<Descriptor> file_;
    std::map<Key, DoneLine> lines_;
    std::size_t written_ = 0;  // lines of the file
};

}  // namespace mailrota::ctl
