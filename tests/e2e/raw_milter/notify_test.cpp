#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/syslog_socket.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a manager of services is told, in order.
class Notifications {
  public:
    std::vector<std::string> environment() const {
        return {"NOTIFY_SOCKET=" + (folder_ / "notify").string()};
    }
    std::string said() const { return read_file(folder_ / "said"); }
    bool wait_for(const std::string& text) const {
        return wait_until([&] { return said().find(text) != std::string::npos; });
    }

  private:
    TemporaryFolder folder_;
    SyslogSocket socket_{folder_ / "notify", folder_ / "said"};
};

TEST(Notify, AReloadIsToldAndItsEndToo) {
    const Notifications manager;
    MailrotaMilter milter(configuration(orders_rota), MailrotaMilter::Socket::unix_path,
                          manager.environment());
    ASSERT_TRUE(manager.wait_for("READY=1")) << manager.said();
    milter.reload();
    ASSERT_TRUE(manager.wait_for("RELOADING=1")) << manager.said();
    EXPECT_TRUE(wait_until([&] {
        const auto said = manager.said();
        return said.find("READY=1", said.find("RELOADING=1")) != std::string::npos;
    })) << manager.said();
}

TEST(Notify, WhoWaitsForTheStartIsNotToldOfAReload) {
    const Notifications manager;
    MailrotaMilter milter(
        configuration(orders_rota, "",
                      "postgresql://nobody@127.0.0.1:" + std::to_string(free_port()) + "/none"),
        MailrotaMilter::Socket::unix_path, manager.environment());
    milter.reload();
    ASSERT_TRUE(milter.wait_for_log("why=SIGUSR1")) << milter.log();
    EXPECT_THAT(manager.said(), Not(HasSubstr("RELOADING=1")));
    EXPECT_THAT(manager.said(), Not(HasSubstr("READY=1")));
}

}  // namespace
}  // namespace mailrota::rig
