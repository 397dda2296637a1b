#include <limits>

#include "core/store/mail_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;

class StoreContract : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Each, StoreContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

Work put(const StoredTurn& turn) {
    return [=](Transaction& transaction) { return transaction.put_turn(turn); };
}

template <class T>
Result<void> nothing(const Result<T>& result) {
    return result.map([](const T&) {});
}

std::vector<std::string> keys(const std::vector<StoredTurn>& turns) {
    std::vector<std::string> found;
    for (const StoredTurn& turn : turns) found.push_back(turn.key);
    return found;
}

TEST_P(StoreContract, RemembersATurn) {
    EXPECT_EQ(turn_of(*store_, "orders", "k1"), std::nullopt);
    succeed(store_->write({"orders"}, put(some_turn("orders", "k1"))));
    EXPECT_EQ(turn_of(*store_, "orders", "k1"), some_turn("orders", "k1"));
    EXPECT_EQ(turn_of(*store_, "sales", "k1"), std::nullopt);
}

TEST_P(StoreContract, ReplacesATurnOfTheSameKey) {
    StoredTurn turn = some_turn("orders", "k1");
    succeed(store_->write({"orders"}, put(turn)));
    turn.members = {"ben@example.com", "", "a,3:b"};
    turn.targets = {};
    turn.at = at(-5);
    succeed(store_->write({"orders"}, put(turn)));
    EXPECT_EQ(turn_of(*store_, "orders", "k1"), turn);
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.history("", 10); }).size(), 1u);
}

TEST_P(StoreContract, HistoryHasTheNewestFirst) {
    for (const auto& [rota, key, when] :
         {std::tuple("orders", "a", 10), {"sales", "b", 30}, {"orders", "c", 20}, {"orders", "d", 20}})
        succeed(store_->write({rota}, put(some_turn(rota, key, when))));
    const auto history = [&](const std::string& rota, std::size_t limit) {
        return keys(ask(*store_, [&](Transaction& t) { return t.history(rota, limit); }));
    };
    EXPECT_THAT(history("", 10), ElementsAre("b", "d", "c", "a"));
    EXPECT_THAT(history("orders", 10), ElementsAre("d", "c", "a"));
    EXPECT_THAT(history("", 2), ElementsAre("b", "d"));
    EXPECT_THAT(history("none", 10), ElementsAre());
    EXPECT_THAT(history("", 0), ElementsAre());
}

TEST_P(StoreContract, KeepsEveryFieldOfAState) {
    EXPECT_TRUE(state_of(*store_, "orders").empty());
    RotaState state;
    state["ann@example.com"] = {
        std::numeric_limits<std::int64_t>::min(), true, at(123), -1, 7, 5'000'000'000, at(99)};
    state["ben@example.com"] = {
        std::numeric_limits<std::int64_t>::max(), false, std::nullopt, 20'000, 2'147'483'647, 0, at(0)};
    state[""] = {-1, false, at(-1), 0, 0, -1, at(-62'135'596'800)};
    succeed(store_->write({"orders"}, [&](Transaction& t) { return t.put_rota_state("orders", state); }));
    EXPECT_EQ(state_of(*store_, "orders"), state);
    EXPECT_TRUE(state_of(*store_, "sales").empty());
}

TEST_P(StoreContract, KeepsMembersThatAreNotInTheNewState) {
    RotaState first;
    for (int i = 0; i < 100; ++i) first["m" + std::to_string(i)].credit = i;
    succeed(store_->write({"orders"}, [&](Transaction& t) { return t.put_rota_state("orders", first); }));
    succeed(store_->write({"orders"}, [&](Transaction& t) -> Result<void> {
        auto state = t.rota_state("orders");
        if (!state) return tl::unexpected(state.error());
        return t.put_rota_state("orders", {{"m7", credited(-7)}, {"new", {}}});
    }));
    first["m7"].credit = -7;
    first["new"] = {};
    EXPECT_EQ(state_of(*store_, "orders"), first);
}

TEST_P(StoreContract, AWorkSeesItsOwnWrites) {
    succeed(store_->write({"orders"}, [](Transaction& t) -> Result<void> {
        succeed(t.put_turn(some_turn("orders", "k")));
        succeed(t.put_rota_state("orders", {{"ann", credited(5)}}));
        succeed(t.put_sticky("orders", {"c"}, "ann", at(10)));
        succeed(t.put_bytes("n", "bytes"));
        EXPECT_TRUE(value_of(t.turn("orders", "k")));
        EXPECT_EQ(value_of(t.rota_state("orders"))["ann"].credit, 5);
        EXPECT_EQ(value_of(t.sticky("orders", {"c"}, at(9))), "ann");
        EXPECT_EQ(value_of(t.bytes("n")), "bytes");
        return {};
    }));
}

TEST_P(StoreContract, AFailedWorkLeavesNothing) {
    succeed(store_->write({"orders"}, count_turn("orders", "ann")));
    succeed(store_->write({}, [](Transaction& t) { return t.put_bytes("old", "1"); }));
    const auto spoil = [](Transaction& t) {
        succeed(t.put_turn(some_turn("orders", "k")));
        succeed(count_turn("orders", "ann")(t));
        succeed(t.put_sticky("orders", {"c"}, "ann", at(10)));
        succeed(t.put_bytes("old", "2"));
        succeed(t.drop_bytes("old"));
    };
    const auto failed = store_->write({"orders"}, [&](Transaction& t) -> Result<void> {
        spoil(t);
        return invalid("on purpose");
    });
    expect_error(failed, ErrorKind::invalid, "on purpose");
    const auto threw = store_->write({"orders"}, [&](Transaction& t) -> Result<void> {
        spoil(t);
        throw std::runtime_error("thrown on purpose");
    });
    expect_error(threw, ErrorKind::invalid, "thrown on purpose");
    succeed(store_->rehearse({"orders"}, [&](Transaction& t) -> Result<void> {
        spoil(t);
        return {};
    }));
    EXPECT_EQ(turn_of(*store_, "orders", "k"), std::nullopt);
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns, 1);
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.sticky("orders", {"c"}, at(1)); }), std::nullopt);
    EXPECT_EQ(bytes_of(*store_, "old"), "1");
    EXPECT_EQ(store_->counters().failures, 2u);
    EXPECT_EQ(store_->counters().works, 2u);
}

