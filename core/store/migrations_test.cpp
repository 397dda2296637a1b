#include "core/store/migrations.h"

#include "core/store/incident_fixture.h"
#include "core/store/postgres_connection.h"
#include "core/store/sqlite_connection.h"

namespace mailrota::store {
namespace {

constexpr std::chrono::milliseconds patience{10'000};

// A database as an earlier program left it, opened by this one.
class Migrations : public ::testing::TestWithParam<std::string> {
  protected:
    // A new one: runs the steps up to this one and then the statements.
    void leave_at(int version, const std::vector<std::string>& statements) {
        auto database = new_database("state" + std::to_string(version) + ".db");
        ASSERT_TRUE(database);
        auto connection = database->connect(SqlDatabase::Role::writer);
        ASSERT_TRUE(connection) << connection.error().text;
        run(**connection, "CREATE TABLE schema_version (version bigint NOT NULL)");
        for (const Migration& step : migrations()) {
            if (step.number > version) break;
            run(**connection, std::string(GetParam() == "sqlite" ? step.sqlite : step.postgresql));
            run(**connection, "INSERT INTO schema_version VALUES (" + std::to_string(step.number) + ")");
        }
        for (const std::string& statement : statements) run(**connection, statement);
    }
    std::unique_ptr<SqlDatabase> new_database(const std::string& name) {
        if (GetParam() == "postgresql") {
            url_ = new_postgresql_database();
            auto server = PostgresDatabase::make(url_, patience);
            return server ? std::move(*server) : nullptr;
        }
        const auto path = (folder_ / name).string();
        url_ = "sqlite:" + path;
        auto file = std::make_unique<SqliteDatabase>(path, patience);
        return file->create_file() ? std::move(file) : nullptr;
    }
    static void run(SqlConnection& connection, const std::string& sql) {
        const auto done = connection.execute_script(sql);
        ASSERT_TRUE(done) << sql << ": " << done.error().text;
    }

    rig::TemporaryFolder folder_;
    std::string url_;
};
INSTANTIATE_TEST_SUITE_P(Each, Migrations, ::testing::Values("sqlite", "postgresql"), parameter_name);

// What a program of version 3 wrote of a job, the key in hexadecimal.
std::string job_of_version_3(const std::string& database, const std::string& key, int state) {
    const auto bytes = [&](const std::string& hex) {
        return database == "sqlite" ? "x'" + hex + "'" : "'\\x" + hex + "'";
    };
    const std::string none = bytes("");
    return "INSERT INTO job (key, kind, mail, payload, priority, state, created, due, expires, attempts, "
           "last, "
           "owner, fence, leased_until, ready) VALUES (" +
           bytes(key) + ", " + none + ", " + none + ", " + none + ", 0, " + std::to_string(state) +
           ", 1000, 5000, 9000, 1, " + none + ", " + none + ", 1, 6000, " + (state == 0 ? "5000" : "6000") +
           ")";
}

TEST_P(Migrations, EachStepLeadsToTheNewest) {
    const int newest = migrations().back().number;
    for (int version = 1; version < newest; ++version) {
        leave_at(version, {});
        auto store = value_of(open_store(url_));
        ASSERT_TRUE(store) << version;
        succeed(store->write({"orders"}, count_turn("orders", "ann")));
        EXPECT_GT(open(*store, some_incident("ops", "disk")), 0) << version;
    }
}

TEST_P(Migrations, JobsOfVersion3AreHastenedByThisOne) {
    leave_at(3, {job_of_version_3(GetParam(), "61", 0), job_of_version_3(GetParam(), "62", 1)});
    auto store = value_of(open_store(url_));
    ASSERT_TRUE(store);
    for (const char* key : {"a", "b"})
        EXPECT_TRUE(change(*store, [&](Transaction& t) { return t.hasten_job(key, at(2000)); })) << key;
    EXPECT_TRUE(change(*store, [](Transaction& t) { return t.postpone_job(2, 1, at(7000), "{}", ""); }));
    for (const std::int64_t id : {1, 2})
        EXPECT_EQ(ask(*store, [&](Transaction& t) { return t.job(id); })->due, at(2000)) << id;
}

TEST_P(Migrations, ADatabaseThatIsNotUpToDateIsRefusedByWhoMayNotChangeIt) {
    leave_at(3, {});
    const auto opened = open_store(url_, {.create = false});
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().text, ::testing::HasSubstr("schema version 3 is older than this program's"));
}

TEST_P(Migrations, OfManyWhoOpenItAtOnceOneBringsItUpToDate) {
    leave_at(3, {});
    at_once(4, [&](int) { EXPECT_TRUE(value_of(open_store(url_, {.busy = std::chrono::seconds(30)}))); });
    auto store = value_of(open_store(url_, {.create = false}));
    ASSERT_TRUE(store);
    EXPECT_GT(open(*store, some_incident("ops", "disk")), 0);
}

}  // namespace
}  // namespace mailrota::store
