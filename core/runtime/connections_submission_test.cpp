#include <gmock/gmock.h>

#include "core/runtime/connections.h"
#include "core/runtime/connections_fixture.h"
#include "tests/rig/submission_server.h"

namespace mailrota::runtime {
namespace {

using config::Endpoint;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

TEST(ConnectionsToPostfix, SubmitMailOverTlsAndAreRefusedWithoutTheLogin) {
    rig::SubmissionServer server;
    Sending sending;
    Accounts accounts;
    accounts["good"] = {server.user, server.password, server.authority()};
    accounts["bad"] = {server.user, "wrong", server.authority()};
    accounts["nobody"] = {"", "", server.authority()};
    sending.connections.use_accounts(std::make_shared<const Accounts>(accounts));
    const auto send = [&](Endpoint::Security security, const std::string& account) {
        const bool tls = security == Endpoint::Security::tls;
        const int port = tls ? server.tls_port() : server.starttls_port();
        Endpoint endpoint{Endpoint::Protocol::smtp, "localhost", static_cast<std::uint16_t>(port), ""};
        endpoint.security = security;
        endpoint.account = account;
        return sending.send(endpoint, mail_to({"ann@example.com", "ben@example.com"}));
    };
    for (const auto security : {Endpoint::Security::starttls, Endpoint::Security::tls}) {
        EXPECT_THAT(texts(send(security, "good")), Each(StartsWith("done 250 2.0.0 Ok: queued as ")));
        EXPECT_TRUE(send(security, "good").reused);
        EXPECT_THAT(texts(send(security, "bad")), Each(StartsWith("failed 535 5.7.8 ")));
        EXPECT_THAT(texts(send(security, "nobody")), Each(HasSubstr(" 5.7.")));
    }
    EXPECT_THAT(server.postfix().wait_for_mail("ann", 4), SizeIs(4)) << server.postfix().log();
    EXPECT_THAT(server.postfix().wait_for_mail("ben", 4), SizeIs(4));
    sending.close();
}

}  // namespace
}  // namespace mailrota::runtime
