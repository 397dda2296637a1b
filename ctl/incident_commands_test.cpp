#include "ctl/incident_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using State = policy::Incident::State;

class IncidentCommand : public IncidentFixture {
  protected:
    void set_call(policy::Contact::State now_in) {
        change([&](store::Transaction& transaction) -> Result<void> {
            auto call = transaction.contact(contact_id).value().value();
            call.state = now_in;
            call.status = now_in == policy::Contact::State::placed ? "ringing" : "";
            return transaction.put_contact(call);
        });
    }
};

TEST_F(IncidentCommand, ListTellsWhatIsOpenTheNewestFirst) {
    EXPECT_EQ(run({"incident", "list"}), 0) << err;
    EXPECT_EQ(out, "no incident is open\n");
    open("4711");
    open("4712", policy::Severity::warning);
    EXPECT_EQ(run({"incident", "list"}), 0);
    EXPECT_EQ(out,
              "NUMBER  STATE  SEVERITY  ALERT  KEY   OPENED               MAILS  BY  TEXT\n"
              "2       open   warning   disk   4712  2026-11-20 09:50:00  1      -   Ticket 4712: the disk "
              "is full.\n"
              "1       open   critical  disk   4711  2026-11-20 09:50:00  1      -   Ticket 4711: the disk "
              "is full.\n");
    EXPECT_EQ(run({"incident", "list", "--alert", "other"}), 0);
    EXPECT_EQ(out, "no incident is open\n");
    EXPECT_EQ(run({"incident", "list", "--limit", "1"}), 0);
    EXPECT_THAT(err, HasSubstr("these are the newest 1; there are more (--limit)"));
}

