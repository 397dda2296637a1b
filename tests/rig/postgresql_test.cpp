#include "tests/rig/postgresql.h"

#include <gtest/gtest.h>

namespace mailrota::rig {
namespace {

TEST(PostgreSql, StartsAndKeepsItsDataOverARestartAndACrash) {
    PostgreSql server;
    const std::string url = server.create_database("one");
    EXPECT_NE(url.find("/one"), std::string::npos);
    server.query("CREATE TABLE t (n bigint); INSERT INTO t VALUES (42)", "one");
    server.restart();
    EXPECT_EQ(server.query("SELECT n FROM t", "one"), "42\n") << server.log();
    server.stop("immediate");
    EXPECT_THROW(server.query("SELECT 1"), std::runtime_error);
    server.start();
    EXPECT_EQ(server.query("SELECT n FROM t", "one"), "42\n") << server.log();
}

}  // namespace
}  // namespace mailrota::rig
