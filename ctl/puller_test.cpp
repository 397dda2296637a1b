#include "ctl/puller.h"

#include <gmock/gmock.h>

#include <sstream>

#include "ctl/pull_fixture.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Outcome = wire::Acknowledgement::Result::Outcome;

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'795'168'800)};

class PullerTest : public testing::Test {
  protected:
    // One start of the puller, with the same list each time.
    PullSummary pull(bool drips = false) {
        ScriptedServer server([this](const SeenRequest& request) { return box.answer(request); }, drips);
        access.url = server.url();
        HandoutClient client(access);
        const auto list = std::move(DoneList::open(path(), now).value());
        PullProgress progress(log, false);
        Puller puller(client, *list, mta, progress,
                      {[this] { return stop; }, [](std::chrono::milliseconds) {}}, [] { return now; });
        const PullSummary summary = puller.run({});
        server_failed = puller.server_failed();
        return summary;
    }
    std::string path() const { return folder / "pull.done"; }
    void put_three() { box.put("i1", {{"ann@x", {}}, {"ben@x", {}}, {"cho@x", {}}}, "A: 1\r\n\r\nbody\r\n"); }
    void answer(const std::string& end, std::string bytes) {
        box.before = [end, bytes](const SeenRequest& request) {
            return request.target.find(end) == std::string::npos ? std::nullopt : std::optional(bytes);
        };
    }

    rig::TemporaryFolder folder;
    FakeBox box;
    FakeMailServer mta;
    HandoutAccess access;
    std::ostringstream log;
    bool stop = false;
    bool server_failed = false;
};

TEST_F(PullerTest, EmptiesTheBoxInOrder) {
    box.most = 2;
    for (int i = 0; i < 25; ++i)
        box.put("i" + std::to_string(i), {{"ann@x", {}}}, "mail " + std::to_string(i));
    const auto summary = pull();
    ASSERT_THAT(mta.sent, SizeIs(25));
    EXPECT_EQ(mta.sent[24], "i24 ann@x mail 24");
    EXPECT_EQ(summary.trouble, "");
    EXPECT_EQ(summary.mails, 25U);
    EXPECT_EQ(summary.delivered, 25U);
    EXPECT_THAT(box.items, IsEmpty());
    EXPECT_THAT(DoneList::open(path(), now).value()->waiting(), IsEmpty());
    EXPECT_EQ(box.seen.front().authorization, "");
}

TEST_F(PullerTest, ABatchOfAcknowledgementsHasTenMails) {
    for (int i = 0; i < 25; ++i) box.put("i" + std::to_string(i), {{"ann@x", {}}}, "x");
    pull();
    EXPECT_EQ(box.count("/acknowledge"), 3U);
}

TEST_F(PullerTest, NothingToDoIsFine) {
    EXPECT_EQ(pull(), PullSummary());
    EXPECT_FALSE(server_failed);
    EXPECT_EQ(box.count("/boxes"), 1U);
}

TEST_F(PullerTest, TellsOfEachRecipient) {
    put_three();
    mta.results["ben@x"] = {"", "", Outcome::failed, "550 5.1.1 no"};
    mta.results["cho@x"] = {"", "", Outcome::deferred, "451 later"};
    const auto summary = pull();
    EXPECT_THAT(box.words, ElementsAre("i1 ann@x delivered 250 2.0.0 ok", "i1 ben@x failed 550 5.1.1 no",
                                       "i1 cho@x deferred 451 later"));
    EXPECT_EQ(to_text(summary), "1 mail pulled: 1 delivered, 1 failed, 1 deferred");
    EXPECT_THAT(log.str(), HasSubstr("id=i1 recipient=ben@x failed: 550 5.1.1 no"));
    EXPECT_THAT(DoneList::open(path(), now).value()->waiting(), IsEmpty());
}

