#include "core/store/incident_fixture.h"

namespace mailrota::store {
namespace {

using policy::Incident;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = Incident::State;

class IncidentsContract : public StoreTest {
  protected:
    std::optional<std::int64_t> live(std::string_view alert, std::string_view key, std::int64_t now) {
        const auto found = ask(*store_, [&](Transaction& t) { return t.live_incident(alert, key, at(now)); });
        return found ? std::optional(found->number) : std::nullopt;
    }
    std::vector<std::int64_t> listed(const Incidents::IncidentFilter& filter, std::int64_t now,
                                     std::size_t limit = 10) {
        std::vector<std::int64_t> numbers;
        for (const Incident& one :
             ask(*store_, [&](Transaction& t) { return t.incidents(filter, at(now), limit); }))
            numbers.push_back(one.number);
        return numbers;
    }
    void resolve(std::int64_t number, std::int64_t when) {
        Incident incident = incident_of(*store_, number).value();
        incident.state = State::resolved;
        incident.changed = at(when);
        put(*store_, incident);
    }
    std::size_t purge(std::int64_t now) {
        return value_of(store_->purge(at(now), std::chrono::seconds(100)));
    }
};
INSTANTIATE_TEST_SUITE_P(Each, IncidentsContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(IncidentsContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    Incident whole{.number = 0,
                   .alert = odd,
                   .key = odd,
                   .state = State::exhausted,
                   .severity = policy::Severity::warning,
                   .acknowledge = policy::Acknowledge::answer,
                   .say = odd,
                   .text = odd,
                   .subject = odd,
                   .mail = odd,
                   .queue_id = odd,
                   .rule = odd,
                   .opened = at(-5),
                   .until = at(70),
                   .changed = at(6),
                   .by = odd,
                   .mails = 3,
                   .escalations = 2,
                   .progress = {.round = 1,
                                .step = 2,
                                .tries = 3,
                                .members = {odd, "", "ann"},
                                .away = {"ben"},
                                .attempt = 4,
                                .due = at(77)}};
    whole.number = open(*store_, whole);
    EXPECT_EQ(incident_of(*store_, whole.number), whole);
    EXPECT_EQ(live(odd, odd, 69), whole.number);
    EXPECT_EQ(incident_of(*store_, whole.number + 1), std::nullopt);
    Incident plain = some_incident("", "");
    plain.number = whole.number;
    plain.state = State::acknowledged;
    put(*store_, plain);
    EXPECT_EQ(incident_of(*store_, whole.number), plain);
}

TEST_P(IncidentsContract, NumbersAscendAndAreNeverUsedAgain) {
    const auto first = open(*store_, some_incident("ops", "disk"));
    const auto second = open(*store_, some_incident("ops", "mill"));
    EXPECT_LT(first, second);
    EXPECT_EQ(purge(9'101), 2u);
    EXPECT_LT(second, open(*store_, some_incident("ops", "disk")));
    Incident gone = some_incident("ops", "mill");
    gone.number = second;
    expect_error(store_->write({}, [&](Transaction& t) { return t.put_incident(gone); }), ErrorKind::invalid,
                 "there is no incident " + std::to_string(second));
}

TEST_P(IncidentsContract, LiveIsWhatIsNotResolvedWithinItsWindow) {
    EXPECT_EQ(live("ops", "disk", 1000), std::nullopt);
    const auto first = open(*store_, some_incident("ops", "disk"));
    EXPECT_EQ(live("ops", "disk", 8999), first);
    EXPECT_EQ(live("ops", "disk", 9000), std::nullopt);
    EXPECT_EQ(live("ops", "mill", 1000), std::nullopt);
    EXPECT_EQ(live("shop", "disk", 1000), std::nullopt);
    for (const State state : {State::acknowledged, State::exhausted}) {
        Incident changed = incident_of(*store_, first).value();
        changed.state = state;
        put(*store_, changed);
        EXPECT_EQ(live("ops", "disk", 2000), first);
    }
    resolve(first, 2000);
    EXPECT_EQ(live("ops", "disk", 1000), std::nullopt);
    const auto second = open(*store_, some_incident("ops", "disk"));
    EXPECT_EQ(live("ops", "disk", 2000), second);
}

TEST_P(IncidentsContract, TheListIsOfWhatIsLiveTheNewestFirst) {
    const auto disk = open(*store_, some_incident("ops", "disk"));
    const auto mill = open(*store_, some_incident("ops", "mill"));
    const auto shop = open(*store_, some_incident("shop", "till"));
    resolve(mill, 2000);
    EXPECT_THAT(listed({}, 3000), ElementsAre(shop, disk));
    EXPECT_THAT(listed({}, 3000, 1), ElementsAre(shop));
    EXPECT_THAT(listed({.with_over = false, .alert = "ops", .number = ""}, 3000), ElementsAre(disk));
    EXPECT_THAT(listed({}, 9000), IsEmpty());
    EXPECT_THAT(listed({.with_over = true, .alert = "", .number = ""}, 9000), ElementsAre(shop, mill, disk));
    EXPECT_THAT(listed({.with_over = true, .alert = "ops", .number = ""}, 9000), ElementsAre(mill, disk));
}

TEST_P(IncidentsContract, TheListOfANumberIsOfWhatWentOutToIt) {
    const Incidents::IncidentFilter ann{.with_over = false, .alert = "", .number = "+15550100"};
    const auto disk = open(*store_, some_incident("ops", "disk"));
    const auto mill = open(*store_, some_incident("ops", "mill"));
    put(*store_, some_contact("waits", disk));
    EXPECT_THAT(listed(ann, 3000), IsEmpty());
    put(*store_, begun(some_contact("a", mill), 1001));
    put(*store_, begun(some_contact("b", mill), 1100, policy::Contact::State::unreached));
    EXPECT_THAT(listed(ann, 3000), ElementsAre(mill));
    resolve(mill, 2000);
    EXPECT_THAT(listed(ann, 3000), IsEmpty());
    EXPECT_THAT(listed({.with_over = true, .alert = "ops", .number = "+15550100"}, 3000), ElementsAre(mill));
}

TEST_P(IncidentsContract, AReadWritesNothing) {
    const auto refused = [&](auto attempt) {
        expect_error(store_->read([&](Transaction& t) -> Result<void> {
            return attempt(t).map([](const auto&...) {});
        }),
                     ErrorKind::invalid, "a read may not write");
    };
    refused([](Transaction& t) { return t.open_incident(some_incident("ops", "disk")); });
    refused([](Transaction& t) { return t.put_incident(some_incident("ops", "disk")); });
    refused([](Transaction& t) { return t.note_trigger("ops", "disk", "m1", at(1)); });
    refused([](Transaction& t) { return t.remember_lines(1, {"a"}); });
    refused([](Transaction& t) { return t.forget_beat("backup"); });
    refused([](Transaction& t) { return t.put_contact(some_contact("a", 1)); });
    refused([](Transaction& t) {
        return t.take_slot("AC1", Incidents::Milliseconds(), std::chrono::milliseconds(1),
                           Incidents::Milliseconds());
    });
}

}  // namespace
}  // namespace mailrota::store
