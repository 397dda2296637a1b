#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <thread>

#include "core/store/incident_fixture.h"
#include "core/store/relay_fixture.h"
#include "tests/rig/process.h"
#include "tests/rig/wait.h"

namespace mailrota::store {
namespace {

constexpr const char* url_variable = "MAILROTA_CRASHING_STORE";

// What a mail that means an emergency leaves: known by the key in all that it writes.
Result<void> raise(Transaction& t, const std::string& key) {
    if (auto noted = t.note_trigger("ops", key, key, at(1000)); !noted) return tl::unexpected(noted.error());
    auto number = t.open_incident(some_incident("ops", key));
    if (!number) return tl::unexpected(number.error());
    if (auto put = t.remember_lines(*number, {key}); !put) return put;
    if (auto put = t.add_line({*number, "opened", key, at(1000)}); !put) return put;
    return t.put_contact(some_contact(key, *number));
}

// Run by the tests below in a process of its own: writes turns, journal, attempts, events, incidents and box
// for ever and says which are acknowledged.
TEST(StoreCrash, DISABLED_Writer) {
    auto store = value_of(open_store(std::getenv(url_variable)));
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&, i] {
            for (int n = 0;; ++n) {
                const std::string key =
                    std::to_string(getpid()) + "." + std::to_string(i) + "." + std::to_string(n);
                succeed(store->write({"orders"}, [&](Transaction& t) -> Result<void> {
                    if (auto counted = count_turn("orders", "ann")(t); !counted) return counted;
                    if (auto put = t.put_turn(some_turn("orders", key)); !put) return put;
                    const StoredMail mail = some_mail(key);
                    if (auto put = t.put_journal(mail, {some_entry(mail, "ann")}); !put) return put;
                    if (auto put = t.begin_attempt(mail, some_attempt(key, mail, {"ann", "ben"})); !put)
                        return put;
                    if (auto put = t.put_events("sendgrid", {some_event(key)}, at(1000)); !put)
                        return tl::unexpected(put.error());
                    if (auto raised = raise(t, key); !raised) return raised;
                    return t.put_in_box(some_item(key, {"ann"}, key), key);
                }));
                const std::string line = "\nacknowledged " + key + "\n";
                if (write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
            }
        });
}

std::vector<std::string> acknowledged(const std::string& output) {
    std::vector<std::string> keys;
    std::istringstream lines(output.substr(0, output.rfind('\n') + 1));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("acknowledged ")) keys.push_back(line.substr(13));
    return keys;
}

void expect_whole_incident(Store& store, const std::string& key) {
    const auto live = ask(store, [&](Transaction& t) { return t.live_incident("ops", key, at(1000)); });
    ASSERT_TRUE(live) << key;
    EXPECT_EQ(contact_of(store, key), some_contact(key, live->number));
    EXPECT_EQ(ask(store, [&](Transaction& t) { return t.trigger_lines(live->number); }),
              std::vector<std::string>{key});
    EXPECT_EQ(ask(store, [&](Transaction& t) { return t.lines_of(live->number); }).size(), 1u);
    EXPECT_EQ(ask(store, [&](Transaction& t) { return t.triggers_since("ops", key, at(0)); }), 1);
}

class StoreCrashes : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Each, StoreCrashes, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(StoreCrashes, WhatWasAcknowledgedIsThereAfterKill9) {
    const auto output = folder_ / "output";
    const rig::Command command{.argv = {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                                        "--gtest_filter=StoreCrash.DISABLED_Writer"},
                               .environment = {std::string(url_variable) + "=" + url_},
                               .folder = {},
                               .output = output};
    for (int round = 0; round < 20; ++round) {
        const auto before = acknowledged(rig::read_file(output)).size();
        rig::Process writer(command);
        EXPECT_TRUE(rig::wait_until([&] { return acknowledged(rig::read_file(output)).size() > before + 10; },
                                    std::chrono::seconds(60)));
        writer.kill(SIGKILL);
        writer.wait();
    }
    const auto keys = acknowledged(rig::read_file(output));
    EXPECT_GT(keys.size(), 200u);
    store_ = value_of(open_store(url_));
    for (const std::string& key : keys) EXPECT_TRUE(turn_of(*store_, "orders", key)) << key;
    const auto items = ask(*store_, [](Transaction& t) { return t.box_items("web", 10'000'000); });
    const auto turns = ask(*store_, [](Transaction& t) { return t.history("orders", 10'000'000); });
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns,
              static_cast<std::int64_t>(turns.size()));  // no half work
    EXPECT_EQ(items.size(), turns.size());
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.find_events({}, 10'000'000); }).size(),
              turns.size());
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.incidents({}, at(1000), 10'000'000); }).size(),
              turns.size());
    for (const StoredTurn& turn : turns) {
        EXPECT_EQ(ask(*store_, [&](Transaction& t) { return t.journal({turn.key + "/ann"}); }).size(), 1u);
        EXPECT_EQ(ask(*store_, [&](Transaction& t) { return t.box_bytes("web", turn.key); }), turn.key);
        const auto attempt = ask(*store_, [&](Transaction& t) { return t.attempt(turn.key); });
        EXPECT_EQ(attempt, some_attempt(turn.key, some_mail(turn.key), {"ann", "ben"}));
        expect_whole_incident(*store_, turn.key);
    }
}

}  // namespace
}  // namespace mailrota::store
