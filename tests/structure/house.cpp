#include "tests/structure/house.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

namespace mailrota::structure {

namespace {

namespace fs = std::filesystem;

struct Folder {
    std::string_view path;
    int floor;
    bool pure;
};

constexpr int program_floor = 5;
constexpr int free_floor = 6;

/// From the bottom to the top. A new folder takes its place here before it has sources.
constexpr std::array folders = {
    Folder{"core/mail", 0, true},
    Folder{"core/policy", 1, true},
    Folder{"core/config", 2, true},
    Folder{"core/wire", 3, true},
    Folder{"core/providers", 3, true},
    Folder{"core/store", 3, false},
    Folder{"core/runtime", 4, false},
    Folder{"milter", program_floor, false},
    Folder{"ctl", program_floor, false},
    Folder{"lmtp", program_floor, false},
    Folder{"poller", program_floor, false},
    Folder{"worker", program_floor, false},
    Folder{"web", program_floor, false},
    Folder{"tests/rig", free_floor, false},
    Folder{"tests/fakes", free_floor, false},
    Folder{"tests", free_floor, false},
    Folder{"bench", free_floor, false},
    Folder{"fuzz", free_floor, false},
    Folder{"demo", free_floor, false},
};

struct Impurity {
    std::string_view text;
    std::string_view what;
};

/// What no line of a pure folder has, comments left aside.
constexpr std::array impurities = {
    Impurity{"now()", "reads the clock"},
    Impurity{"gettimeofday(", "reads the clock"},
    Impurity{"clock_gettime(", "reads the clock"},
    Impurity{"<thread>", "starts threads"},
    Impurity{"<future>", "starts threads"},
    Impurity{"<condition_variable>", "starts threads"},
    Impurity{"<pthread.h>", "starts threads"},
    Impurity{"<sys/socket.h>", "does system I/O"},
    Impurity{"<sys/un.h>", "does system I/O"},
    Impurity{"<netdb.h>", "does system I/O"},
    Impurity{"<poll.h>", "does system I/O"},
    Impurity{"<unistd.h>", "does system I/O"},
    Impurity{"<fcntl.h>", "does system I/O"},
    Impurity{"<boost/asio", "does system I/O"},
    Impurity{"<curl/", "does system I/O"},
    Impurity{"<spdlog/", "logs"},
    Impurity{"<syslog.h>", "logs"},
    Impurity{"<prometheus/", "counts"},
    Impurity{"<libpq-fe.h>", "knows a database"},
    Impurity{"<sqlite3.h>", "knows a database"},
};

/// The file that an #include "…" line names; empty for any other line.
std::string included_file(std::string_view line) {
    constexpr std::string_view directive = "#include \"";
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with(directive)) return "";
    line.remove_prefix(directive.size());
    return std::string(line.substr(0, line.find('"')));
}

/// The entry with the longest path that `path` lies in.
std::optional<Folder> folder_of(std::string_view path) {
    std::optional<Folder> best;
    for (const Folder& folder : folders) {
        const bool inside = path.starts_with(folder.path) && path.substr(folder.path.size()).starts_with('/');
        if (inside && (!best || folder.path.size() > best->path.size())) best = folder;
    }
    return best;
}

bool is_test(std::string_view path) {
    return path.ends_with("_test.cpp") || path.find("_fixture.") != std::string_view::npos;
}

/// Why a file at `from` may not include one at `to`; nothing when it may.
std::optional<std::string> objection(const std::string& path, const Folder& from,
                                     const std::string& included) {
    const auto to = folder_of(included);
    if (!to) return "\"" + included + "\" is not in a known folder, counted from the root of the tree";
    if (to->path == from.path) return {};
    const bool to_rig = to->path == "tests/rig";
    if (to_rig && (is_test(path) || from.floor == free_floor)) return {};
    if (from.path == "tests/rig" || from.path == "tests/fakes")
        return std::string(from.path) + " stands on nothing else of ours, but includes " + included;
    if (from.floor == free_floor && to->floor < free_floor) return {};
    if (to->floor < from.floor && to->floor < program_floor) return {};
    const std::string direction = to->floor == from.floor ? " sideways: " : " upward: ";
    return std::string(from.path) + " includes " + std::string(to->path) + direction + included;
}

class FileCheck {
  public:
    FileCheck(const std::string& path, std::vector<std::string>& breaches)
        : path_(path), breaches_(breaches) {}

    void check(const std::string& text) {
        const auto folder = folder_of(path_);
        if (!folder) return report("the folder is not in the list of tests/structure/house.cpp");
        std::istringstream lines(text);
        std::string line;
        for (number_ = 1; std::getline(lines, line); ++number_)
            check_line(line.substr(0, line.find("//")), *folder);
    }

  private:
    void check_line(std::string_view line, const Folder& folder) {
        if (const std::string included = included_file(line); !included.empty())
            if (const auto why = objection(path_, folder, included)) report(*why);
        if (!folder.pure || is_test(path_)) return;
        for (const auto& [text, what] : impurities)
            if (line.find(text) != std::string_view::npos)
                report(std::string(folder.path) + " is pure, but " + std::string(what));
    }

    void report(const std::string& what) {
        breaches_.push_back(path_ + ":" + std::to_string(number_) + ": " + what);
    }

    const std::string& path_;
    std::vector<std::string>& breaches_;
    int number_ = 1;
};

bool is_skipped(const fs::directory_entry& entry, bool at_top) {
    const std::string name = entry.path().filename();
    return name.starts_with('.') || (at_top && (name.starts_with("build") || name.starts_with("obj-")));
}

}  // namespace

Sources read_sources(const fs::path& root) {
    Sources sources;
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator();
         ++entry) {
        if (entry->is_directory() && is_skipped(*entry, entry.depth() == 0))
            entry.disable_recursion_pending();
        const std::string extension = entry->path().extension();
        if (!entry->is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
        std::ifstream file(entry->path(), std::ios::binary);
        sources[entry->path().lexically_relative(root)] =
            std::string(std::istreambuf_iterator<char>(file), {});
    }
    return sources;
}

std::vector<std::string> breaches(const Sources& sources) {
    std::vector<std::string> result;
    for (const auto& [path, text] : sources) FileCheck(path, result).check(text);
    return result;
}

}  // namespace mailrota::structure
