#include "core/runtime/http_client_fixture.h"
#include "ctl/relay_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ProviderCommand : public RelayFixture {};

TEST_F(ProviderCommand, ListSaysToWhomMailGoesNow) {
    EXPECT_EQ(run({"provider", "list"}), 0) << err;
    EXPECT_EQ(out,
              "PROVIDER  KIND      BY    ROTAS     EVENTS  NOW\n"
              "sg        sendgrid  http  outbound  yes     never asked\n"
              "own       smtp      smtp  outbound  no      never asked\n");
    put(open_breaker("sg"));
    put(open_breaker("own/example.com"));
    EXPECT_EQ(run({"provider", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("yes     out of order until 2026-11-20 10:05:00 (in 5m)\n"));
    EXPECT_THAT(out, HasSubstr("no      never asked; not for 1 domain\n"));
    EXPECT_EQ(run({"provider", "list", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"({"name":"sg","kind":"sendgrid","transport":"http","rotas":["outbound"],)"
                               R"("breaker":"open","refused_domains":[],"events":true})"));
}

TEST_F(ProviderCommand, StatusHasTheProvidersWords) {
    auto alarmed = open_breaker("sg");
    alarmed.alarmed = true;
    put(alarmed);
    put(open_breaker("sg/example.com"));
    change([&](auto& transaction) { return transaction.put_relay_hold("outbound", {"sg", at(30)}); });
    EXPECT_EQ(run({"provider", "status", "sg"}), 0) << err;
    EXPECT_EQ(out,
              "PROVIDER      sg\n"
              "what          sendgrid by http://127.0.0.1:9\n"
              "rota          outbound: keeps to it until 2026-11-20 10:30:00 (in 30m)\n"
              "now           out of order until 2026-11-20 10:05:00 (in 5m)\n"
              "since         2026-11-20 09:55:00 (5m ago)\n"
              "look          key, account, domain or quota: somebody must mend it there\n"
              "failures      4 in a row\n"
              "last fault    2026-11-20 09:55:00 (5m ago): 401 authorization grant is invalid\n"
              "last success  2026-11-20 09:00:00 (1h ago)\n"
              "domain        example.com: out of order until 2026-11-20 10:05:00 (in 5m)\n"
              "              last fault 2026-11-20 09:55:00 (5m ago): 401 authorization grant is invalid\n");
    EXPECT_EQ(run({"provider", "status", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("domains":{"example.com":{"state":"open")"));
    EXPECT_THAT(out, HasSubstr(R"("name":"own")"));
    EXPECT_EQ(run({"provider", "status", "nope"}), 1);
    EXPECT_THAT(err, HasSubstr("there is no provider \"nope\"; there are: sg, own"));
}

TEST_F(ProviderCommand, WhomTheConfigurationForgotIsStillShown) {
    put(open_breaker("old"));
    EXPECT_EQ(run({"provider", "status", "old"}), 0);
    EXPECT_THAT(out, HasSubstr("not in the configuration any more"));
    EXPECT_EQ(run({"provider", "list"}), 0);
    EXPECT_THAT(out, Not(HasSubstr("old")));
}

TEST_F(ProviderCommand, ResetClosesTheBreakersOfTheProviderAndNoOther) {
    for (const char* scope : {"sg", "sg/example.com", "own"}) put(open_breaker(scope));
    EXPECT_EQ(run({"provider", "reset", "sg"}), 0) << err;
    EXPECT_THAT(out,
                HasSubstr("sg: reset, mail goes to it; was out of order until 2026-11-20 10:05:00 (in 5m): "
                          "401 authorization grant is invalid\n"));
    EXPECT_THAT(out, HasSubstr("sg/example.com: reset"));
    EXPECT_EQ(run({"provider", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("yes     works\n"));
    EXPECT_THAT(out, HasSubstr("no      out of order"));
    EXPECT_EQ(run({"provider", "reset", "sg"}), 0);
    EXPECT_EQ(out, "sg: nothing to reset, mail goes to it\n");
    EXPECT_EQ(run({"provider", "reset", "nope"}), 1);
}

TEST_F(ProviderCommand, TestAsksWithTheKey) {
    std::string asked, key;
    {
        runtime::HttpServer server([&](rig::Connection& connection, int) {
            const auto seen = runtime::read_request(connection);
            if (!seen) return;
            asked = seen->line;
            key = seen->header("Authorization");
            runtime::answer(connection, R"({"scopes":["mail.send"]})", "200 OK",
                            "Content-Type: application/json\r\n");
        });
        configure("", server.url(""));
        EXPECT_EQ(run({"provider", "test", "sg"}), 0) << err;
    }
    EXPECT_THAT(out, testing::StartsWith("sg works"));
    EXPECT_THAT(asked, testing::StartsWith("GET /v3/scopes "));
    EXPECT_EQ(key, "Bearer SG.secret");
}

TEST_F(ProviderCommand, TestSaysWhatTheProviderSaid) {
    {
        runtime::HttpServer server([](rig::Connection& connection, int) {
            if (runtime::read_request(connection))
                runtime::answer(connection,
                                R"({"errors":[{"message":"authorization grant is invalid","field":null}]})",
                                "401 Unauthorized", "Content-Type: application/json\r\n");
        });
        configure("", server.url(""));
        EXPECT_EQ(run({"provider", "test", "sg"}), 1);
    }
    EXPECT_THAT(err, HasSubstr("mailrota: sg does not work: "));
    EXPECT_THAT(err, HasSubstr("authorization grant is invalid"));
    EXPECT_THAT(err, Not(HasSubstr("SG.secret")));
}

TEST_F(ProviderCommand, TestOfNobodyWhoListensFails) {
    EXPECT_EQ(run({"provider", "test", "--json"}), 1);
    EXPECT_THAT(out, HasSubstr(R"({"provider":"sg","works":false,"words":"could not connect)"));
    EXPECT_THAT(out, HasSubstr(R"({"provider":"own","works":false,"words":")"));
    EXPECT_EQ(run({"provider", "test", "sg", "nope"}), 1);
    EXPECT_THAT(err, HasSubstr("there is no provider \"nope\""));
    unsetenv("MAILROTA_TEST_KEY");
    EXPECT_EQ(run({"provider", "test", "sg"}), 1);
    EXPECT_THAT(err, HasSubstr("[provider.sg] api_key: "));
}

// Says a line for each of the client's, and keeps those.
std::vector<std::string> talk(rig::Connection& connection, const std::vector<std::string>& replies) {
    std::vector<std::string> heard;
    for (const std::string& reply : replies) {
        if (!connection.write(reply + "\r\n")) break;
        const auto line = connection.read_line();
        if (!line) break;
        heard.push_back(*line);
    }
    return heard;
}

TEST_F(ProviderCommand, TestBySmtpLogsInAndLeaves) {
    std::vector<std::string> heard;
    {
        runtime::HttpServer server([&](rig::Connection& connection, int) {
            heard = talk(connection, {"220 hello", "250-here\r\n250 AUTH PLAIN", "235 2.7.0 in"});
        });
        configure(
            "[provider.pm]\nkind = \"postmark\"\ntransport = \"smtp\"\nsecurity = \"none\"\nhost = "
            "\"127.0.0.1:" +
            std::to_string(server.port()) + "\"\npassword = { env = \"MAILROTA_TEST_KEY\" }\n");
        EXPECT_EQ(run({"provider", "test", "pm"}), 0) << err;
        EXPECT_THAT(out, HasSubstr("pm works: smtp:127.0.0.1:"));
        EXPECT_THAT(out, HasSubstr("the login is taken"));
    }
    ASSERT_EQ(heard.size(), 3U);
    EXPECT_EQ(heard[1], "AUTH PLAIN AFNHLnNlY3JldABTRy5zZWNyZXQ=") << "Postmark's key is its user, too";
    EXPECT_EQ(heard[2], "QUIT");
}

TEST_F(ProviderCommand, TestBySmtpSaysThatTheLoginIsRefused) {
    {
        runtime::HttpServer server([](rig::Connection& connection, int) {
            talk(connection, {"220 hello", "250-here\r\n250 AUTH PLAIN", "535 5.7.8 bad credentials"});
        });
        configure("", "http://127.0.0.1:9",
                  "127.0.0.1:" + std::to_string(server.port()) +
                      "\"\npassword = { env = \"MAILROTA_TEST_KEY\" }\nuser = \"ann");
        EXPECT_EQ(run({"provider", "test", "own"}), 1);
    }
    EXPECT_EQ(err, "mailrota: own does not work: login: 535 5.7.8 bad credentials\n");
}

}  // namespace
}  // namespace mailrota::ctl
