#include "core/store/incident_fixture.h"

// What belongs to an incident: the mails that told of it, their lines, its story; and how it is forgotten.
namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class TriggersContract : public StoreTest {
  protected:
    bool note(std::string_view mail, std::int64_t when, std::string_view key = "disk") {
        return change(*store_, [&](Transaction& t) { return t.note_trigger("ops", key, mail, at(when)); });
    }
    int told_since(std::int64_t when, std::string_view key = "disk") {
        return ask(*store_, [&](Transaction& t) { return t.triggers_since("ops", key, at(when)); });
    }
    void remember(std::int64_t incident, const std::vector<std::string>& lines) {
        succeed(store_->write({}, [&](Transaction& t) { return t.remember_lines(incident, lines); }));
    }
    std::vector<std::string> remembered(std::int64_t incident) {
        return ask(*store_, [&](Transaction& t) { return t.trigger_lines(incident); });
    }
    void add(const IncidentLine& line) {
        succeed(store_->write({}, [&](Transaction& t) { return t.add_line(line); }));
    }
    std::vector<IncidentLine> lines(std::int64_t incident) {
        return ask(*store_, [&](Transaction& t) { return t.lines_of(incident); });
    }
    void resolve(std::int64_t number, std::int64_t when) {
        policy::Incident incident = incident_of(*store_, number).value();
        incident.state = policy::Incident::State::resolved;
        incident.changed = at(when);
        put(*store_, incident);
    }
    std::size_t purge(std::int64_t now) {
        return value_of(store_->purge(at(now), std::chrono::seconds(100)));
    }
};
INSTANTIATE_TEST_SUITE_P(Each, TriggersContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(TriggersContract, AMailTellsOfAKeyOnce) {
    EXPECT_TRUE(note("m1", 1000));
    EXPECT_FALSE(note("m1", 1500));
    EXPECT_TRUE(note("m2", 1100));
    EXPECT_TRUE(note("m1", 1200, every_byte()));
    EXPECT_EQ(told_since(1000), 2);
    EXPECT_EQ(told_since(1001), 1);
    EXPECT_EQ(told_since(1101), 0);
    EXPECT_EQ(told_since(0, every_byte()), 1);
}

TEST_P(TriggersContract, TriggersAreCountedToABound) {
    succeed(store_->write({}, [](Transaction& t) -> Result<void> {
        for (int i = 0; i < 10'050; ++i)
            if (auto noted = t.note_trigger("ops", "disk", std::to_string(i), at(1000)); !noted)
                return tl::unexpected(noted.error());
        return {};
    }));
    EXPECT_EQ(told_since(1000), 10'000);
}

TEST_P(TriggersContract, AnIncidentRemembersEachLineOnce) {
    EXPECT_THAT(remembered(1), IsEmpty());
    remember(1, {"a", every_byte(), "a"});
    remember(1, {"a", "b"});
    remember(2, {"c"});
    remember(2, {});
    EXPECT_THAT(remembered(1), UnorderedElementsAre("a", "b", every_byte()));
    EXPECT_THAT(remembered(2), ElementsAre("c"));
    std::vector<std::string> many;
    for (int i = 0; i < 10'050; ++i) many.push_back(std::to_string(i));
    remember(3, many);
    EXPECT_EQ(remembered(3).size(), 10'000u);
}

TEST_P(TriggersContract, ItsStoryIsToldInOrderOfTime) {
    const IncidentLine opened{1, "opened", every_byte(), at(1000)};
    const IncidentLine call{1, "call", "ann", at(1000)};
    const IncidentLine late{1, "noted", "", at(900)};
    for (const IncidentLine& line : {opened, call, late, IncidentLine{2, "opened", "", at(1)}}) add(line);
    EXPECT_THAT(lines(1), ElementsAre(late, opened, call));
    EXPECT_THAT(lines(3), IsEmpty());
}

TEST_P(TriggersContract, WhatIsOverIsForgottenWithAllThatBelongsToIt) {
    const auto resolved = open(*store_, some_incident("ops", "disk"));
    const auto open_still = open(*store_, some_incident("ops", "mill"));
    for (const auto number : {resolved, open_still}) {
        put(*store_, some_contact("of " + std::to_string(number), number));
        remember(number, {"a"});
        add({number, "opened", "", at(1000)});
    }
    resolve(resolved, 2000);
    EXPECT_EQ(purge(2100), 0u);
    EXPECT_EQ(purge(2101), 1u);
    EXPECT_EQ(incident_of(*store_, resolved), std::nullopt);
    EXPECT_EQ(contact_of(*store_, "of " + std::to_string(resolved)), std::nullopt);
    EXPECT_THAT(remembered(resolved), IsEmpty());
    EXPECT_THAT(lines(resolved), IsEmpty());
    EXPECT_TRUE(contact_of(*store_, "of " + std::to_string(open_still)));
    EXPECT_THAT(remembered(open_still), ElementsAre("a"));
    EXPECT_EQ(lines(open_still).size(), 1u);
    EXPECT_EQ(purge(9100), 0u);
    EXPECT_EQ(purge(9101), 1u);
    EXPECT_EQ(incident_of(*store_, open_still), std::nullopt);
}

TEST_P(TriggersContract, MoreThanABatchIsForgotten) {
    succeed(store_->write({}, [](Transaction& t) -> Result<void> {
        for (int i = 0; i < 1'234; ++i) {
            auto number = t.open_incident(some_incident("ops", std::to_string(i)));
            if (!number) return tl::unexpected(number.error());
            if (auto added = t.add_line({*number, "opened", "", at(1000)}); !added) return added;
        }
        return {};
    }));
    EXPECT_EQ(purge(9101), 1'234u);
    EXPECT_THAT(lines(1), IsEmpty());
    EXPECT_THAT(lines(1'234), IsEmpty());
}

TEST_P(TriggersContract, TriggersAreForgottenInTime) {
    EXPECT_TRUE(note("m1", 1000));
    EXPECT_TRUE(note("m2", 1001));
    EXPECT_EQ(purge(1101), 1u);
    EXPECT_EQ(told_since(0), 1);
    EXPECT_TRUE(note("m1", 1200));
    EXPECT_FALSE(note("m2", 1200));
}

}  // namespace
}  // namespace mailrota::store
