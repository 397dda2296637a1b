#include "core/runtime/contact_kind.h"

#include "core/runtime/alert_case_fixture.h"
#include "core/runtime/relay_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using std::chrono::hours;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using State = Contact::State;

const char* const call_is_queued = R"({"sid":"CA1","status":"queued"})";

class ContactKindTest : public AlertCase {
  protected:
    ContactKindTest() {
        config.telephones[0].base_url = one.url();
        config.telephones[1].base_url = two.url();
    }
    ~ContactKindTest() override { http.close(); }

    // One attempt at the contact's job, with the payload that the one before left.
    Attempted attempt(const Contact& of) {
        if (payload.empty()) payload = to_json(ContactJob{of.id, of.incident, {}, {}, false, 0});
        const auto telephones = Telephones::open(config).value();
        const auto terms = std::make_shared<const policy::Policy>(policy());
        AlertServices services{async,
                               http,
                               log,
                               [this] { return now; },
                               [telephones] { return telephones; },
                               [terms] { return terms; }};
        store::Job job;
        job.payload = payload;
        const JobKind kind = contact_kind_on(services);
        std::optional<Attempted> attempted;
        boost::asio::co_spawn(context, kind(job, "", false),
                              [&attempted](const std::exception_ptr& fault, Attempted came) {
                                  EXPECT_FALSE(fault);
                                  attempted = std::move(came);
                              });
        context.restart();
        while (!attempted) context.run_one();
        if (const auto* postponed = std::get_if<Postponed>(&*attempted)) payload = postponed->payload;
        return *std::move(attempted);
    }
    Contact waiting(policy::ContactWay way = policy::ContactWay::call) {
        return contact_of(open_incident(), "1", way);
    }
    void acknowledge(const Contact& of) {
        auto known = incident(of.incident);
        known.state = policy::Incident::State::acknowledged;
        put(known);
    }
    static bool over(const Attempted& attempted) { return std::holds_alternative<Finished>(attempted); }

    Api one{[](const SeenRequest&) { return std::string("201 Created|") + call_is_queued; }};
    Api two{[](const SeenRequest&) { return std::string("201 Created|") + call_is_queued; }};
    boost::asio::io_context context{1};
    Log log{{}};
    AsyncStore async{store};
    HttpClient http{context.get_executor(), "mailrota/test"};
    std::string payload;
};

TEST_F(ContactKindTest, ACallIsPlacedOnceAndThenLookedAtUntilItIsOver) {
    const auto call = waiting();
    EXPECT_FALSE(over(attempt(call)));
    EXPECT_EQ(contact(call.id).provider_id, "CA1");
    ASSERT_THAT(one.seen(), SizeIs(1));
    EXPECT_THAT(one.seen()[0].line, StartsWith("POST /2010-04-01/Accounts/ACone/Calls.json"));
    EXPECT_THAT(one.seen()[0].body,
                AllOf(HasSubstr("To=%2B15550101"), HasSubstr("status"), HasSubstr("disk")));
    one.set(R"({"sid":"CA1","status":"in-progress"})");
    EXPECT_FALSE(over(attempt(call)));
    EXPECT_THAT(one.seen()[1].line, StartsWith("GET "));
    one.set(R"({"sid":"CA1","status":"completed"})");
    EXPECT_TRUE(over(attempt(call)));
    EXPECT_EQ(contact(call.id).state, State::done);
    EXPECT_TRUE(over(attempt(call)));
    EXPECT_EQ(one.calls(), 3U);
}

TEST_F(ContactKindTest, AnSmsSaysHowItIsAnswered) {
    const auto sms = waiting(policy::ContactWay::sms);
    one.set(R"(201 Created|{"sid":"SM1","status":"queued"})");
    attempt(sms);
    EXPECT_THAT(one.seen().at(0).line, HasSubstr("/Messages.json"));
    EXPECT_THAT(one.seen()[0].body, HasSubstr("1%20" + std::to_string(sms.incident)));
}

