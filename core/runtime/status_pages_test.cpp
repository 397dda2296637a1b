#include "core/runtime/status_pages.h"

#include "core/runtime/relay_case_fixture.h"

namespace mailrota::runtime {
namespace {

using fixture::Api;
using policy::Breaker;
using providers::StatusPage;
using Indicator = StatusPage::Indicator;
using State = Breaker::State;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

const policy::BreakerTerms terms{};
const Breaker::Time now{seconds(1'000'000)};

Breaker in(State state, const std::string& why, seconds until = seconds(0)) {
    Breaker breaker;
    breaker.scope = "one";
    breaker.state = state;
    breaker.why = why;
    breaker.until = now + until;
    return breaker;
}

StatusPage told(Indicator indicator) { return {indicator, "words"}; }

TEST(AfterPage, AnOutageOpensAClosedBreakerAtOnceForItsOwnPeriod) {
    for (const auto indicator : {Indicator::major, Indicator::critical}) {
        const auto after = after_page(in(State::closed, ""), told(indicator), terms, now);
        ASSERT_TRUE(after);
        EXPECT_EQ(after->state, State::open);
        EXPECT_EQ(after->until, now + terms.open);
        EXPECT_EQ(after->last_fault, now);
        EXPECT_FALSE(after->alarmed);
        EXPECT_THAT(after->why, StartsWith("status page: "));
    }
}

TEST(AfterPage, ABreakerThatIsNotClosedGoesByItsOwnFaultsAndProbes) {
    for (const auto state : {State::open, State::probing})
        for (const auto left : {seconds(-1), seconds(30)})
            EXPECT_FALSE(after_page(in(state, "503", left), told(Indicator::critical), terms, now));
}

TEST(AfterPage, SmallTroubleAndNoneOpenNothing) {
    for (const auto indicator : {Indicator::unknown, Indicator::none, Indicator::minor})
        EXPECT_FALSE(after_page(in(State::closed, ""), told(indicator), terms, now));
}

TEST(AfterPage, TheEndOfAnOutageLetsTheNextMailTry) {
    const Breaker opened = *after_page(in(State::closed, ""), told(Indicator::major), terms, now);
    for (const auto indicator : {Indicator::none, Indicator::minor}) {
        const auto after = after_page(opened, told(indicator), terms, now + seconds(1));
        ASSERT_TRUE(after);
        EXPECT_EQ(policy::passage(*after, now + seconds(1)), policy::Passage::probe);
    }
    EXPECT_FALSE(after_page(opened, told(Indicator::unknown), terms, now + seconds(1)));
    EXPECT_FALSE(
        after_page(in(State::open, "401 wrong key", seconds(30)), told(Indicator::none), terms, now));
}

// A page that says what it is told to, and two providers of which the first has it.
struct StatusPagesCase : fixture::RelayCase {
    StatusPagesCase() { config.providers.front().status_url = page.url() + "/summary.json"; }
    ~StatusPagesCase() override { http.close(); }

    void ask(const std::string& provider = "one") {
        const auto carriers = Carriers::open(config).value();
        bool done = false;
        boost::asio::co_spawn(context, pages.ask(carriers, provider), [&](const std::exception_ptr& fault) {
            EXPECT_FALSE(fault);
            done = true;
        });
        context.restart();
        while (!done) context.run_one();
    }
    void page_says(const std::string& indicator) {
        page.set(R"({"status":{"indicator":")" + indicator + R"(","description":"as told"}})");
        ask();
    }

    Api page{[](const SeenRequest&) { return R"({"status":{"indicator":"none"}})"; }};
    StatusPages pages{{async, http, log, metrics, [this] { return fixture::RelayCase::now; }}};
};

TEST_F(StatusPagesCase, MailPassesByAProviderWhosePageTellsOfAnOutage) {
    page_says("major");
    EXPECT_THAT(reply_to("1"), HasSubstr("two"));
    EXPECT_EQ(one.calls(), 0);
    EXPECT_EQ(breaker("one").why, "status page: major, as told");
    EXPECT_EQ(pages.to_text(), "one major (as told)");
    EXPECT_THAT(metrics.expose(), HasSubstr("mailrota_provider_status{provider=\"one\"} 2"));
}

TEST_F(StatusPagesCase, WhenThePageIsFineAgainTheNextMailTries) {
    rota().hold = seconds(0);
    page_says("critical");
    page_says("none");
    EXPECT_THAT(reply_to("1"), HasSubstr("one"));
    EXPECT_EQ(breaker("one").state, State::closed);
}

TEST_F(StatusPagesCase, WhatAProcessBeforeOpenedIsFoundByTheFirstLook) {
    const auto opened =
        after_page(in(State::closed, ""), told(Indicator::major), terms, fixture::RelayCase::now);
    write([&](store::Transaction& transaction) { return transaction.put_breaker(*opened); });
    ask();
    EXPECT_EQ(breaker("one").until, fixture::RelayCase::now);
}

TEST_F(StatusPagesCase, AnOutageGoesOnKeepingMailAwayAfterMailThatWentThrough) {
    page_says("major");
    fixture::RelayCase::now += terms.open;
    EXPECT_THAT(reply_to("1"), HasSubstr("one"));
    ask();
    EXPECT_EQ(breaker("one").state, State::open);
}

TEST_F(StatusPagesCase, SmallTroubleIsOnlyTold) {
    page_says("minor");
    EXPECT_THAT(reply_to("1"), HasSubstr("one"));
    EXPECT_EQ(pages.to_text(), "one minor (as told)");
}

TEST_F(StatusPagesCase, ES4_APageThatCannotBeHadOrReadChangesNothing) {
    const std::string unreadable[] = {"500 Oops|x", "302 Found|", "<html>fine</html>",
                                      std::string(5'000'000, 'x'), ""};
    for (const std::string& answer : unreadable) {
        page.set(answer);
        ask();
        EXPECT_THAT(pages.to_text(), StartsWith("one unknown (")) << answer.substr(0, 40);
    }
    page.stop();
    ask();
    EXPECT_THAT(reply_to("1"), HasSubstr("one"));
    EXPECT_EQ(breaker("one").why, "");
}

TEST_F(StatusPagesCase, AProviderWithoutAPageIsNotAskedFor) {
    ask("two");
    ask("nobody");
    EXPECT_EQ(pages.to_text(), "");
    EXPECT_EQ(page.calls(), 0);
}

}  // namespace
}  // namespace mailrota::runtime
