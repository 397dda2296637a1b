#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// A host that nobody can reach from outside: case 11.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Whether some socket of the process waits for connections by TCP.
bool listens(pid_t pid) {
    std::set<std::string> sockets;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry, gone).string();
        if (target.starts_with("socket:[")) sockets.insert(target.substr(8, target.size() - 9));
    }
    constexpr auto listening = "0A";
    for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::istringstream lines(rig::read_file(table));
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::vector<std::string> columns(std::istream_iterator<std::string>(words), {});
            if (columns.size() > 9 && columns[3] == listening && sockets.contains(columns[9])) return true;
        }
    }
    return false;
}

class OutboundOnly : public AlertTest {
  protected:
    Scene& start(const std::string& acknowledge, const std::string& steps, const std::string& more = "") {
        auto& host = scene({.alerts = alert_text("emergency", steps, "acknowledge = \"" + acknowledge + "\""),
                            .of_calls = "poll = \"1s\"",
                            .reachable = false,
                            .more = more});
        host.worker();
        return host;
    }
};

TEST_F(OutboundOnly, Case11_AnSmsThatIsPolledAcknowledges) {
    auto& host = start(
        "sms", step("both"),
        "[rota.both]\nmembers = [{ phone = \"" + std::string(ann) + "\", contact = [\"call\", \"sms\"] }]\n");
    EXPECT_FALSE(listens(host.worker().pid()));
    host.send(raised().mail());
    const auto written = twilio().wait_for_messages(1, std::chrono::seconds(40));
    ASSERT_THAT(written, SizeIs(1));
    EXPECT_THAT(written.front().body, AllOf(HasSubstr("Emergency 86581"), HasSubstr("1 1")));
    const auto calls = twilio().calls();
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_THAT(calls.front().parameter("Twiml"), HasSubstr("8 6 5 8 1"));
    EXPECT_EQ(calls.front().parameter("Url") + calls.front().parameter("StatusCallback"), "");
    twilio().say_sms(cem, our_number, "1 1");  // nobody who was told
    twilio().say_sms(ann, our_number, "1 1\n\nOn 20 November mailrota wrote:\n> Emergency");
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_EQ(host.value("SELECT CAST(changed_by AS TEXT) FROM incident"), ann);
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
}

TEST_F(OutboundOnly, Case11_AnAnswerIsSeenByPolling) {
    twilio().script(ann, {{.end = "busy"}, {.end = "answered"}});
    auto& host = start("answer", step("ann", 3) + step("ben"));
    host.send(raised().mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ann));
}

}  // namespace
}  // namespace mailrota::e2e
