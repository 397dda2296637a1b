#include "ctl/done_list.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace mailrota::ctl {

using wire::Acknowledgement;
using Outcome = Acknowledgement::Result::Outcome;
using What = DoneLine::What;

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days longest_life{14};
constexpr std::size_t most_dead_lines = 1000;

tl::unexpected<Error> system_error(const std::string& path) {
    return invalid("done-list " + path + ": " + std::strerror(errno));
}

What what_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::delivered:
            return What::delivered;
        case Outcome::failed:
            return What::failed;
        case Outcome::deferred:
            return What::over;
    }
    return What::over;
}

}  // namespace

// A file descriptor, closed with its owner.
class DoneList::Descriptor {
  public:
    Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }
    bool write_all(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = write(number_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

  private:
    int number_;
};

DoneList::DoneList(std::string path, std::unique_ptr<Descriptor> lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

DoneList::~DoneList() = default;

Result<std::unique_ptr<DoneList>> DoneList::open(const std::string& path, std::chrono::sys_seconds now) {
    std::error_code ignored;  // what is wrong with the folder is told of the file
    fs::create_directories(fs::path(path).parent_path(), ignored);
    auto lock = std::make_unique<Descriptor>(path + ".lock", O_RDWR | O_CREAT);
    if (lock->number() < 0) return system_error(path + ".lock");
    if (flock(lock->number(), LOCK_EX | LOCK_NB) != 0)
        return unavailable("another puller has the done-list " + path);
    std::unique_ptr<DoneList> list(new DoneList(path, std::move(lock)));
    if (auto loaded = list->load(now - longest_life); !loaded) return tl::unexpected(loaded.error());
    // Written anew, so that a torn line at the end is never continued.
    if (auto compacted = list->compact(); !compacted) return tl::unexpected(compacted.error());
    return list;
}

Result<void> DoneList::load(std::chrono::sys_seconds oldest) {
    std::ifstream file(path_, std::ios::binary);
    if (!file) {
        if (!fs::exists(path_)) return {};
        return system_error(path_);
    }
    for (std::string text; std::getline(file, text);) {
        const auto line = parse_done_line(text);
        if (line && line->time >= oldest) take(*line);
    }
    if (file.bad()) return system_error(path_);
    return {};
}

void DoneList::take(const DoneLine& line) {
    const Key key{line.id, line.recipient};
    if (line.what == What::over) {
        lines_.erase(key);
    } else {
        lines_[key] = line;
    }
}

const DoneLine* DoneList::find(const std::string& id, const std::string& recipient) const {
    const auto found = lines_.find({id, recipient});
    return found == lines_.end() || found->second.what == What::begun ? nullptr : &found->second;
}

bool DoneList::begun(const std::string& id, const std::string& recipient) const {
    const auto found = lines_.find({id, recipient});
    return found != lines_.end() && found->second.what == What::begun;
}

std::map<std::string, std::vector<Acknowledgement::Result>> DoneList::waiting() const {
    std::map<std::string, std::vector<Acknowledgement::Result>> results;
    for (const auto& [key, line] : lines_) {
        if (line.what == What::begun) continue;
        const auto outcome = line.what == What::delivered ? Outcome::delivered : Outcome::failed;
        results[line.lease].push_back({line.id, line.recipient, outcome, line.reply});
    }
    return results;
}

Result<void> DoneList::append(std::string_view lines) {
    written_ += static_cast<std::size_t>(std::ranges::count(lines, '\n'));
    if (!file_->write_all(lines)) return system_error(path_);
    return {};
}

std::set<std::string> DoneList::leases() const {
    std::set<std::string> all;
    for (const auto& [key, line] : lines_) all.insert(line.lease);
    return all;
}

Result<void> DoneList::begin(const std::string& lease, const std::string& id,
                             const std::vector<std::string>& recipients, std::chrono::sys_seconds now) {
    std::string lines;
    for (const std::string& recipient : recipients) {
        const DoneLine line{What::begun, now, lease, id, recipient, ""};
        take(line);
        lines += to_line(line);
    }
    return append(lines);
}

Result<void> DoneList::done(const std::string& lease, const std::vector<Acknowledgement::Result>& results,
                            std::chrono::sys_seconds now) {
    std::string lines;
    for (const auto& each : results) {
        const DoneLine line{what_of(each.outcome), now, lease, each.id, each.recipient, each.reply};
        take(line);
        lines += to_line(line);
    }
    if (auto appended = append(lines); !appended) return appended;
    if (fdatasync(file_->number()) != 0) return system_error(path_);
    return {};
}

Result<void> DoneList::acknowledged(const std::vector<Acknowledgement::Result>& results) {
    for (const auto& each : results) lines_.erase({each.id, each.recipient});
    if (written_ < lines_.size() + most_dead_lines) return {};
    return compact();
}

Result<void> DoneList::compact() {
    std::string lines;
    for (const auto& [key, line] : lines_) lines += to_line(line);
    const std::string fresh = path_ + ".new";
    auto file = std::make_unique<Descriptor>(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    if (file->number() < 0 || !file->write_all(lines) || fdatasync(file->number()) != 0 ||
        rename(fresh.c_str(), path_.c_str()) != 0)
        return system_error(path_);
    const std::string folder = fs::path(path_).parent_path();
    const Descriptor parent(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    if (parent.number() < 0 || fsync(parent.number()) != 0) return system_error(path_);
    file_ = std::move(file);
    written_ = lines_.size();
    return {};
}

}  // namespace mailrota::ctl
