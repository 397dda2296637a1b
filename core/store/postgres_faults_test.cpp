#include <libpq-fe.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "core/store/store_fixture.h"
#include "tests/rig/wait.h"

namespace mailrota::store {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PostgresFaults : public ::testing::Test {
  protected:
    void SetUp() override {
        store_ = value_of(open_store(url_, {.busy = std::chrono::milliseconds(500)}));
        ASSERT_TRUE(store_);
    }
    Result<void> count() { return store_->write({"orders"}, count_turn("orders", "ann")); }
    Result<void> look() {
        return store_->read(
            [](Transaction& t) { return t.rota_state("orders").map([](const RotaState&) {}); });
    }
    std::int64_t counted() { return state_of(*store_, "orders")["ann"].turns; }

    std::string url_ = new_postgresql_database();
    std::unique_ptr<Store> store_;
};

// A session of somebody else's.
class Stranger {
  public:
    explicit Stranger(const std::string& url) : connection_(PQconnectdb(url.c_str()), &PQfinish) {}
    void run(const char* sql) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), sql), &PQclear);
        const auto status = PQresultStatus(result.get());
        ASSERT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
            << PQerrorMessage(connection_.get());
    }
    int server_process() const { return PQbackendPID(connection_.get()); }

  private:
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

constexpr const char* end_other_sessions =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    "pg_backend_pid()";

TEST_F(PostgresFaults, TheServerStopsAndComesBack) {
    succeed(count());
    EXPECT_EQ(counted(), 1);
    postgresql().stop();
    expect_error(count(), ErrorKind::unavailable, "127.0.0.1");
    expect_error(look(), ErrorKind::unavailable, "127.0.0.1");
    expect_error(store_->probe(), ErrorKind::unavailable, "127.0.0.1");
    postgresql().start();
    EXPECT_EQ(counted(), 1);
    succeed(count());
    EXPECT_EQ(counted(), 2);
}

TEST_F(PostgresFaults, LostConnectionsAreMadeAnew) {
    succeed(count());
    EXPECT_EQ(counted(), 1);
    for (int i = 0; i < 3; ++i) {
        Stranger(url_).run(end_other_sessions);
        succeed(look());
        succeed(count());
    }
    EXPECT_EQ(counted(), 4);
}

TEST_F(PostgresFaults, ALostConnectionInsideAWorkRunsItAgain) {
    int runs = 0;
    succeed(store_->write({"orders"}, [&](Transaction& t) {
        if (++runs == 1) Stranger(url_).run(end_other_sessions);
        return count_turn("orders", "ann")(t);
    }));
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(counted(), 1);
}

TEST_F(PostgresFaults, ServerStopsUnderLoad) {
    std::atomic<std::int64_t> acknowledged = 0;
    std::atomic<bool> go_on = true;
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&, i] {
            for (int n = 0; go_on; ++n) {
                const std::string key = std::to_string(i) + "." + std::to_string(n);
                const auto written = store_->write(
                    {"orders"}, [&](Transaction& t) { return t.put_turn(some_turn("orders", key)); });
                if (written) ++acknowledged;
            }
        });
    for (int i = 0; i < 2; ++i) {
        const auto before = acknowledged.load();
        EXPECT_TRUE(rig::wait_until([&] { return acknowledged > before + 20; }));
        postgresql().stop("immediate");
        postgresql().start();
    }
    const auto before = acknowledged.load();
    EXPECT_TRUE(rig::wait_until([&] { return acknowledged > before + 20; }));
    go_on = false;
    writers.clear();
    const auto turns = ask(*store_, [](Transaction& t) { return t.history("orders", 1'000'000); });
    EXPECT_GE(static_cast<std::int64_t>(turns.size()), acknowledged);
}

TEST_F(PostgresFaults, ALockThatIsHeldTooLong) {
    succeed(count());
    Stranger stranger(url_);
    stranger.run("BEGIN");
    stranger.run("SELECT * FROM rota FOR UPDATE");
    expect_error(count(), ErrorKind::unavailable, "lock timeout");
    EXPECT_EQ(counted(), 1);
    stranger.run("COMMIT");
    succeed(count());
}

