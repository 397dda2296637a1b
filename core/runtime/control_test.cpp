#include "core/runtime/control.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace mailrota::runtime {
namespace {

using testing::HasSubstr;

// A caller that speaks the socket's bytes itself.
class Caller {
  public:
    explicit Caller(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
        connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    }
    ~Caller() { close(socket_); }
    Caller(const Caller&) = delete;

    bool connected() const { return connected_; }
    void send(std::string_view bytes) const {
        (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    // All that comes until the other side closes.
    std::string read_all() const {
        std::string all;
        char piece[4096];
        for (ssize_t got = 0; (got = read(socket_, piece, sizeof(piece))) > 0;) {
            all.append(piece, static_cast<std::size_t>(got));
        }
        return all;
    }

  private:
    int socket_;
    bool connected_ = false;
};

class Control : public testing::Test {
  protected:
    Control() {
        std::string pattern = testing::TempDir() + "mailrota-control-XXXXXX";
        folder = mkdtemp(pattern.data());
        path = folder + "/ctl";
    }
    ~Control() override { std::filesystem::remove_all(folder); }

    Result<std::unique_ptr<ControlServer>> serve() const {
        return ControlServer::open(
            path, {{"status", [] { return "all is well\nindeed\n"; }},
                   {"reload", []() -> Result<std::string> { return invalid("line 1\nline 2"); }},
                   {"throw", []() -> Result<std::string> { throw std::runtime_error("thrown"); }}});
    }
    // What a server says to these bytes.
    std::string said_to(std::string_view bytes) const {
        const Caller caller(path);
        caller.send(bytes);
        return caller.read_all();
    }

    std::string folder;
    std::string path;
};

TEST_F(Control, AnswersACommandAndAnError) {
    const auto server = serve();
    ASSERT_TRUE(server) << server.error().text;
    EXPECT_EQ(ask_control(path, "status"), "all is well\nindeed\n");
    const Error refused{ErrorKind::invalid, "line 1\nline 2"};
    EXPECT_EQ(ask_control(path, "reload").error(), refused);
    EXPECT_EQ(ask_control(path, "throw").error().text, "thrown");
    EXPECT_EQ(ask_control(path, "status"), "all is well\nindeed\n") << "it goes on after errors";
}

TEST_F(Control, ASocketIsForOwnerAndGroupOnly) {
    const auto server = serve();
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(Control, AnUnknownCommandIsToldTheKnownOnes) {
    const auto server = serve();
    EXPECT_EQ(said_to("halt\n"), "error: unknown command; known are: reload, status, throw\n");
    EXPECT_EQ(said_to("\n").substr(0, 6), "error:");
    EXPECT_EQ(said_to("status\r\n").substr(0, 3), "ok\n");
}

TEST_F(Control, GarbageAndLongLinesAreDroppedAndHarmNobody) {
    const auto server = serve();
    EXPECT_THAT(said_to(std::string("\0\xff\x80 status\n", 11)), HasSubstr("error: unknown command"));
    EXPECT_EQ(said_to(std::string(5000, 'x')), "");
    EXPECT_EQ(said_to(std::string(5000, 'x') + "\n"), "");
    EXPECT_TRUE(ask_control(path, "status"));
}

TEST_F(Control, ASilentCallerHoldsUpNobodyAndIsDropped) {
    const auto server = serve();
    const Caller silent(path);
    EXPECT_TRUE(ask_control(path, "status"));
    EXPECT_EQ(silent.read_all(), "");
}

TEST_F(Control, MoreThanThirtyTwoCallersAtOnceAreDropped) {
    const auto server = serve();
    std::vector<std::unique_ptr<Caller>> silent;
    for (int number = 0; number < 32; ++number) silent.push_back(std::make_unique<Caller>(path));
    EXPECT_EQ(said_to("status\n"), "");
    silent.clear();
    Result<std::string> answer = unavailable("");
    while (!answer) answer = ask_control(path, "status");
    EXPECT_EQ(*answer, "all is well\nindeed\n");
}

TEST_F(Control, AStaleSocketIsReplaced) {
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    ASSERT_EQ(bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    close(left);
    const auto server = serve();
    ASSERT_TRUE(server) << server.error().text;
    EXPECT_TRUE(ask_control(path, "status"));
}

TEST_F(Control, ALivingSocketIsRefusedAndStays) {
    const auto first = serve();
    const auto second = serve();
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().text, HasSubstr("another process answers on it"));
    EXPECT_TRUE(ask_control(path, "status"));
}

TEST_F(Control, AnotherFileIsNotTouched) {
    std::ofstream(path) << "precious";
    const auto server = serve();
    ASSERT_FALSE(server);
    EXPECT_THAT(server.error().text, HasSubstr("something else than a socket"));
    EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(Control, TheSocketGoesWithTheServer) {
    { const auto server = serve(); }
    EXPECT_FALSE(std::filesystem::exists(path));
    const auto answer = ask_control(path, "status");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
}

TEST_F(Control, APathThatIsTooLongIsAnError) {
    path = folder + "/" + std::string(120, 'x');
    EXPECT_THAT(serve().error().text, HasSubstr("longer than 107 bytes"));
    EXPECT_FALSE(ask_control(path, "status"));
}

}  // namespace
}  // namespace mailrota::runtime