TEST_F(IncidentCommand, ListHasThoseThatAreOverOnlyWhenAllAreAskedFor) {
    const auto number = open();
    EXPECT_EQ(run({"incident", "resolve", std::to_string(number), "--by", "Dee"}), 0) << err;
    EXPECT_EQ(out, "incident 1: resolved by Dee\n");
    EXPECT_EQ(run({"incident", "list"}), 0);
    EXPECT_EQ(out, "no incident is open\n");
    EXPECT_EQ(run({"incident", "list", "--all", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("state":"resolved","live":false)"));
    EXPECT_THAT(out, HasSubstr(R"("by":"Dee")"));
}

TEST_F(IncidentCommand, ShowTellsWhoWasCalledAndWhatHappened) {
    const auto number = open();
    ring(number);
    EXPECT_EQ(run({"incident", "show", "1"}), 0) << err;
    EXPECT_THAT(out, HasSubstr("spoken        Ticket 4 7 1 1: the disk is full.\n"));
    EXPECT_THAT(out, HasSubstr("opened        2026-11-20 09:50:00 (10m ago)\n"));
    EXPECT_THAT(out, HasSubstr("queue id      4XyZ\n"));
    EXPECT_THAT(out,
                HasSubstr("call  Ann (+15550101)  2026-11-20 09:59:00  placed (ringing)  first  CA1  -"));
    EXPECT_THAT(out, HasSubstr("2026-11-20 09:50:00  opened  by mail 4XyZ: a new incident\n"));
    EXPECT_THAT(out, Not(HasSubstr(contact_id)));
    EXPECT_EQ(run({"incident", "show", "1", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("status":"ringing","account":"first","provider_id":"CA1")"));
    EXPECT_THAT(out, Not(HasSubstr(contact_id)));
    EXPECT_EQ(run({"incident", "show", "17"}), 1);
    EXPECT_EQ(err, "mailrota: there is no incident 17\n");
}

TEST_F(IncidentCommand, AckMakesTheJobsThatStopRingingCallsDueNow) {
    const auto number = open();
    ring(number);
    EXPECT_EQ(run({"incident", "ack", "1", "--by", "Dee"}), 0) << err;
    EXPECT_EQ(out, "incident 1: acknowledged by Dee; nobody else is called\n");
    EXPECT_EQ(incident(number).state, State::acknowledged);
    EXPECT_THAT(due(), SizeIs(2));
    EXPECT_THAT(due(), Each(now));
    EXPECT_EQ(run({"incident", "ack", "1", "17"}), 1);
    EXPECT_EQ(err,
              "mailrota: incident 1: is acknowledged already, by Dee at 2026-11-20 10:00:00\n"
              "mailrota: incident 17: there is no such incident\n");
    EXPECT_EQ(run({"incident", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("acknowledged  by Dee"));
}

TEST_F(IncidentCommand, WhoIsNotNamedSitsAtTheConsole) {
    setenv("SUDO_USER", "cho", 1);
    open();
    EXPECT_EQ(run({"incident", "ack", "1", "--json"}), 0) << err;
    unsetenv("SUDO_USER");
    EXPECT_EQ(incident(1).by, "cho at the console");
    EXPECT_THAT(out, HasSubstr(R"([{"number":1,"changed":true,"text":"acknowledged by cho at the console)"));
}

TEST_F(IncidentCommand, WhatIsResolvedIsNotTakenOn) {
    open();
    EXPECT_EQ(run({"incident", "resolve", "1", "--by", "Dee"}), 0);
    EXPECT_EQ(run({"incident", "ack", "1", "--by", "Eli"}), 1);
    EXPECT_EQ(err, "mailrota: incident 1: is over: resolved by Dee at 2026-11-20 10:00:00\n");
    EXPECT_EQ(incident(1).by, "Dee");
}

TEST_F(IncidentCommand, OpenSpeaksTheMessageAndStartsAnEscalation) {
    EXPECT_EQ(run({"incident", "open", "disk", "Server 4711  burns", "--by", "Dee"}), 0) << err;
    EXPECT_EQ(out, "incident 1 is open; whoever is on call is called now\nspoken: Server 4 7 1 1 burns\n");
    EXPECT_EQ(incident(1).key, "server 4711 burns");
    EXPECT_EQ(incident(1).rule, "Dee");
    EXPECT_THAT(due(), testing::ElementsAre(now));
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("incident 1: whom to call next"));
    EXPECT_EQ(run({"incident", "open", "disk", "server 4711 burns"}), 1);
    EXPECT_THAT(err, HasSubstr("incident 1 of this key is known already, nobody else is called"));
    EXPECT_EQ(incident(1).mails, 2);
    EXPECT_THAT(due(), SizeIs(1));
}

TEST_F(IncidentCommand, OpenFillsTheAlertsOwnTextsWithWhatIsSet) {
    EXPECT_EQ(run({"incident", "open", "disk", "it is full", "--set", "ticket=4711", "--json"}), 0) << err;
    EXPECT_THAT(out, HasSubstr(R"("key":"4711","spoken":"Ticket 4 7 1 1: it is full.")"));
    EXPECT_EQ(run({"incident", "open", "disk", "x", "--key", "other", "--set", "ticket"}), 2);
    EXPECT_THAT(err, HasSubstr("NAME=VALUE"));
    EXPECT_EQ(run({"incident", "open", "disc", "x"}), 1);
    EXPECT_THAT(err, HasSubstr("there is no alert \"disc\"; there are: disk"));
    EXPECT_EQ(run({"incident", "open", "disk", " "}), 2);
}

TEST_F(IncidentCommand, JobsOfIncidentsSayWhatTheyAreAboutAndHideTheUrlsSecret) {
    ring(open());
    EXPECT_EQ(run({"job", "list"}), 0) << err;
    EXPECT_THAT(out, HasSubstr("incident 1: call to +15550101 by first"));
    EXPECT_EQ(run({"job", "list", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("key":"contact c0ffee00…")"));
    EXPECT_THAT(out, Not(HasSubstr(contact_id)));
    EXPECT_EQ(run({"job", "show", "2"}), 0);
    EXPECT_THAT(out, HasSubstr("about     incident 1: call to +15550101 by first\n"));
    EXPECT_THAT(out, Not(HasSubstr(contact_id)));
    EXPECT_EQ(run({"job", "drop", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("dropped; it was about incident 1: whom to call next, nobody does that now"));
}

TEST_F(IncidentCommand, ACallWhoseJobIsDroppedBeforeItGoesOutIsOverAndTheEscalationGoesOn) {
    ring(open());
    set_call(policy::Contact::State::waiting);
    EXPECT_EQ(run({"job", "drop", "2"}), 0) << err;
    EXPECT_THAT(due(), testing::ElementsAre(now));
    EXPECT_EQ(run({"incident", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("call to Ann, +15550101 (cancelled) by first: its job was dropped"));
}

TEST_F(IncidentCommand, TheJobOfACallThatMayRingIsKeptWhileSomebodyMayTakeItOn) {
    ring(open());
    for (const auto each : {policy::Contact::State::begun, policy::Contact::State::placed}) {
        set_call(each);
        EXPECT_EQ(run({"job", "drop", "2"}), 1);
        EXPECT_EQ(err,
                  "mailrota: job 2: incident 1: call to +15550101 by first may ring, and only its job ends "
                  "that: acknowledge or resolve the incident instead (mailrota incident ack 1)\n");
        EXPECT_THAT(due(), SizeIs(2));
    }
    EXPECT_EQ(run({"incident", "ack", "1"}), 0);
    EXPECT_EQ(run({"job", "drop", "2"}), 0) << err;
    EXPECT_EQ(run({"incident", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("cancelled (ringing)"));
}

TEST_F(IncidentCommand, ThoseWhoTookThemOnHaveTheirNamesInListAndJson) {
    open();
    EXPECT_EQ(run({"incident", "ack", "1", "--by", ann}), 0) << err;
    EXPECT_EQ(out, "incident 1: acknowledged by Ann (+15550101); nobody else is called\n");
    EXPECT_EQ(run({"incident", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("  Ann (+15550101)  "));
    EXPECT_EQ(run({"incident", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("acknowledged  by Ann (+15550101)\n"));
    EXPECT_EQ(run({"incident", "list", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("by":"+15550101","by_name":"Ann")"));
}

TEST_F(IncidentCommand, ExplainTellsWhatAMailWouldComeToBesideTheIncidentsThereAre) {
    const std::string mail = folder.path() / "mail.eml";
    std::ofstream(mail) << "From: ben@example.com\nTo: ann@example.com\nSubject: Disk full #4711\n\n.\n";
    EXPECT_EQ(run({"explain", mail}), 0) << err;
    EXPECT_THAT(out, HasSubstr("alerts\n  alert disk: would open an incident\n    key     4711\n"));
    EXPECT_THAT(out, HasSubstr("    spoken  Ticket 4 7 1 1: Disk full #4 7 1 1.\n"));
    open("4711");
    EXPECT_EQ(run({"explain", mail}), 0);
    EXPECT_THAT(out, HasSubstr("  alert disk: known: noted with incident 1, nobody is called ("));
    EXPECT_THAT(out, Not(HasSubstr("spoken")));
    EXPECT_EQ(run({"explain", mail, "--json"}), 0);
    EXPECT_THAT(
        out,
        HasSubstr(R"("alerts":[{"kind":"raise","alert":"disk","key":"4711","rule":"disk","what":"noted")"));
    EXPECT_EQ(incident(1).mails, 1);
}

}  // namespace
}  // namespace mailrota::ctl