TEST_F(PostgresFaults, ADeadlockIsRunAgain) {
    store_ = value_of(open_store(url_, {.busy = std::chrono::seconds(30)}));
    succeed(store_->write({"orders"}, [](Transaction& t) -> Result<void> {
        succeed(t.put_bytes("one", ""));
        return t.put_bytes("two", "");
    }));
    Stranger stranger(url_);
    stranger.run("SET deadlock_timeout = '1h'");  // the other side is the victim
    std::jthread other;
    int runs = 0;
    succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
        if (auto first = t.put_bytes("one", "ours"); !first) return first;
        if (++runs == 1) {
            stranger.run("BEGIN; UPDATE message SET bytes = 'theirs' WHERE name = 'two'");
            other = std::jthread(
                [&] { stranger.run("UPDATE message SET bytes = 'theirs' WHERE name = 'one'; COMMIT"); });
        }
        return t.put_bytes("two", "ours");
    }));
    EXPECT_GE(runs, 2);
    EXPECT_EQ(bytes_of(*store_, "one"), "ours");
}

TEST_F(PostgresFaults, AServerThatHangs) {
    succeed(count());
    std::string process;
    succeed(store_->write({}, [&](Transaction& t) {
        process = postgresql().query(
            "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND application_name = "
            "'mailrota'");
        return t.put_bytes("n", "b");
    }));
    const pid_t hung = std::stoi(process);
    kill(hung, SIGSTOP);
    const auto written = count();  // by a new connection, after the patience with the old one is over
    kill(hung, SIGCONT);
    if (!written) expect_error(written, ErrorKind::unavailable, "lock timeout");
    EXPECT_TRUE(rig::wait_until([&] { return count().has_value(); }));
}

// As a standby is, or a database that its administrator has closed for writes.
TEST_F(PostgresFaults, ReadOnlyDatabase) {
    succeed(count());
    const std::string alter = "ALTER DATABASE " + url_.substr(url_.rfind('/') + 1);
    postgresql().query(alter + " SET default_transaction_read_only = on");
    Stranger(url_).run(end_other_sessions);
    expect_error(count(), ErrorKind::unavailable, "read-only transaction");
    EXPECT_EQ(counted(), 1);
    postgresql().query(alter + " RESET default_transaction_read_only");
    succeed(count());
}

TEST_F(PostgresFaults, ATableThatIsMissingIsNamed) {
    Stranger(url_).run("ALTER TABLE turn RENAME TO away");
    const auto put = [](Transaction& t) { return t.put_turn(some_turn("orders", "k")); };
    expect_error(store_->write({"orders"}, put), ErrorKind::invalid, "\"turn\" does not exist");
    Stranger(url_).run("ALTER TABLE away RENAME TO turn");
    succeed(store_->write({"orders"}, put));
}

TEST_F(PostgresFaults, DroppedRotaRowsComeBack) {
    succeed(count());
    Stranger(url_).run("DELETE FROM rota");
    succeed(count());
    EXPECT_EQ(counted(), 2);
}

TEST_F(PostgresFaults, NewerSchema) {
    Stranger(url_).run("INSERT INTO schema_version VALUES (99)");
    const auto opened = open_store(url_);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, ErrorKind::invalid);
    EXPECT_THAT(opened.error().text, HasSubstr("schema version 99 is newer"));
}

TEST(PostgresUrl, PasswordsAreNotTold) {
    const std::string url = "postgresql://rota:s3cret@127.0.0.1:1/state";
    const auto opened = open_store(url);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(opened.error().text, HasSubstr("postgresql://rota@127.0.0.1:1/state"));
    EXPECT_THAT(opened.error().text, Not(HasSubstr("s3cret")));
    EXPECT_THAT(opened.error().text, Not(HasSubstr("\n")));
}

TEST(PostgresUrl, DescribedWithoutPassword) {
    std::string url = new_postgresql_database();
    url.insert(url.find('@'), ":s3cret");
    EXPECT_THAT(value_of(open_store(url))->description(),
                ::testing::AllOf(HasSubstr("postgres@127"), Not(HasSubstr("s3cret"))));
}

}  // namespace
}  // namespace mailrota::store
