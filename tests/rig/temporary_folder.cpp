#include "tests/rig/temporary_folder.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace mailrota::rig {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::string base_of(TemporaryFolder::Place place) {
    if (place == TemporaryFolder::Place::run) return "/run";
    const char* given = std::getenv("TMPDIR");
    return given != nullptr && *given != '\0' ? given : "/tmp";
}

uid_t user_id(const std::string& name) {
    if (name.empty()) return static_cast<uid_t>(-1);
    const passwd* entry = getpwnam(name.c_str());
    if (entry == nullptr) throw std::runtime_error("there is no user " + name);
    return entry->pw_uid;
}

gid_t group_id(const std::string& name) {
    if (name.empty()) return static_cast<gid_t>(-1);
    const group* entry = getgrnam(name.c_str());
    if (entry == nullptr) throw std::runtime_error("there is no group " + name);
    return entry->gr_gid;
}

}  // namespace

TemporaryFolder::TemporaryFolder(Place place) {
    std::string pattern = base_of(place) + "/mailrota-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) fail("cannot make a folder like " + pattern);
    path_ = pattern;
    fs::permissions(path_, static_cast<fs::perms>(0755));
}

TemporaryFolder::~TemporaryFolder() {
    if (path_.empty() || std::getenv("MAILROTA_RIG_KEEP") != nullptr) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

fs::path TemporaryFolder::make(std::string_view name, const std::string& user, const std::string& group,
                               unsigned mode) const {
    const fs::path made = path_ / name;
    fs::create_directories(made);
    give_to(made, user, group);
    fs::permissions(made, static_cast<fs::perms>(mode));
    return made;
}

void give_to(const fs::path& path, const std::string& user, const std::string& group) {
    if (chown(path.c_str(), user_id(user), group_id(group)) != 0) fail("cannot give away " + path.string());
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace mailrota::rig
