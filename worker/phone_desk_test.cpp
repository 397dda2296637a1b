#include "worker/phone_desk.h"

#include <boost/asio/co_spawn.hpp>

#include "core/runtime/alert_case_fixture.h"
#include "core/runtime/relay_case_fixture.h"

namespace mailrota::worker {
namespace {

using runtime::SeenRequest;
using std::chrono::hours;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = policy::Incident::State;

const char* const a_reply =
    R"({"messages":[{"sid":"SM1","status":"received","direction":"inbound","from":"+15550101",)"
    R"("to":"+15550000","body":"1","date_sent":"Fri, 04 Oct 2024 10:00:05 +0000"}]})";

class PhoneDeskTest : public runtime::fixture::AlertCase {
  protected:
    PhoneDeskTest() {
        config.calls.public_url.clear();
        config.calls.accounts = {"one"};
        config.telephones[0].base_url = api.url();
    }
    ~PhoneDeskTest() override { http.close(); }

    // One look at each: the desk is told to stop while it looks, and ends after it.
    void look() {
        const auto telephones = runtime::Telephones::open(config).value();
        const auto terms = std::make_shared<const policy::Policy>(policy());
        PhoneDesk desk(context.get_executor(),
                       {async, http, log, [this] { return now; }, [telephones] { return telephones; },
                        [terms] { return terms; }});
        int running = 2;
        const auto ended = [&](const std::exception_ptr& fault) {
            EXPECT_FALSE(fault);
            --running;
        };
        boost::asio::co_spawn(context, desk.look_after_heartbeats(), ended);
        boost::asio::co_spawn(context, desk.look_after_replies(), ended);
        boost::asio::post(context, [&] { desk.stop(); });
        context.restart();
        while (running > 0) context.run_one();
    }
    // One of which Ann was told by SMS now.
    std::int64_t told() {
        const auto number = open_incident();
        auto sms = contact_of(number, "1", policy::ContactWay::sms);
        sms.state = policy::Contact::State::done;
        sms.begun = now;
        put(sms);
        return number;
    }
    std::vector<policy::Incident> live() {
        return in_store([&](auto& transaction) { return transaction.incidents({}, now, 10); });
    }

    runtime::fixture::Api api{[](const SeenRequest&) { return a_reply; }};
    boost::asio::io_context context{1};
    runtime::Log log{{}};
    runtime::AsyncStore async{store};
    runtime::HttpClient http{context.get_executor(), "mailrota/test"};
};

TEST_F(PhoneDeskTest, AReplyIsAskedForAndTakenOnce) {
    const auto number = told();
    look();
    EXPECT_EQ(incident(number).state, State::acknowledged);
    EXPECT_EQ(incident(number).by, "ann");
    EXPECT_THAT(api.seen().at(0).line, HasSubstr("/Messages.json"));
    look();
    EXPECT_THAT(story(number), SizeIs(1));
}

TEST_F(PhoneDeskTest, YesterdaysReplyAcknowledgesNothingOfToday) {
    now += hours(20);
    const auto number = told();
    look();
    EXPECT_EQ(incident(number).state, State::open);
}

TEST_F(PhoneDeskTest, NobodyIsAskedWhileNothingIsOpenOrOthersTellUs) {
    look();
    EXPECT_EQ(api.calls(), 0U);
    told();
    config.calls.public_url = "https://mail.example.com/call";
    look();
    EXPECT_EQ(api.calls(), 0U);
}

TEST_F(PhoneDeskTest, AListThatCannotBeReadIsAskedForAgain) {
    const auto number = told();
    api.set("503 Busy|<html>");
    look();
    api.set(a_reply);
    look();
    EXPECT_EQ(incident(number).state, State::acknowledged);
}

TEST_F(PhoneDeskTest, AHeartbeatThatDoesNotComeOpensAnIncidentByWhicheverWorker) {
    policy::Heartbeat heartbeat;
    heartbeat.name = "backup";
    heartbeat.alert = "emergency";
    heartbeat.every = hours(24);
    heartbeats = {heartbeat};
    look();
    EXPECT_THAT(live(), IsEmpty());
    now += hours(25);
    for (int worker = 0; worker < 2; ++worker) look();
    EXPECT_THAT(live(), SizeIs(1));
}

TEST_F(PhoneDeskTest, ARestartWithAnOlderConfigurationEndsNothingThatAnotherNodeWaitsFor) {
    policy::Heartbeat heartbeat;
    heartbeat.name = "backup";
    heartbeat.alert = "emergency";
    heartbeat.every = hours(24);
    heartbeats = {heartbeat};
    look();
    now += hours(20);
    heartbeats.clear();
    look();
    now += hours(5);
    heartbeats = {heartbeat};
    look();
    EXPECT_THAT(live(), SizeIs(1));
}

}  // namespace
}  // namespace mailrota::worker