TEST_P(StoreContract, AReadMayNotWrite) {
    for (const auto& change : std::vector<Work>{
             [](Transaction& t) { return t.put_turn(some_turn("orders", "k")); },
             [](Transaction& t) {
                 return t.put_rota_state("orders", {{"ann", {}}});
             },
             [](Transaction& t) { return t.put_sticky("orders", {"c"}, "ann", at(10)); },
             [](Transaction& t) { return t.put_bytes("n", "b"); },
             [](Transaction& t) { return t.drop_bytes("n"); },
             [](Transaction& t) { return t.put_journal(some_mail("m"), {}); },
             [](Transaction& t) { return t.add_story({}); },
             [](Transaction& t) { return t.put_in_box(some_item("i"), ""); },
             [](Transaction& t) { return nothing(t.lease_box("web", 1, 1, "t", at(1), at(2))); },
             [](Transaction& t) { return nothing(t.renew_lease("web", "t", at(1))); },
             [](Transaction& t) { return nothing(t.end_lease("web", "t", at(1))); },
             [](Transaction& t) { return nothing(t.acknowledge("web", "t", {}, at(1))); },
             [](Transaction& t) { return t.drop_item("web", "i"); },
             [](Transaction& t) { return nothing(t.put_job(some_job("j"), "")); },
             [](Transaction& t) { return nothing(t.claim_jobs("w", at(1), at(2), 1)); },
             [](Transaction& t) { return nothing(t.renew_job(1, 1, at(1))); },
             [](Transaction& t) { return nothing(t.finish_job(1, 1, "")); },
             [](Transaction& t) { return nothing(t.fail_job(1, 1, "")); },
             [](Transaction& t) { return nothing(t.postpone_job(1, 1, at(1), "", "")); },
             [](Transaction& t) { return nothing(t.retry_job(1, at(1), at(1))); },
             [](Transaction& t) { return nothing(t.drop_job(1)); },
         })
        expect_error(store_->read(change), ErrorKind::invalid, "a read may not write");
}

TEST_P(StoreContract, ManyWorksHandedInTogetherShareCommits) {
    std::vector<Write> writes;
    for (int i = 0; i < 600; ++i) writes.push_back({{"orders"}, count_turn("orders", "ann")});
    const auto results = store_->write_all(std::move(writes));
    EXPECT_EQ(results.size(), 600u);
    for (const auto& result : results) succeed(result);
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns, 600);
    EXPECT_EQ(store_->counters().works, 600u);
    EXPECT_EQ(store_->counters().commits, 3u);
    EXPECT_THAT(store_->write_all({}), ::testing::IsEmpty());
}

TEST_P(StoreContract, OfManyWorksEachHasAResultOfItsOwn) {
    std::vector<Write> writes;
    for (int i = 0; i < 300; ++i)
        writes.push_back({{"orders"}, [i](Transaction& t) -> Result<void> {
                              if (auto counted = count_turn("orders", "ann")(t); !counted) return counted;
                              if (i == 7) throw std::runtime_error("thrown on purpose");
                              return i % 100 == 0 ? invalid("on purpose") : Result<void>();
                          }});
    writes.push_back({{"orders"}, count_turn("sales", "ann")});  // a rota that it did not name
    const auto results = store_->write_all(std::move(writes));
    ASSERT_EQ(results.size(), 301u);
    for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(results[i].has_value(), i % 100 != 0 && i != 7) << i;
    expect_error(results[100], ErrorKind::invalid, "on purpose");
    expect_error(results[300], ErrorKind::invalid, "sales");
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns, 296);
    EXPECT_EQ(store_->counters().works, 296u);
    EXPECT_EQ(store_->counters().failures, 5u);
}

