#include "core/runtime/listening_socket.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/rig/connection.h"
#include "tests/rig/temporary_folder.h"
#include "tests/rig/wait.h"

namespace mailrota::runtime {
namespace {

using testing::HasSubstr;

TEST(ListenOn, AUnixSocketHasItsModeAndAcceptsAndReplacesAStaleOne) {
    const rig::TemporaryFolder folder;
    const std::string address = "unix:" + (folder / "a.sock").string();
    for (int round = 0; round < 2; ++round) {
        const auto opened = listen_on({address, 0600, ""});
        ASSERT_TRUE(opened) << opened.error().text;
        struct stat status {};
        ASSERT_EQ(stat((folder / "a.sock").c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U);
        EXPECT_TRUE(rig::accepts(address));
        const auto second = listen_on({address, 0600, ""});
        ASSERT_FALSE(second);
        EXPECT_THAT(second.error().text, HasSubstr("another process answers"));
        close(*opened);
    }
}

TEST(ListenOn, AnInetSocketAccepts) {
    const std::string address = "inet:" + std::to_string(rig::free_port()) + "@127.0.0.1";
    const auto opened = listen_on({address});
    ASSERT_TRUE(opened) << opened.error().text;
    EXPECT_TRUE(rig::accepts(address));
    EXPECT_FALSE(listen_on({address}));
    close(*opened);
}

TEST(ListenOn, SaysWhatIsWrong) {
    EXPECT_EQ(listen_on({"unix:/nonexistent/a.sock"}).error().kind, ErrorKind::invalid);
    EXPECT_EQ(listen_on({"inet:25@host.invalid"}).error().kind, ErrorKind::invalid);
    EXPECT_THAT(listen_on({"unix:/" + std::string(200, 'x')}).error().text, HasSubstr("name too long"));
}

TEST(SocketsFromSystemd, AreNoneOutsideOfAUnit) { EXPECT_TRUE(sockets_from_systemd().empty()); }

}  // namespace
}  // namespace mailrota::runtime
