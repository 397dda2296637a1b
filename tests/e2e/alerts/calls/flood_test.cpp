#include <array>
#include <atomic>
#include <map>
#include <thread>

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// Strangers who knock without end while somebody is called.
namespace mailrota::e2e {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// Posts what nobody has signed, in turn to all pages, until it ends.
class Flood {
  public:
    Flood(const Scene& host, const std::string& contact)
        : thread_([this, address = host.web_address(), contact] { run(address, contact); }) {}
    ~Flood() { stop(); }
    Flood(const Flood&) = delete;
    /// How often each status was answered; 0: not at all.
    const std::map<int, int>& stop() {
        stopping_ = true;
        if (thread_.joinable()) thread_.join();
        return answers_;
    }
    int posted() const { return posted_; }

  private:
    void run(const std::string& address, const std::string& contact) {
        const std::string garbage(20'000, '%');
        const std::array<std::string, 5> pages = {
            "/call/" + contact + "/digit", "/call/" + contact + "/status", "/call/sms",
            "/call/0123456789abcdef0123456789abcdef/digit", "/call/" + garbage.substr(0, 300) + "/twiml"};
        const rig::HttpClient::Headers form = {{"Content-Type", "application/x-www-form-urlencoded"},
                                               {"X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}};
        rig::HttpClient client(address);
        while (!stopping_) {
            const auto& page = pages[static_cast<std::size_t>(posted_) % pages.size()];
            ++answers_[client
                           .request("POST", page,
                                    posted_ % 2 == 0 ? "Digits=1&CallStatus=completed" : garbage, form)
                           .status];
            ++posted_;
        }
    }

    std::atomic<bool> stopping_ = false;
    std::atomic<int> posted_ = 0;
    std::map<int, int> answers_;
    std::thread thread_;
};

using CallFlood = AlertTest;

TEST_F(CallFlood, StrangersAreRefusedCheaplyAndTheCallThatRingsIsTakenOn) {
    twilio().script("", {{.digits = {"1"}, .hold = "in-progress"}});
    auto& host = scene().run();
    host.send(raised().mail());
    const auto talking = call_in("in-progress", ann);
    ASSERT_TRUE(talking);
    const auto contact = host.value("SELECT CAST(id AS TEXT) FROM contact");
    constexpr int each = 300;
    Flood one(host, contact);
    Flood other(host, contact);
    const auto many = [&] { return one.posted() >= each && other.posted() >= each; };
    EXPECT_TRUE(rig::wait_until(many, std::chrono::seconds(60)));
    EXPECT_EQ(host.state_of(1), "open");
    twilio().release(talking->sid);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    for (auto* flood : {&one, &other})
        for (const auto& [status, count] : flood->stop())
            EXPECT_TRUE(status == 404 || status == 429 || status == 400) << status << ": " << count;
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(host.value("SELECT count(*) FROM incident_line WHERE CAST(event AS TEXT) = 'acknowledged'"),
              "1");
    // At most ten lines a second.
    const auto log = host.web().log();
    int told = 0;
    for (auto at = log.find("call-refused"); at != std::string::npos; at = log.find("call-refused", at + 1))
        ++told;
    EXPECT_GE(told, 1);
    EXPECT_LT(told, one.posted() + other.posted());
}

}  // namespace
}  // namespace mailrota::e2e
