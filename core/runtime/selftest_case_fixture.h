#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "core/runtime/alert_case_fixture.h"
#include "core/runtime/deliver_job.h"
#include "core/runtime/selftest_kind.h"

// A self-test of the alert "emergency", with the alarm "broken". Only for tests.
namespace mailrota::runtime::fixture {

class SelftestCase : public AlertCase {
  protected:
    SelftestCase() {
        alarm.name = "broken";
        alarm.escalate = {{"second"}};
        weekly.name = "weekly";
        weekly.to = "alarm@example.com";
        weekly.alert = "emergency";
        weekly.due.every = std::chrono::hours(24 * 7);
        weekly.alarm = "broken";
        weekly.tell = {"ops@example.com", "ann@example.com"};
        terms.hostname = "mx.example.com";
        terms.secret = secret;
    }
    ~SelftestCase() override { http.close(); }

    policy::Policy both_alerts() const {
        return {{},
                {phone_rota("first", "ann", "+15550101"), phone_rota("second", "ben", "+15550102")},
                {},
                {alert, alarm}};
    }
    SelftestServices services() {
        const auto both = std::make_shared<const policy::Policy>(both_alerts());
        const auto selftests = std::make_shared<const std::vector<policy::Selftest>>(configured);
        AlertServices alerts{async,
                             http,
                             log,
                             [this] { return now; },
                             [] { return std::shared_ptr<const Telephones>(); },
                             [both] { return both; }};
        return {alerts, connections, terms, [selftests] { return selftests; }};
    }

    SelftestRun begin() {
        return in_store([&](auto& transaction) { return begin_selftest(transaction, weekly, "ann", now); })
            .value();
    }
    SelftestLook look(const SelftestRun& run, bool in_effect = true) {
        return in_store([&](auto& transaction) {
            return look_at_selftest(transaction, both_alerts(), in_effect ? &weekly : nullptr, run, terms,
                                    now);
        });
    }
    std::optional<SelftestRecord> record() {
        return in_store([&](auto& transaction) { return selftest_record(transaction, weekly.name); });
    }
    // The incident that the run's mail opens.
    std::int64_t open_for(const SelftestRun& run) {
        auto known = incident(open_incident());
        known.key = "[self-test " + run.token + "]";
        put(known);
        in_store([&](auto& transaction) { return transaction.put_job(escalation_job(known, now), {}); });
        return known.number;
    }
    // Ann answers a call about it.
    void answer(std::int64_t number) {
        auto call = contact_of(number, std::to_string(number));
        call.state = policy::Contact::State::done;
        call.provider_id = "CA1";
        put(call);
    }
    std::vector<policy::Incident> incidents_of(const std::string& name) {
        return in_store([&](auto& transaction) { return transaction.incidents({true, name, {}}, now, 100); });
    }
    std::vector<store::Job> jobs_of(std::string_view kind) {
        std::vector<store::Job> some;
        for (auto& one : jobs())
            if (one.kind == kind) some.push_back(one);
        return some;
    }
    void await(boost::asio::awaitable<void> work) {
        bool done = false;
        boost::asio::co_spawn(context, std::move(work), [&done](const std::exception_ptr& fault) {
            EXPECT_FALSE(fault);
            done = true;
        });
        context.restart();
        while (!done) context.run_one();
    }

    policy::Alert alarm;
    policy::Selftest weekly;
    std::vector<policy::Selftest> configured;
    FallbackTerms terms;
    boost::asio::io_context context{1};
    Log log{{}};
    AsyncStore async{store};
    HttpClient http{context.get_executor(), "mailrota/test"};
    Connections connections{context.get_executor(), "mx.example.com"};
};

}  // namespace mailrota::runtime::fixture
