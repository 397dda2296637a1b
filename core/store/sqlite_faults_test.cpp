#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "core/store/store_fixture.h"

namespace mailrota::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr StoreOptions impatient{.busy = std::chrono::milliseconds(100)};

class SqliteFaults : public ::testing::Test {
  protected:
    std::unique_ptr<Store> open(StoreOptions options = impatient) {
        return value_of(open_store("sqlite:" + path_.string(), options));
    }
    Result<void> count(Store& store) { return store.write({"orders"}, count_turn("orders", "ann")); }
    Result<void> look(Store& store) {
        return store.read([](Transaction& t) { return t.rota_state("orders").map([](const RotaState&) {}); });
    }
    std::int64_t counted(Store& store) { return state_of(store, "orders")["ann"].turns; }

    rig::TemporaryFolder folder_;
    fs::path path_ = folder_ / "state.db";
};

// With and without a connection for reads made before.
class SqliteFaultsRead : public SqliteFaults, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Before, SqliteFaultsRead, ::testing::Bool());

// A connection of somebody else's.
class Stranger {
  public:
    explicit Stranger(const fs::path& path) { sqlite3_open(path.c_str(), &database_); }
    ~Stranger() { sqlite3_close(database_); }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    void run(const char* sql) {
        ASSERT_EQ(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    }

  private:
    sqlite3* database_ = nullptr;
};

// Runs the body on a thread whose mounts no one else sees. False if this user may not do that.
template <class Body>
bool with_own_mounts(Body body) {
    bool allowed = false;
    std::jthread thread([&] {
        allowed =
            unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
        if (allowed) body();
    });
    thread.join();
    return allowed;
}

TEST_F(SqliteFaults, GroupMayUseTheFile) {
    const mode_t before = umask(077);
    auto store = open();
    umask(before);
    succeed(count(*store));
    for (const char* name : {"state.db", "state.db-wal", "state.db-shm"}) {
        struct stat found {};
        ASSERT_EQ(stat((folder_ / name).c_str(), &found), 0) << name;
        EXPECT_EQ(found.st_mode & 0777, mode_t{0660}) << name;
    }
}

TEST_F(SqliteFaults, Locked) {
    auto store = open();
    succeed(count(*store));
    Stranger stranger(path_);
    stranger.run("BEGIN IMMEDIATE");
    expect_error(count(*store), ErrorKind::unavailable, "locked");
    expect_error(store->probe(), ErrorKind::unavailable, path_.string());
    EXPECT_EQ(counted(*store), 1);  // reads do not wait
    stranger.run("COMMIT");
    succeed(count(*store));
    EXPECT_EQ(counted(*store), 2);
}

TEST_P(SqliteFaultsRead, DeletedAndPutBack) {
    auto store = open();
    succeed(count(*store));
    if (GetParam()) succeed(look(*store));
    fs::rename(path_, folder_ / "away.db");
    expect_error(count(*store), ErrorKind::unavailable, path_.string() + ": the file was deleted");
    expect_error(look(*store), ErrorKind::unavailable, "deleted");
    EXPECT_FALSE(fs::exists(path_));
    fs::rename(folder_ / "away.db", path_);
    succeed(count(*store));
    EXPECT_EQ(counted(*store), 2);
}

TEST_F(SqliteFaults, DeletedForGood) {
    auto store = open();
    succeed(count(*store));
    fs::remove(path_);
    for (int i = 0; i < 3; ++i) expect_error(count(*store), ErrorKind::unavailable, "deleted");
    store.reset();
    store = open();
    EXPECT_EQ(counted(*store), 0);
    succeed(count(*store));
}

TEST_P(SqliteFaultsRead, ReplacedByABackup) {
    auto store = open();
    succeed(count(*store));
    Stranger(path_).run(("VACUUM INTO '" + (folder_ / "backup.db").string() + "'").c_str());
    for (int i = 0; i < 5; ++i) succeed(count(*store));
    if (GetParam()) succeed(look(*store));
    fs::rename(path_, folder_ / "old.db");
    fs::rename(folder_ / "backup.db", path_);
    EXPECT_EQ(counted(*store), 1);  // reader and writer each find out for themselves
    succeed(count(*store));
    EXPECT_EQ(counted(*store), 2);
    store.reset();
    EXPECT_EQ(counted(*open()), 2);
    // What was acknowledged before is all in the file that was moved away.
    EXPECT_EQ(counted(*value_of(open_store("sqlite:" + (folder_ / "old.db").string()))), 6);
}

TEST_F(SqliteFaults, ReplacedBySomethingElse) {
    auto store = open();
    succeed(count(*store));
    fs::remove(path_);
    rig::write_file(path_, std::string(8192, 'x'));
    expect_error(count(*store), ErrorKind::invalid, "not a SQLite database");
    expect_error(look(*store), ErrorKind::invalid, "not a SQLite database");
}

TEST_F(SqliteFaults, CorruptWhenOpened) {
    rig::write_file(path_, std::string(8192, 'x'));
    const auto opened = open_store("sqlite:" + path_.string());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, ErrorKind::invalid);
    EXPECT_THAT(opened.error().text, HasSubstr(path_.string()));
}

