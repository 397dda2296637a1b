#include "core/store/incident_fixture.h"

namespace mailrota::store {
namespace {

using policy::Contact;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = Contact::State;
using std::chrono::milliseconds;

class ContactsContract : public StoreTest {
  protected:
    std::vector<std::string> of(std::int64_t incident) {
        std::vector<std::string> ids;
        for (const Contact& one : ask(*store_, [&](Transaction& t) { return t.contacts_of(incident); }))
            ids.push_back(one.id);
        return ids;
    }
    std::string last_sms(std::string_view number) {
        const auto found = ask(*store_, [&](Transaction& t) { return t.last_sms_to(number); });
        return found ? found->id : "none";
    }
    int under_way(std::string_view account, std::int64_t since = 0) {
        return ask(*store_, [&](Transaction& t) { return t.calls_under_way(account, at(since)); });
    }
    bool worse_waits(policy::Severity than, std::int64_t now = 2000, Contact::Way way = Contact::Way::call) {
        return ask(*store_, [&](Transaction& t) { return t.worse_waits(way, than, at(now)); });
    }
    int went_to(std::string_view number, std::int64_t since) {
        return ask(*store_, [&](Transaction& t) { return t.contacts_to(number, at(since)); });
    }
    // -1: none that early.
    std::int64_t slot(std::string_view line, std::int64_t now, std::int64_t pace,
                      std::int64_t latest = 1'000'000'000) {
        const auto taken = change(*store_, [&](Transaction& t) {
            return t.take_slot(line, Incidents::Milliseconds(milliseconds(now)), milliseconds(pace),
                               Incidents::Milliseconds(milliseconds(latest)));
        });
        return taken ? taken->time_since_epoch().count() : -1;
    }
    std::optional<std::string> barred(std::string_view number) {
        return ask(*store_, [&](Transaction& t) { return t.barred(number); });
    }
    void bar(std::string_view number, std::string_view why, std::int64_t until) {
        succeed(store_->write({}, [&](Transaction& t) { return t.bar(number, why, at(until)); }));
    }
    bool unbar(std::string_view number) {
        return change(*store_, [&](Transaction& t) { return t.unbar(number); });
    }
    std::optional<Incidents::Beat> beat(std::string_view name) {
        return ask(*store_, [&](Transaction& t) { return t.beat(name); });
    }
    bool use(std::string_view account, std::string_view id, std::int64_t until) {
        return change(*store_, [&](Transaction& t) { return t.use_message(account, id, at(until)); });
    }
    std::size_t purge(std::int64_t now) {
        return value_of(store_->purge(at(now), std::chrono::seconds(100)));
    }
};
INSTANTIATE_TEST_SUITE_P(Each, ContactsContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

Contact sms(Contact contact) {
    contact.way = Contact::Way::sms;
    return contact;
}

TEST_P(ContactsContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    const Contact whole{.id = odd,
                        .incident = 17,
                        .escalation = 2,
                        .attempt = 5,
                        .way = Contact::Way::sms,
                        .member = odd,
                        .number = odd,
                        .language = odd,
                        .voice = odd,
                        .state = State::cancelled,
                        .account = odd,
                        .provider_id = odd,
                        .status = odd,
                        .sequence = 3,
                        .human = true,
                        .answered_by = odd,
                        .tries = 4,
                        .made = at(-5),
                        .begun = at(6),
                        .ended = at(7),
                        .words = odd};
    put(*store_, whole);
    EXPECT_EQ(contact_of(*store_, odd), whole);
    EXPECT_EQ(contact_of(*store_, "unknown"), std::nullopt);
    Contact plain;
    plain.id = odd;
    plain.incident = 17;
    put(*store_, plain);
    EXPECT_EQ(contact_of(*store_, odd), plain);
}

TEST_P(ContactsContract, ThoseOfAnIncidentComeTheOldestFirst) {
    for (const auto& [id, made] : {std::pair("b", 1000), {"a", 1000}, {"c", 900}})
        put(*store_, some_contact(id, 1, made));
    put(*store_, some_contact("other", 2));
    put(*store_, begun(some_contact("b", 1), 2000));
    EXPECT_THAT(of(1), ElementsAre("c", "b", "a"));
    EXPECT_THAT(of(3), IsEmpty());
}

TEST_P(ContactsContract, TheLastSmsIsTheNewestThatWentOut) {
    EXPECT_EQ(last_sms("+15550100"), "none");
    put(*store_, sms(begun(some_contact("late", 1), 1200, State::done)));
    put(*store_, sms(begun(some_contact("early", 1), 1100, State::placed)));
    put(*store_, sms(some_contact("never", 1)));
    put(*store_, sms(begun(some_contact("waits again", 1), 1300, State::waiting)));
    put(*store_, begun(some_contact("call", 1), 1400));
    EXPECT_EQ(last_sms("+15550100"), "late");
    put(*store_, sms(begun(some_contact("as late", 1), 1200)));
    EXPECT_EQ(last_sms("+15550100"), "as late");
    EXPECT_EQ(last_sms("+15550101"), "none");
}

TEST_P(ContactsContract, UnderWayAreTheAccountsCallsThatAreNotOver) {
    int id = 0;
    for (const State state : {State::waiting, State::begun, State::placed, State::done, State::unreached,
                              State::barred, State::cancelled})
        put(*store_, begun(some_contact(std::to_string(id++), 1), 1000, state));
    put(*store_, sms(begun(some_contact("sms", 1), 1000)));
    EXPECT_EQ(under_way("AC1"), 2);
    EXPECT_EQ(under_way("AC2"), 0);
    put(*store_, begun(some_contact("1", 1), 1000, State::done));
    EXPECT_EQ(under_way("AC1"), 1);
}

TEST_P(ContactsContract, CallsThatBeganLongAgoTakeUpNoLine) {
    put(*store_, begun(some_contact("old", 1), 1000, State::begun));
    put(*store_, begun(some_contact("new", 1), 1500, State::placed));
    EXPECT_EQ(under_way("AC1", 1000), 2);
    EXPECT_EQ(under_way("AC1", 1001), 1);
}

TEST_P(ContactsContract, WorseIsACallThatWaitsForAnOpenIncidentOfMoreSeverity) {
    using policy::Severity;
    auto incident = some_incident("ops", "disk");
    incident.severity = Severity::error;
    incident.number = open(*store_, incident);
    put(*store_, some_contact("a", incident.number));
    EXPECT_TRUE(worse_waits(Severity::warning));
    EXPECT_FALSE(worse_waits(Severity::error));
    EXPECT_FALSE(worse_waits(Severity::warning, 2000, Contact::Way::sms));
    EXPECT_FALSE(worse_waits(Severity::warning, incident.until.time_since_epoch().count()));
    auto stuck = some_contact("a", incident.number);
    stuck.status = Incidents::out_of_order;
    put(*store_, stuck);
    EXPECT_FALSE(worse_waits(Severity::warning)) << "no account could carry it";
    put(*store_, begun(some_contact("a", incident.number), 1500));
    EXPECT_FALSE(worse_waits(Severity::warning)) << "it has gone out";
    put(*store_, some_contact("a", incident.number));
    auto changed = incident;
    ++changed.escalations;
    put(*store_, changed);
    EXPECT_FALSE(worse_waits(Severity::warning)) << "of an earlier escalation";
    changed = incident;
    changed.state = policy::Incident::State::acknowledged;
    put(*store_, changed);
    EXPECT_FALSE(worse_waits(Severity::warning));
}

TEST_P(ContactsContract, WhatWentToANumberIsCountedFromATimeOn) {
    put(*store_, begun(some_contact("a", 1), 1000, State::done));
    put(*store_, sms(begun(some_contact("b", 2), 1100)));
    put(*store_, some_contact("never", 1));
    put(*store_, begun(some_contact("waits again", 1), 1100, State::waiting));
    EXPECT_EQ(went_to("+15550100", 0), 2);
    EXPECT_EQ(went_to("+15550100", 1000), 2);
    EXPECT_EQ(went_to("+15550100", 1001), 1);
    EXPECT_EQ(went_to("+15550101", 0), 0);
}

TEST_P(ContactsContract, SlotsFollowOneAnotherByThePaceAndAreNeverInThePast) {
    EXPECT_EQ(slot("AC1", 5'000, 250), 5'000);
    EXPECT_EQ(slot("AC1", 5'000, 250), 5'250);
    EXPECT_EQ(slot("AC1", 5'010, 250), 5'500);
    EXPECT_EQ(slot("AC2", 5'010, 250), 5'010);
    EXPECT_EQ(slot("AC1", 5'750, 250), 5'750);
    EXPECT_EQ(slot("AC1", 9'000, 1'000), 9'000);
    EXPECT_EQ(slot("AC1", 9'000, 1'000), 10'000);
    EXPECT_EQ(slot("AC1", 8'000, 1'000), 11'000);  // a clock that was set back a little
}

TEST_P(ContactsContract, ASlotThatComesTooLateIsNotTaken) {
    EXPECT_EQ(slot("AC1", 5'000, 1'000, 5'000), 5'000);
    EXPECT_EQ(slot("AC1", 5'000, 1'000, 5'999), -1);
    EXPECT_EQ(slot("AC1", 5'000, 1'000, 6'000), 6'000);
    EXPECT_EQ(slot("AC1", 5'500, 1'000, 6'500), -1);
    EXPECT_EQ(slot("AC1", 7'500, 1'000, 7'500), 7'500);
}

TEST_P(ContactsContract, ASlotOfAClockThatWasWrongDoesNotCount) {
    EXPECT_EQ(slot("AC1", 50'000, 1'000), 50'000);
    EXPECT_EQ(slot("AC1", 40'000, 1'000), 51'000) << "set back by ten seconds";
    EXPECT_EQ(slot("AC1", 40'999, 1'000, 41'999), 40'999) << "by more than that";
    EXPECT_EQ(slot("AC1", 40'999, 1'000, 41'999), 41'999);
}

TEST_P(ContactsContract, ANumberIsBarredUntilItIsNot) {
    EXPECT_EQ(barred("+15550100"), std::nullopt);
    bar("+15550100", "not a number", 5000);
    bar("+15550100", every_byte(), 6000);
    bar("+15550101", "", 7000);
    EXPECT_EQ(barred("+15550100"), every_byte());
    EXPECT_EQ(barred("+15550101"), "");
    EXPECT_EQ(purge(5999), 0u);
    EXPECT_EQ(purge(6000), 1u);
    EXPECT_EQ(barred("+15550100"), std::nullopt);
    EXPECT_TRUE(unbar("+15550101"));
    EXPECT_FALSE(unbar("+15550101"));
    EXPECT_EQ(barred("+15550101"), std::nullopt);
}

TEST_P(ContactsContract, ABeatIsKeptByItsName) {
    const std::string odd = every_byte();
    const Incidents::Beat fresh{.name = odd, .begun = at(5), .last = std::nullopt, .alarmed = std::nullopt};
    const Incidents::Beat heard{.name = odd, .begun = at(5), .last = at(0), .alarmed = at(-7)};
    EXPECT_EQ(beat(odd), std::nullopt);
    for (const Incidents::Beat& one : {fresh, heard, fresh}) {
        succeed(store_->write({}, [&](Transaction& t) { return t.put_beat(one); }));
        EXPECT_EQ(beat(odd), one);
    }
    EXPECT_EQ(purge(1'000'000), 0u);
    EXPECT_EQ(beat(odd), fresh);
    EXPECT_EQ(beat("another"), std::nullopt);
}

TEST_P(ContactsContract, BeatsAreListedUntilTheyAreForgotten) {
    const Incidents::Beat backup{.name = "backup", .begun = at(5), .last = at(6), .alarmed = std::nullopt};
    const Incidents::Beat mirror{.name = "mirror", .begun = at(7), .last = std::nullopt, .alarmed = at(8)};
    for (const auto& one : {mirror, backup})
        succeed(store_->write({}, [&](Transaction& t) { return t.put_beat(one); }));
    const auto all = [&] { return ask(*store_, [](Transaction& t) { return t.beats(); }); };
    EXPECT_THAT(all(), ElementsAre(backup, mirror));
    for (const char* name : {"backup", "unknown"})
        succeed(store_->write({}, [&](Transaction& t) { return t.forget_beat(name); }));
    EXPECT_THAT(all(), ElementsAre(mirror));
}

TEST_P(ContactsContract, AMessageIsNewOnceToAnAccountWhileItIsRemembered) {
    EXPECT_TRUE(use("AC1", "SM1", 5000));
    EXPECT_FALSE(use("AC1", "SM1", 9000));
    EXPECT_TRUE(use("AC2", "SM1", 9000));
    EXPECT_TRUE(use("AC1", every_byte(), 9000));
    EXPECT_TRUE(change(*store_, [](Transaction& t) { return t.use_token("AC1", "SM1", at(9000)); }));
    EXPECT_EQ(purge(4999), 0u);
    EXPECT_FALSE(use("AC1", "SM1", 9000));
    EXPECT_EQ(purge(5000), 1u);
    EXPECT_TRUE(use("AC1", "SM1", 9000));
    EXPECT_FALSE(use("AC2", "SM1", 9000));
}

}  // namespace
}  // namespace mailrota::store
