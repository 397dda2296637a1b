#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "tests/e2e/web/spool.h"
#include "tests/rig/process.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::HasSubstr;

std::string web_only(const std::string& web) {
    return "[store]\nurl = \"sqlite:{folder}/state.db\"\n[control]\nsocket = \"{run}/milter.ctl\"\n[web]\n" +
           web;
}

TEST(Serving, SaysHowItIs) {
    MailrotaProgram web("mailrota-web", web_only("socket = \"unix:{run}/web.sock\"\n"));
    HttpClient client("unix:" + (web.run_folder() / "web.sock").string());
    EXPECT_EQ(client.get("/healthz").body, "ok\n");
    EXPECT_EQ(client.get("/readyz").status, 200);
    const auto head = client.request("HEAD", "/healthz");
    EXPECT_EQ(head.header("content-length"), "3");
    EXPECT_EQ(head.header("cache-control"), "no-store");
    EXPECT_EQ(head.header("x-content-type-options"), "nosniff");
    EXPECT_THAT(client.get("/metrics").body, HasSubstr("\nmailrota_web_requests_total "));
    EXPECT_EQ(client.request("GET", "/metrics", "", {{"X-Forwarded-For", "192.0.2.1"}}).status, 403);
    EXPECT_EQ(web.stop(), 0);
}

TEST(Serving, WithoutAStoreItLivesAndIsNotReady) {
    MailrotaProgram web("mailrota-web",
                        "[store]\nurl = \"postgresql://127.0.0.1:1/none\"\n[control]\nsocket = "
                        "\"{run}/milter.ctl\"\n[web]\nsocket = \"unix:{run}/web.sock\"\n");
    HttpClient client("unix:" + (web.run_folder() / "web.sock").string());
    EXPECT_EQ(client.get("/healthz").status, 200);
    EXPECT_EQ(client.get("/readyz").status, 503);
}

TEST(Serving, AnswersWhatIsUnderWayBeforeItStops) {
    Spool spool;
    auto idle = Connection::to(spool.unix_address());
    auto guess = spool.stranger("Bearer wrong");
    guess.connection().write(guess.head("GET", "/boxes/web", 0));
    EXPECT_TRUE(spool.web().wait_for_log("refused"));
    spool.web().terminate();
    EXPECT_TRUE(idle.wait_for_close());
    const auto answer = read_http_answer(guess.connection());
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.header("connection"), "close");
    guess.close();
    EXPECT_EQ(spool.web().wait(std::chrono::seconds(10)), 0);
}

TEST(Serving, AReloadReadsSecretsAndKeepsThemIfItCannot) {
    Spool spool;
    write_file(spool.folder() / "token", "another\n");
    spool.web().reload();
    EXPECT_TRUE(spool.web().wait_for_log("reload why="));
    EXPECT_TRUE(wait_until([&] { return spool.stranger("Bearer another").get("/boxes/web").status == 200; }));
    EXPECT_EQ(spool.stranger("Bearer secret").get("/boxes/web").status, 401);
    std::filesystem::remove(spool.folder() / "token");
    spool.web().reload();
    EXPECT_TRUE(spool.web().wait_for_log("boxes-kept reason="));
    EXPECT_EQ(spool.stranger("Bearer another").get("/boxes/web").status, 200);
}

TEST(Serving, OverTlsWithItsOwnCertificate) {
    const TemporaryFolder folder;
    const std::string key = folder / "key.pem";
    const std::string certificate = folder / "cert.pem";
    run_or_throw({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                  "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                  "-addext", "subjectAltName=DNS:localhost"});
    const auto port = std::to_string(free_port());
    MailrotaProgram web("mailrota-web",
                        web_only("sockets = [\"inet:" + port +
                                 "@127.0.0.1\", \"unix:{run}/web.sock\"]\ntls = { certificate = \"" +
                                 certificate + "\", key = \"" + key + "\" }\n"));
    const auto url = "https://localhost:" + port + "/healthz";
    EXPECT_EQ(run_or_throw({"curl", "-sS", "--cacert", certificate, url, url}), "ok\nok\n");
    EXPECT_NE(run({"curl", "-sS", "--cacert", certificate, "--tls-max", "1.1", url}).exit_code, 0);
    auto plain = Connection::to("inet:127.0.0.1:" + port);
    plain.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(read_http_answer(plain).status, 0);
    EXPECT_EQ(HttpClient("unix:" + (web.run_folder() / "web.sock").string()).get("/healthz").status, 200);
}

// A listening socket as systemd gives it; open in every program that is started meanwhile.
class GivenSocket {
  public:
    explicit GivenSocket(const std::filesystem::path& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        descriptor_ = socket(AF_UNIX, SOCK_STREAM, 0);
        if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            listen(descriptor_, 5) != 0)
            throw std::runtime_error("cannot listen on " + path.string());
    }
    ~GivenSocket() { close(descriptor_); }
    GivenSocket(const GivenSocket&) = delete;

    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

TEST(Serving, TakesTheSocketOfSystemd) {
    const TemporaryFolder folder;
    const TemporaryFolder run_folder(TemporaryFolder::Place::run);
    const auto path = run_folder / "given.sock";
    write_file(folder / "mailrota.toml", "[store]\nurl = \"sqlite:" + (folder / "state.db").string() +
                                             "\"\n[control]\nsocket = \"" +
                                             (run_folder / "milter.ctl").string() +
                                             "\"\n[web]\nsocket = \"unix:" + path.string() + "\"\n");
    const GivenSocket given(path);
    Command command;  // the shell puts the socket where systemd does, under the process number it names
    command.argv = {"sh", "-c",
                    "exec 3<&" + std::to_string(given.descriptor()) + "; LISTEN_PID=$$ LISTEN_FDS=1 exec " +
                        program("mailrota-web").string() + " --config " +
                        (folder / "mailrota.toml").string()};
    command.output = folder / "log";
    const Process web(command);
    HttpClient client("unix:" + path.string());
    EXPECT_EQ(client.get("/healthz").body, "ok\n") << read_file(folder / "log");
}

}  // namespace
}  // namespace mailrota::rig