TEST_P(StoreContract, AWriteNamesItsRotas) {
    expect_error(store_->write({"sales"}, count_turn("orders", "ann")), ErrorKind::invalid, "orders");
    succeed(store_->write({"sales", "orders", "sales"}, count_turn("orders", "ann")));
}

TEST_P(StoreContract, TheNewestConversationWins) {
    succeed(store_->write({"orders"}, [](Transaction& t) -> Result<void> {
        succeed(t.put_sticky("orders", {"old", "old", "older"}, "ann", at(100)));
        succeed(t.put_sticky("orders", {"new"}, "ben", at(50)));
        return t.put_sticky("sales", {"newest"}, "cho", at(100));
    }));
    const auto sticky = [&](const std::vector<std::string>& of, std::int64_t now) {
        return ask(*store_, [&](Transaction& t) { return t.sticky("orders", of, at(now)); });
    };
    EXPECT_EQ(sticky({"older", "old", "new", "newest"}, 10), "ben");
    EXPECT_EQ(sticky({"new", "old"}, 10), "ann");
    EXPECT_EQ(sticky({"old", "new"}, 50), "ann");  // "new" ended at 50
    EXPECT_EQ(sticky({"old", "new"}, 100), std::nullopt);
    EXPECT_EQ(sticky({}, 10), std::nullopt);
    succeed(store_->write({"orders"},
                          [](Transaction& t) { return t.put_sticky("orders", {"new"}, "dan", at(200)); }));
    EXPECT_EQ(sticky({"old", "new"}, 150), "dan");
}

TEST_P(StoreContract, ConversationsMayBeLong) {
    std::vector<std::string> ids;
    for (int i = 0; i < 100; ++i) ids.push_back("id" + std::to_string(i));
    for (const int known : {0, 3, 4, 5, 36, 99}) {
        const std::string rota = "rota" + std::to_string(known);
        succeed(store_->write({rota}, [&](Transaction& t) {
            return t.put_sticky(rota, {ids[std::size_t(known)]}, "ann", at(9));
        }));
        EXPECT_EQ(ask(*store_, [&](Transaction& t) { return t.sticky(rota, ids, at(1)); }), "ann") << known;
    }
    succeed(
        store_->write({"orders"}, [&](Transaction& t) { return t.put_sticky("orders", ids, "ben", at(9)); }));
    for (const std::string& id : ids)
        EXPECT_EQ(ask(*store_, [&](Transaction& t) { return t.sticky("orders", {id}, at(1)); }), "ben");
}

TEST_P(StoreContract, PurgeForgetsWhatIsOver) {
    succeed(store_->write({"orders"}, [](Transaction& t) -> Result<void> {
        for (int i = 0; i < 1100; ++i)
            succeed(t.put_turn(some_turn("orders", "old" + std::to_string(i), 99)));
        succeed(t.put_turn(some_turn("orders", "young", 100)));
        succeed(t.put_sticky("orders", {"over", "over too"}, "ann", at(200)));
        return t.put_sticky("orders", {"on"}, "ben", at(201));
    }));
    EXPECT_EQ(value_of(store_->purge(at(200), std::chrono::seconds(100))), 1102u);
    EXPECT_EQ(value_of(store_->purge(at(200), std::chrono::seconds(100))), 0u);
    EXPECT_EQ(keys(ask(*store_, [](Transaction& t) { return t.history("", 10); })),
              std::vector<std::string>{"young"});
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.sticky("orders", {"over", "on"}, at(1)); }), "ben");
}

TEST_P(StoreContract, ProbeAndCounters) {
    succeed(store_->probe());
    EXPECT_EQ(store_->counters().failures, 0u);
    EXPECT_THAT(store_->description(), ::testing::StartsWith(GetParam()));
}

TEST_P(StoreContract, ASecondOpeningFindsEverything) {
    const auto secret = value_of(store_->trace_secret());
    EXPECT_EQ(value_of(store_->trace_secret()), secret);
    EXPECT_NE(secret, mail::TraceSecret{});
    succeed(store_->write({"orders"}, count_turn("orders", "ann")));
    store_.reset();
    store_ = value_of(open_store(url_, {.create = false}));
    EXPECT_EQ(value_of(store_->trace_secret()), secret);
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns, 1);
}

TEST(OpenStore, RefusesUrlsWithoutQuotingThem) {
    for (const char* url :
         {"", "sqlite:", "mysql://u:secret@h/d", "postgresql://u:secret%zz@h/d", "/var/lib/state.db"}) {
        const auto opened = open_store(url);
        ASSERT_FALSE(opened.has_value()) << url;
        EXPECT_EQ(opened.error().kind, ErrorKind::invalid);
        EXPECT_THAT(opened.error().text, ::testing::Not(::testing::HasSubstr("secret")));
    }
}

}  // namespace
}  // namespace mailrota::store