TEST_F(ContactKindTest, WhenAnAccountRefusesTheNextCalls) {
    const auto call = waiting();
    one.set(R"(401 Unauthorized|{"code":20003,"message":"Authenticate","status":401})");
    EXPECT_EQ(std::get<Postponed>(attempt(call)).wait, seconds(0));
    attempt(call);
    EXPECT_EQ(two.calls(), 1U);
    EXPECT_EQ(contact(call.id).account, "two");
    EXPECT_EQ(contact(call.id).state, State::placed);
}

TEST_F(ContactKindTest, ALostAnswerIsFoundInTheListAndNoSecondCallIsMade) {
    const auto call = waiting();
    one.set("");
    attempt(call);
    EXPECT_EQ(contact(call.id).state, State::begun);
    now += seconds(8);
    one.set([](const SeenRequest& request) -> std::string {
        if (request.line.starts_with("POST")) return "";
        return R"({"calls":[{"sid":"CA9","status":"ringing","from":"+15550000","to":"+15550101",)"
               R"("date_created":"Fri, 04 Oct 2024 10:00:10 +0000"}]})";
    });
    attempt(call);
    EXPECT_EQ(contact(call.id).provider_id, "CA9");
    EXPECT_EQ(contact(call.id).state, State::placed);
    EXPECT_EQ(one.calls(), 2U);
}

TEST_F(ContactKindTest, WhenTheStoreFailsAfterTheCallItIsFoundAndNotMadeAgain) {
    const auto call = waiting();
    one.set([this](const SeenRequest&) {
        store.fault = FailingStore::Fault::at_once;
        return std::string("201 Created|") + call_is_queued;
    });
    EXPECT_FALSE(over(attempt(call)));
    store.fault = FailingStore::Fault::none;
    EXPECT_EQ(contact(call.id).state, State::begun);
    now += seconds(8);
    one.set(R"({"calls":[]})");
    attempt(call);
    EXPECT_THAT(one.seen().back().line, StartsWith("GET "));
    EXPECT_EQ(contact(call.id).tries, 1);
}

TEST_F(ContactKindTest, ACallThatIsNotNeededAnyMoreIsCancelled) {
    const auto call = waiting();
    attempt(call);
    acknowledge(call);
    one.set(R"({"sid":"CA1","status":"canceled"})");
    EXPECT_TRUE(over(attempt(call)));
    EXPECT_THAT(one.seen()[1].body, HasSubstr("Status=canceled"));
    EXPECT_EQ(contact(call.id).state, State::cancelled);
}

TEST_F(ContactKindTest, ACallThatGoesFromRingingToTalkingIsEndedSoonAfter) {
    const auto call = waiting();
    attempt(call);
    acknowledge(call);
    one.set([](const SeenRequest& request) -> std::string {
        if (request.line.starts_with("GET")) return R"({"sid":"CA1","status":"in-progress"})";
        return R"(400 Bad Request|{"code":21220,"message":"not in a state to be cancelled","status":400})";
    });
    EXPECT_LE(std::get<Postponed>(attempt(call)).wait, seconds(5));
    one.set(R"({"sid":"CA1","status":"completed"})");
    EXPECT_TRUE(over(attempt(call)));
    EXPECT_THAT(one.seen().back().body, HasSubstr("Status=completed"));
}

TEST_F(ContactKindTest, AnAccountThatCannotBeAskedIsAskedEverMoreSeldom) {
    const auto call = waiting();
    attempt(call);
    one.set(R"(500 Oops|{})");
    EXPECT_EQ(std::get<Postponed>(attempt(call)).wait, seconds(2));
    now += seconds(120);
    EXPECT_EQ(std::get<Postponed>(attempt(call)).wait, seconds(30));
    now += hours(1);
    EXPECT_TRUE(over(attempt(call)));
    EXPECT_EQ(contact(call.id).state, State::unreached);
}

TEST_F(ContactKindTest, WithoutAWayToReachUsTheCallAsksForNoKey) {
    config.calls.public_url.clear();
    attempt(waiting());
    EXPECT_THAT(one.seen().at(0).body, AllOf(Not(HasSubstr("StatusCallback")), Not(HasSubstr("Gather"))));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
