#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "core/runtime/alert_jobs.h"
#include "core/runtime/contact_step.h"
#include "core/runtime/incident_news.h"
#include "core/runtime/intake_fixture.h"
#include "core/runtime/raising.h"

// An alert, who is on call for it, and two telephone accounts. Only for tests.
namespace mailrota::runtime::fixture {

// The alert "emergency" calls Ann and then Ben, who are the rotas "first" and "second".
class AlertCase : public IntakeTest {
  protected:
    AlertCase() {
        setenv("MAILROTA_TEST_KEY", "key-of-a-test", 1);
        alert.name = "emergency";
        alert.say = "{subject}";
        alert.escalate = {{"first"}, {"second"}};
        alert.fallback = {"ops@example.com"};
        config.calls.public_url = "https://mail.example.com/call";
        add_account("one");
        add_account("two");
    }

    config::TelephoneSettings& add_account(const std::string& name) {
        config::TelephoneSettings settings;
        settings.name = name;
        settings.account = settings.user = "AC" + name;
        settings.secret = {config::SecretSource::Kind::env, "MAILROTA_TEST_KEY", {}};
        settings.auth_tokens = {settings.secret};
        settings.from = "+15550000";
        settings.timeout = std::chrono::seconds(5);
        config.calls.accounts.push_back(name);
        return config.telephones.emplace_back(settings);
    }
    static policy::Rota phone_rota(const std::string& name, const std::string& member,
                                   const std::string& number) {
        policy::Rota made;
        made.name = name;
        policy::Member one;
        one.kind = policy::Member::Kind::phone;
        one.id = member;
        one.target = number;
        made.members = {one};
        return made;
    }
    policy::Policy policy() const {
        std::vector<policy::Rota> rotas{phone_rota("first", "ann", "+15550101"),
                                        phone_rota("second", "ben", "+15550102")};
        if (named) rotas[0].members[0].name = "Ann Archer";
        if (named) rotas[1].members[0].name = "Ben Baker";
        return {{}, std::move(rotas), {}, {alert}, heartbeats};
    }

    template <class F>
    auto in_store(F work) {
        std::optional<std::invoke_result_t<F, store::Transaction&>> result;
        const auto done = memory->write({}, [&](store::Transaction& transaction) -> Result<void> {
            result.emplace(work(transaction));
            if (!*result) return tl::unexpected(result->error());
            return {};
        });
        EXPECT_TRUE(done) << done.error().text;
        return **std::move(result);
    }
    void run(const store::Work& work) {
        const auto done = memory->write({}, work);
        EXPECT_TRUE(done) << done.error().text;
    }

    std::int64_t open_incident(policy::Acknowledge acknowledge = policy::Acknowledge::digit) {
        policy::Incident incident;
        incident.alert = "emergency";
        incident.key = "disk " + std::to_string(++opened_);
        incident.say = "The disk is full.";
        incident.acknowledge = acknowledge;
        incident.opened = incident.changed = now;
        incident.until = now + std::chrono::hours(12);
        incident.progress.due = now;
        return in_store([&](auto& transaction) { return transaction.open_incident(incident); });
    }
    policy::Incident incident(std::int64_t number) {
        return in_store([&](auto& transaction) { return transaction.incident(number); }).value();
    }
    void put(const policy::Incident& incident) {
        run([&](auto& transaction) { return transaction.put_incident(incident); });
    }
    policy::Contact contact_of(std::int64_t incident, const std::string& id,
                               policy::ContactWay way = policy::ContactWay::call) {
        policy::Contact contact;
        contact.id = std::string(32 - id.size(), '0') + id;
        contact.incident = incident;
        contact.way = way;
        contact.member = "ann";
        contact.number = "+15550101";
        contact.made = now;
        put(contact);
        return contact;
    }
    void put(const policy::Contact& contact) {
        run([&](auto& transaction) { return transaction.put_contact(contact); });
    }
    policy::Contact contact(const std::string& id) {
        return in_store([&](auto& transaction) { return transaction.contact(id); }).value();
    }
    std::vector<policy::Contact> contacts(std::int64_t incident) {
        return in_store([&](auto& transaction) { return transaction.contacts_of(incident); });
    }
    std::vector<store::IncidentLine> story(std::int64_t incident) {
        return in_store([&](auto& transaction) { return transaction.lines_of(incident); });
    }
    std::vector<store::Job> jobs() {
        return in_store([&](auto& transaction) { return transaction.jobs(false, 100); });
    }
    std::optional<std::string> barred(const std::string& key) {
        return in_store([&](auto& transaction) { return transaction.barred(key); });
    }

    policy::Alert alert;
    std::vector<policy::Heartbeat> heartbeats;
    bool named = false;  // the members, in the configuration
    config::Config config;

  private:
    int opened_ = 0;
};

}  // namespace mailrota::runtime::fixture