TEST_F(PullerTest, ALostAcknowledgementSendsNothingTwice) {
    put_three();
    mta.results["ben@x"] = {"", "", Outcome::failed, "550 5.1.1 no"};
    answer("/acknowledge", "");
    EXPECT_NE(pull().trouble, "");
    EXPECT_TRUE(server_failed);
    EXPECT_EQ(box.count("/acknowledge"), 3U);
    mta.sent.clear();
    box.before = nullptr;
    box.items[0].leased = false;  // the lease is over
    box.stale = 0;
    const auto summary = pull();
    EXPECT_THAT(mta.sent, IsEmpty());
    EXPECT_EQ(summary.trouble, "");
    EXPECT_THAT(box.words, SizeIs(3));
    EXPECT_THAT(box.items, IsEmpty());
}

TEST_F(PullerTest, WhatTheListKnowsIsToldAgainWhenItIsLeasedAgain) {
    put_three();
    box.most = 0;  // nothing is given, so that the failure cannot be told under its lease
    {
        auto list = std::move(DoneList::open(path(), now).value());
        ASSERT_TRUE(list->done("old", {{"i1", "ben@x", Outcome::failed, "550 no"}}, now));
    }
    box.stale = 1;
    box.before = [this](const SeenRequest& request) -> std::optional<std::string> {
        const auto lease = wire::read_token(request.body);
        if (lease && *lease == "old")
            return http_answer(200, to_json(wire::AcknowledgementAnswer{0, 0, 1, 0}));
        box.most = 50;
        box.stale = 0;
        return std::nullopt;
    };
    const auto summary = pull();
    EXPECT_THAT(mta.sent, ElementsAre(HasSubstr("ann@x"), HasSubstr("cho@x")));
    EXPECT_EQ(summary.repeated, 1U);
    EXPECT_THAT(box.words, testing::Contains("i1 ben@x failed 550 no"));
    EXPECT_THAT(DoneList::open(path(), now).value()->waiting(), IsEmpty());
}

TEST_F(PullerTest, ACrashInADeliveryIsAPossibleDuplicate) {
    put_three();
    {
        auto list = std::move(DoneList::open(path(), now).value());
        ASSERT_TRUE(list->begin("crashed", "i1", {"ann@x"}, now));
    }
    box.items[0].leased = true;  // until the lease of the dead one is given back
    const auto summary = pull();
    EXPECT_EQ(box.seen.at(0).body, R"({"lease":"crashed"})");
    EXPECT_EQ(summary.possible_duplicates, 1U);
    EXPECT_EQ(summary.delivered, 3U);
    EXPECT_THAT(log.str(), HasSubstr("id=i1 recipient=ann@x possible duplicate"));
}

TEST_F(PullerTest, AMailServerThatIsAwayEndsTheBatch) {
    put_three();
    box.put("i2", {{"ann@x", {}}}, "x");
    mta.away = true;
    for (const char* each : {"ann@x", "ben@x", "cho@x"})
        mta.results[each] = {"", "", Outcome::deferred, "451 4.4.1 refused"};
    const auto summary = pull();
    EXPECT_THAT(summary.trouble, HasSubstr("takes nothing: 451 4.4.1 refused"));
    EXPECT_FALSE(server_failed);
    EXPECT_THAT(mta.sent, SizeIs(3));
    EXPECT_EQ(box.count("/return"), 1U);
}

TEST_F(PullerTest, StopsAfterTheMailInProgress) {
    put_three();
    box.put("i2", {{"ann@x", {}}}, "x");
    mta.during = [this] { stop = true; };
    EXPECT_EQ(pull().mails, 1U);
    EXPECT_THAT(box.words, SizeIs(3));
    EXPECT_EQ(box.count("/return"), 1U);
    EXPECT_THAT(box.items, SizeIs(1));
}

TEST_F(PullerTest, AnExpiredLeaseSendsNothing) {
    put_three();
    for (const int status : {404, 409, 410}) {
        box.items[0].leased = false;
        answer("/messages/", http_answer(status, R"({"error":"the lease is over"})"));
        EXPECT_EQ(pull().trouble, "the server said " + std::to_string(status) + " (the lease is over)");
        EXPECT_FALSE(server_failed);
        EXPECT_THAT(mta.sent, IsEmpty());
    }
}

