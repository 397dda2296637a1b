#include "core/store/scratch_database.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace mailrota::store {

SqlResult<std::unique_ptr<ScratchDatabase>> ScratchDatabase::make(std::chrono::milliseconds busy) {
    const char* place = std::getenv("TMPDIR");
    std::string folder = fmt::format("{}/mailrota.XXXXXX", place && *place ? place : "/tmp");
    if (!::mkdtemp(folder.data()))
        return sql_error(
            SqlError::Kind::unavailable,
            fmt::format("database memory: no folder {} can be made: {}", folder, std::strerror(errno)));
    std::unique_ptr<ScratchDatabase> made(new ScratchDatabase(folder, busy));
    if (auto file = made->database_.create_file(); !file) return tl::unexpected(file.error());
    return made;
}

ScratchDatabase::ScratchDatabase(std::filesystem::path folder, std::chrono::milliseconds busy)
    : folder_(std::move(folder)), database_(folder_ / "state.db", busy, SqliteDatabase::Sync::never) {}

// The watching connection has the file open still; that does not keep it from being removed.
ScratchDatabase::~ScratchDatabase() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace mailrota::store
