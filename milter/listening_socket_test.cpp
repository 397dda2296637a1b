#include "milter/listening_socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/runtime/listening_socket.h"

namespace mailrota::milter {
namespace {

class ListeningSocket : public testing::Test {
  protected:
    ListeningSocket() {
        static int count = 0;
        folder_ = std::filesystem::temp_directory_path() /
                  ("mailrota-socket-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
        std::filesystem::create_directories(folder_);
        settings_.socket = "unix:" + path();
    }
    ~ListeningSocket() override {
        if (fd_ >= 0) close(fd_);
        std::filesystem::remove_all(folder_);
    }

    std::string path() const { return folder_ / "m.sock"; }
    void bind_there() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
        fd_ = socket(AF_UNIX, SOCK_STREAM, 0);
        ASSERT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    std::string error() const {
        const auto result = prepare_socket(settings_);
        return result ? "" : result.error().text;
    }

    std::filesystem::path folder_;
    config::ListenerSettings settings_;
    int fd_ = -1;
};

TEST_F(ListeningSocket, EmptyPlaceIsFine) { EXPECT_EQ(error(), ""); }

TEST_F(ListeningSocket, StaleSocketIsRemoved) {
    bind_there();
    EXPECT_EQ(error(), "");
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(ListeningSocket, LivingSocketIsLeftAlone) {
    bind_there();
    ASSERT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(error(), "another process answers on " + path() + ": stop it first");
    EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(ListeningSocket, FileThatIsNoSocketIsLeftAlone) {
    std::ofstream(path()) << "precious";
    EXPECT_EQ(error(), path() + " exists and is no socket");
    EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(ListeningSocket, MissingFolderIsNamed) {
    settings_.socket = "unix:" + (folder_ / "none" / "m.sock").string();
    EXPECT_NE(error().find((folder_ / "none").string() + " of the socket does not exist"), std::string::npos);
}

TEST_F(ListeningSocket, ModeIsSetAndUnknownGroupIsAnError) {
    {
        const runtime::NarrowUmask narrow(0600);
        bind_there();
    }
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    settings_.socket_mode = 0666;
    EXPECT_TRUE(adjust_socket(settings_));
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0666U);
    settings_.socket_group = "no-such-group-here";
    EXPECT_FALSE(adjust_socket(settings_));
}

TEST_F(ListeningSocket, ListenersOnTcpGetNodelay) {
    fd_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(fd_, 1), 0);
    settings_.socket = "inet:10025@127.0.0.1";
    ASSERT_TRUE(adjust_socket(settings_));
    int value = 0;
    socklen_t length = sizeof value;
    ASSERT_EQ(getsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &value, &length), 0);
    EXPECT_NE(value, 0);
}

TEST(SocketNotation, OfBothMtas) {
    struct Case {
        const char* socket;
        const char* postfix;
        const char* sendmail;
    };
    for (const auto& [socket, postfix, sendmail] :
         {Case{"unix:/run/m.sock", "unix:/run/m.sock", "local:/run/m.sock"},
          Case{"unix:/var/spool/postfix/mailrota/milter.sock", "unix:mailrota/milter.sock",
               "local:/var/spool/postfix/mailrota/milter.sock"},
          Case{"inet:10025@127.0.0.1", "inet:127.0.0.1:10025", "inet:10025@127.0.0.1"},
          Case{"inet6:10025@::1", "inet:[::1]:10025", "inet6:10025@::1"}}) {
        EXPECT_EQ(for_postfix(socket), postfix);
        EXPECT_EQ(for_sendmail(socket), sendmail);
    }
}

}  // namespace
}  // namespace mailrota::milter