TEST_F(PullerTest, ABusyServerIsAskedAgain) {
    put_three();
    box.before = [tries = 0](const SeenRequest& request) mutable -> std::optional<std::string> {
        const bool fetch = request.target.find("/messages/") != std::string::npos;
        if (!fetch || ++tries == 3) return std::nullopt;
        return http_answer(503, "{}");
    };
    EXPECT_EQ(pull().delivered, 3U);
}

TEST_F(PullerTest, AMailThatCameBrokenIsNotSent) {
    put_three();
    box.digest = "Digest: SHA-256=AAAA\r\n";
    EXPECT_EQ(pull().deferred, 3U);
    EXPECT_THAT(mta.sent, IsEmpty());
    EXPECT_THAT(box.words, SizeIs(3));
}

TEST_F(PullerTest, TheDigestOfAWholeMailIsRight) {
    box.put("i1", {{"ann@x", {}}}, "hello\r\n");
    box.digest = "Digest: SHA-256=zS7KNTV0HyeorkDDGwxB1AV6enuRKzO5rthkhdHIRnY=\r\n";
    const auto summary = pull();
    EXPECT_EQ(summary.delivered + summary.deferred, 1U);
    EXPECT_EQ(summary.delivered, 1U) << log.str();
}

TEST_F(PullerTest, AddressesThatAreNoneFail) {
    box.put("i1", {{"a@x>\r\nDATA", {}}, {"", {}}, {"ann@x", {}}}, "x");
    EXPECT_EQ(pull().failed, 2U);
    EXPECT_THAT(mta.sent, ElementsAre("i1 ann@x x"));
}

TEST_F(PullerTest, AServerThatRepeatsItselfKeepsNobodyForEver) {
    put_three();
    mta.results["ben@x"] = {"", "", Outcome::deferred, "451 later"};
    box.before = [this](const SeenRequest& request) -> std::optional<std::string> {
        if (request.target.ends_with("/lease")) box.items[0].leased = false;
        return std::nullopt;
    };
    EXPECT_EQ(pull().deferred, 2U);
}

struct BadServer {
    std::string answer;
    const char* says;
    bool drips = false;
};

class BadServers : public PullerTest, public testing::WithParamInterface<BadServer> {};

TEST_P(BadServers, AreToldAndNothingHappens) {
    put_three();
    answer("/lease", GetParam().answer);
    access.whole = std::chrono::milliseconds(GetParam().drips ? 300 : 20'000);
    EXPECT_THAT(pull(GetParam().drips).trouble, HasSubstr(GetParam().says));
    EXPECT_TRUE(server_failed);
    EXPECT_THAT(mta.sent, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Puller, BadServers,
    testing::Values(BadServer{"", "Empty reply"}, BadServer{"garbage\r\n\r\n", "HTTP"},
                    BadServer{http_answer(500, "{}"), "said 500"},
                    BadServer{http_answer(401, R"({"error":"wrong\u0007 token"})"), "said 401 (wrong token)"},
                    BadServer{http_answer(404, "<html>"), "said 404"},
                    BadServer{http_answer(302, "", "Location: http://127.0.0.1:1/\r\n"), "said 302"},
                    BadServer{http_answer(200, "[1, 2"), "not understood"},
                    BadServer{http_answer(200, "{}"), "\"lease\" must be there"},
                    BadServer{http_answer(200, std::string(17 << 20, ' ')), "longer than"},
                    BadServer{http_answer(200, std::string(5000, ' ')), "timed out", true}));

TEST_F(PullerTest, CredentialsAreSentAsTheyAre) {
    access.token = "s3cret";
    pull();
    EXPECT_EQ(box.seen.at(0).authorization, "Bearer s3cret");
    access.token.clear();
    access.user = "ann";
    access.password = "pw";
    pull();
    EXPECT_EQ(box.seen.at(1).authorization, "Basic YW5uOnB3");
}

}  // namespace
}  // namespace mailrota::ctl
