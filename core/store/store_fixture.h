#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/store/store.h"
#include "tests/rig/postgresql.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::store {

// The server that the tests of one process share; started when it is first asked for.
inline rig::PostgreSql& postgresql() {
    static rig::PostgreSql server;
    return server;
}

inline std::string new_postgresql_database() {
    static int number = 0;
    return postgresql().create_database("test" + std::to_string(++number));
}

inline Time at(std::int64_t seconds) { return Time(std::chrono::seconds(seconds)); }

inline StoredTurn some_turn(std::string rota, std::string key, std::int64_t when = 1000) {
    return {std::move(rota), std::move(key), {"ann@example.com"}, {"Ann@example.com"},
            "turn",          "4XyZ",         "<1@example.com>",   at(when)};
}

// The value of a result; a failed test and an empty value if it is an error.
template <class T>
T value_of(Result<T> result) {
    if (result) return std::move(*result);
    ADD_FAILURE() << result.error().text;
    return T();
}

inline void succeed(const Result<void>& result) {
    if (!result) ADD_FAILURE() << result.error().text;
}

// Whether it failed in this way with these words in its text.
inline void expect_error(const Result<void>& result, ErrorKind kind, const std::string& words) {
    ASSERT_FALSE(result.has_value()) << "no error, instead of: " << words;
    EXPECT_EQ(result.error().kind, kind) << result.error().text;
    EXPECT_THAT(result.error().text, ::testing::HasSubstr(words));
    EXPECT_THAT(result.error().text, ::testing::Not(::testing::HasSubstr("\n")));
}

// What one question to a transaction answers, asked in a read of its own.
template <class Ask>
auto ask(Store& store, Ask question) {
    std::decay_t<decltype(*question(std::declval<Transaction&>()))> answer;
    succeed(store.read([&](Transaction& transaction) -> Result<void> {
        auto result = question(transaction);
        if (!result) return tl::unexpected(result.error());
        answer = std::move(*result);
        return {};
    }));
    return answer;
}

inline std::optional<StoredTurn> turn_of(Store& store, const std::string& rota, const std::string& key) {
    return ask(store, [&](Transaction& t) { return t.turn(rota, key); });
}
inline RotaState state_of(Store& store, const std::string& rota) {
    return ask(store, [&](Transaction& t) { return t.rota_state(rota); });
}
inline std::optional<std::string> bytes_of(Store& store, const std::string& name) {
    return ask(store, [&](Transaction& t) { return t.bytes(name); });
}

inline MemberState credited(std::int64_t credit) {
    MemberState state;
    state.credit = credit;
    return state;
}

// Adds one turn to the member's count: what must come out exact, however many do it at once.
inline Work count_turn(std::string rota, std::string member) {
    return [=](Transaction& transaction) -> Result<void> {
        auto state = transaction.rota_state(rota);
        if (!state) return tl::unexpected(state.error());
        ++(*state)[member].turns;
        return transaction.put_rota_state(rota, *state);
    };
}

// Runs body(0) … body(count - 1), each in a thread of its own, and waits for them.
template <class Body>
void at_once(int count, Body body) {
    std::latch start(count);
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            body(i);
        });
}

inline std::string parameter_name(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

// A test that runs on each kind of store; the parameter is "sqlite" or "postgresql".
class StoreTest : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (GetParam() == "sqlite") url_ = "sqlite:" + (folder_ / "state.db").string();
        if (GetParam() == "postgresql") url_ = new_postgresql_database();
        store_ = value_of(open_store(url_));
        ASSERT_TRUE(store_);
    }

    rig::TemporaryFolder folder_;
    std::string url_;
    std::unique_ptr<Store> store_;
};

}  // namespace mailrota::store
