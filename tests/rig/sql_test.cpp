#include "tests/rig/sql.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/rig/postgresql.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void expect_rows_of(const std::string& store, const std::string& bytes) {
    EXPECT_THAT(sql(store, "CREATE TABLE mail (number integer, key " + bytes + ")"), IsEmpty());
    sql(store, "INSERT INTO mail VALUES (1, CAST('ann' AS " + bytes + ")), (2, NULL)");
    EXPECT_THAT(sql(store, "SELECT number, CAST(key AS TEXT) FROM mail ORDER BY number"),
                ElementsAre(ElementsAre("1", "ann"), ElementsAre("2", "")));
    EXPECT_EQ(sql_value(store, "SELECT count(*) FROM mail"), "2");
    EXPECT_EQ(sql_value(store, "SELECT number FROM mail WHERE number = 3"), "");
    EXPECT_THROW(sql(store, "SELECT nothing FROM mail"), std::runtime_error);
}

TEST(Sql, ReadsRowsOfSqlite) {
    const TemporaryFolder folder;
    write_file(folder / "state.db", "");
    expect_rows_of("sqlite:" + (folder / "state.db").string(), "BLOB");
    EXPECT_THROW(sql("sqlite:" + (folder / "none.db").string(), "SELECT 1"), std::runtime_error);
}

TEST(Sql, ReadsRowsOfPostgresql) { expect_rows_of(PostgreSql().url(), "bytea"); }

}  // namespace
}  // namespace mailrota::rig
