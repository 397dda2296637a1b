#include <algorithm>
#include <mutex>

#include "core/runtime/http_client_fixture.h"
#include "ctl/incident_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// An account that says each of these states in turn, the last for ever, and keeps what it was asked for.
class CallTest : public IncidentFixture {
  protected:
    int run_with(std::vector<std::string> states, std::vector<std::string> arguments) {
        int code = -1;
        std::mutex lock;
        std::size_t asked = 0;
        runtime::HttpServer server([&](rig::Connection& connection, int) {
            while (const auto seen = runtime::read_request(connection)) {
                const std::lock_guard guard(lock);
                const bool places = seen->line.starts_with("POST ");
                if (places) request = seen->line + '\n' + seen->body;
                const std::string& said = states[std::min(asked++, states.size() - 1)];
                const std::string body =
                    R"({"sid":"CA00000000000000000000000000000007","status":")" + said + R"("})";
                if (!runtime::answer(connection, body, places ? "201 Created" : "200 OK",
                                     "Content-Type: application/json\r\n"))
                    return;
            }
        });
        configure(server.url("").substr(0, server.url("").find_last_not_of('/') + 1));
        code = run(std::move(arguments));
        return code;
    }
    bool barred(const std::string& key) {
        bool is = false;
        change([&](store::Transaction& transaction) -> Result<void> {
            is = transaction.barred(key).value().has_value();
            return {};
        });
        return is;
    }
    std::string request;
};

TEST_F(CallTest, TellsTheStatesAsTheyComeAndUnbarsTheNumber) {
    change([](store::Transaction& transaction) { return transaction.bar(ann, "no such number", at(60)); });
    EXPECT_EQ(run_with({"queued", "ringing", "in-progress", "completed"}, {"call", "test", ann}), 0) << err;
    EXPECT_EQ(out,
              "calling +15550101 through first\n"
              "  queued: the account has taken it\n"
              "  ringing: it rings\n"
              "  in-progress: it was answered, and is being read out\n"
              "  completed: it was answered, and is over\n"
              "the call was answered, by a person or a machine\n"
              "+15550101 was barred, and may be called again\n");
    EXPECT_FALSE(barred(ann));
    EXPECT_THAT(request, AllOf(HasSubstr("/Calls.json"), HasSubstr("To=%2B15550101"),
                               HasSubstr("This%20is%20only%20a%20test"), Not(HasSubstr("StatusCallback"))));
    EXPECT_THAT(out + err, Not(HasSubstr("the-auth-token")));
}

TEST_F(CallTest, ANumberThatIsBusyStaysBarred) {
    change([](store::Transaction& transaction) { return transaction.bar(ann, "no such number", at(60)); });
    EXPECT_EQ(run_with({"queued", "busy"}, {"call", "test", ann}), 1);
    EXPECT_THAT(out, HasSubstr("busy: the number is busy\n"));
    EXPECT_THAT(err, HasSubstr("mailrota: the call reached nobody"));
    EXPECT_TRUE(barred(ann));
}

TEST_F(CallTest, AnSmsIsWritten) {
    EXPECT_EQ(run_with({"queued", "sent", "delivered"}, {"call", "test", ann, "--sms", "--json"}), 0) << err;
    EXPECT_THAT(request, HasSubstr("/Messages.json"));
    EXPECT_THAT(out, HasSubstr(R"("way":"SMS","account":"first")"));
    EXPECT_THAT(out, HasSubstr(R"("reached":true,"states":["queued","sent"])"));
}

TEST_F(CallTest, WhatTheAccountDoesNotTakeIsToldInItsWords) {
    runtime::HttpServer server([](rig::Connection& connection, int) {
        if (runtime::read_request(connection))
            runtime::answer(connection, R"({"code":20003,"message":"Authenticate","status":401})",
                            "401 Unauthorized", "Content-Type: application/json\r\n");
    });
    configure(server.url("").substr(0, server.url("").find_last_not_of('/') + 1));
    EXPECT_EQ(run({"call", "test", ann}), 1);
    EXPECT_THAT(err, HasSubstr("mailrota: the account first has not taken it: "));
    EXPECT_THAT(err, HasSubstr("Authenticate"));
}

TEST_F(CallTest, WhatIsNoNumberAndWhoIsNoAccountIsSaid) {
    EXPECT_EQ(run({"call", "test", "0555"}), 2);
    EXPECT_THAT(err, HasSubstr("\"0555\" is no telephone number with its country code"));
    EXPECT_EQ(run({"call", "test", ann, "--account", "other"}), 1);
    EXPECT_THAT(err, HasSubstr("there is no telephone \"other\""));
    unsetenv("MAILROTA_TEST_TOKEN");
    EXPECT_EQ(run({"call", "test", ann}), 1);
    EXPECT_THAT(err, HasSubstr("[telephone.first] secret"));
}

}  // namespace
}  // namespace mailrota::ctl
