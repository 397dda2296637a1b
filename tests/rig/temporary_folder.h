#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mailrota::rig {

/// A new, empty folder with a unique name, removed with all that is in it when the object ends.
///
/// It belongs to the caller and has mode 755, which the folders of an MTA must have. The environment variable
/// MAILROTA_RIG_KEEP=1 keeps it on disk for a look at the logs. One owner; moves, does not copy.
class TemporaryFolder {
  public:
    /// Where the folder stands.
    enum class Place {
        temporary,  ///< $TMPDIR, else /tmp: real disk, good for queues and databases
        run,        ///< /run: a path that Sendmail calls safe for a milter socket (no world-writable parent)
    };

    /// Throws std::system_error when the folder cannot be made.
    explicit TemporaryFolder(Place place = Place::temporary);
    ~TemporaryFolder();
    TemporaryFolder(TemporaryFolder&& other) noexcept;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

    /// Makes the subfolder `name` with this owner (user and group as names; empty: unchanged) and mode.
    std::filesystem::path make(std::string_view name, const std::string& user = "",
                               const std::string& group = "", unsigned mode = 0755) const;

  private:
    std::filesystem::path path_;
};

/// Gives `path` to `user` and `group` (names; empty: unchanged). Throws std::runtime_error if there is no
/// such name.
void give_to(const std::filesystem::path& path, const std::string& user, const std::string& group);

/// The bytes of a file; empty if it cannot be read (a log that is not there yet).
std::string read_file(const std::filesystem::path& path);

/// Replaces the file by `text`. Throws std::runtime_error when it cannot be written.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace mailrota::rig
