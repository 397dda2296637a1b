#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// A PostgreSQL cluster of our own on a free loopback port, run as the user postgres, with fsync on as in
/// production. Needs root and Debian's postgresql package (any version; the newest is taken), whose own
/// clusters it leaves alone. Takes about a second to make. The destructor stops it and removes its data. Not
/// thread-safe.
class PostgreSql {
  public:
    /// `settings`: each "name=value", as `postgres -c` takes them. Throws std::runtime_error with the log
    /// when the server does not start.
    explicit PostgreSql(std::vector<std::string> settings = {});
    ~PostgreSql();
    PostgreSql(const PostgreSql&) = delete;
    PostgreSql& operator=(const PostgreSql&) = delete;

    /// postgresql://postgres@127.0.0.1:port/name, for libpq and our configuration.
    std::string url(const std::string& database = "postgres") const;
    int port() const { return port_; }

    /// Creates an empty database and returns its url: one for each test is cheaper than a cluster for each.
    std::string create_database(const std::string& name) const;

    /// Runs SQL by psql and returns its output: unaligned, without headings. Throws std::runtime_error on an
    /// error.
    std::string query(const std::string& sql, const std::string& database = "postgres") const;

    /// Ends it with its sessions (mode "fast"), or as a crash would ("immediate").
    void stop(const std::string& mode = "fast");
    void start();
    void restart();

    std::string log() const { return read_file(folder_ / "postgresql.log"); }

  private:
    void control(const std::vector<std::string>& arguments) const;

    TemporaryFolder folder_;
    int port_;
    std::filesystem::path programs_;
    std::vector<std::string> settings_;
    bool running_ = false;
};

}  // namespace mailrota::rig