TEST_F(SqliteFaults, CorruptWhileInUse) {
    auto store = open();
    succeed(store->write({}, [](Transaction& t) { return t.put_bytes("mail", std::string(100'000, 'x')); }));
    store.reset();
    const auto size = fs::file_size(path_);
    fs::resize_file(path_, 4096);
    fs::resize_file(path_, size);
    const auto opened = open_store("sqlite:" + path_.string());
    const auto result = opened ? count(**opened) : Result<void>(tl::unexpected(opened.error()));
    expect_error(result, ErrorKind::invalid, "damaged");
}

TEST_F(SqliteFaults, AnotherProgramsDatabase) {
    Stranger(path_).run("CREATE TABLE turn (a)");
    const auto opened = open_store("sqlite:" + path_.string());
    ASSERT_FALSE(opened.has_value());
    EXPECT_THAT(opened.error().text, HasSubstr("another program"));
}

TEST_F(SqliteFaults, FolderMissing) {
    for (const bool create : {true, false}) {
        const auto opened = open_store("sqlite:" + (folder_ / "no/state.db").string(), {.create = create});
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().kind, ErrorKind::unavailable);
        EXPECT_THAT(opened.error().text, HasSubstr("No such file or directory"));
        EXPECT_THAT(opened.error().text, HasSubstr("no/state.db"));
    }
}

TEST_F(SqliteFaults, NotMadeUnlessAskedTo) {
    const auto opened = open_store("sqlite:" + path_.string(), {.create = false});
    ASSERT_FALSE(opened.has_value());
    EXPECT_FALSE(fs::exists(path_));
    rig::write_file(path_, "");
    const auto empty = open_store("sqlite:" + path_.string(), {.create = false});
    ASSERT_FALSE(empty.has_value());
    EXPECT_THAT(empty.error().text, HasSubstr("no tables of mailrota"));
}

TEST_F(SqliteFaults, NewerSchema) {
    open().reset();
    Stranger(path_).run("INSERT INTO schema_version VALUES (99)");
    for (const bool create : {true, false}) {
        const auto opened = open_store("sqlite:" + path_.string(), {.create = create});
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().kind, ErrorKind::invalid);
        EXPECT_THAT(opened.error().text, HasSubstr("schema version 99 is newer"));
    }
}

TEST_F(SqliteFaults, FullDisk) {
    const auto body = [&] {
        const auto disk = folder_.make("disk");
        ASSERT_EQ(mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=400k"), 0);
        path_ = disk / "state.db";
        auto store = open();
        succeed(count(*store));
        const auto fill = [&](std::size_t size) {
            return store->write({},
                                [&](Transaction& t) { return t.put_bytes("mail", std::string(size, 'x')); });
        };
        expect_error(fill(1'000'000), ErrorKind::unavailable, path_.string() + ": the disk is full");
        EXPECT_EQ(counted(*store), 1);
        ASSERT_EQ(mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=8m"), 0);
        succeed(fill(1'000'000));
        succeed(count(*store));
        EXPECT_EQ(counted(*store), 2);
        store.reset();
        umount(disk.c_str());
    };
    if (!with_own_mounts(body)) GTEST_SKIP() << "needs the right to mount";
}

TEST_F(SqliteFaults, ReadOnly) {
    const auto body = [&] {
        const auto writable = open();  // keeps the log in place
        succeed(count(*writable));
        const auto view = folder_.make("view");
        ASSERT_EQ(mount(folder_.path().c_str(), view.c_str(), nullptr, MS_BIND, nullptr), 0);
        ASSERT_EQ(mount(nullptr, view.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr), 0);
        path_ = view / "state.db";
        auto store = open();
        ASSERT_TRUE(store);
        expect_error(count(*store), ErrorKind::unavailable, "read-only");
        expect_error(store->probe(), ErrorKind::unavailable, path_.string());
        EXPECT_EQ(counted(*store), 1);
        store.reset();
        umount(view.c_str());
    };
    if (!with_own_mounts(body)) GTEST_SKIP() << "needs the right to mount";
}

TEST_F(SqliteFaults, ReadOnlyFromTheStart) {
    const auto body = [&] {
        succeed(count(*open()));
        ASSERT_EQ(mount(folder_.path().c_str(), folder_.path().c_str(), nullptr, MS_BIND, nullptr), 0);
        ASSERT_EQ(mount(nullptr, folder_.path().c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr),
                  0);
        const auto opened = open_store("sqlite:" + path_.string());
        EXPECT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().kind, ErrorKind::unavailable);
        EXPECT_THAT(opened.error().text, HasSubstr("Read-only file system"));
        umount(folder_.path().c_str());
    };
    if (!with_own_mounts(body)) GTEST_SKIP() << "needs the right to mount";
}

}  // namespace
}  // namespace mailrota::store
