#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// Hours in which only what is critical rings.
namespace mailrota::e2e {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Minute = std::chrono::sys_time<std::chrono::minutes>;

class QuietHours : public AlertTest {
  protected:
    static Minute in(hours time) {
        return std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now()) + time;
    }
    static std::string text(const char* format, Minute minute) {
        const auto time = std::chrono::system_clock::to_time_t(minute);
        std::tm parts{};
        ::gmtime_r(&time, &parts);
        std::string buffer(32, '\0');
        buffer.resize(std::strftime(buffer.data(), buffer.size(), format, &parts));
        return buffer;
    }
    static SceneOptions quiet(Minute begin, Minute end) {
        const auto span = text("%H:%M", begin) + "-" + text("%H:%M", end);
        return {.alerts =
                    alert_text("emergency", step("ann")) +
                    alert_text("trifle", step("ben"), "severity = \"warning\"\nquiet = \"" + span + "\"")};
    }
    /// The only job that waits.
    static boost::json::object waiting(const Scene& host) {
        const auto jobs = boost::json::parse(host.console({"job", "list", "--json"}));
        EXPECT_EQ(jobs.as_array().size(), 1);
        return jobs.as_array().empty() ? boost::json::object() : jobs.as_array().front().as_object();
    }
};

TEST_F(QuietHours, AWarningWaitsForTheirEndAndACriticalAlertDoesNot) {
    const auto end = in(hours(3));
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene(quiet(in(hours(-1)), end)).run();
    host.send(raised("1001").mail(), "trifle");
    host.send(raised("1002").mail(), "emergency");
    ASSERT_TRUE(host.wait_for_state(2, "acknowledged"));
    const auto due =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(end.time_since_epoch()).count());
    ASSERT_TRUE(
        rig::wait_until([&] { return host.value("SELECT due FROM incident WHERE number = 1") == due; }));
    // The job of the acknowledged one's call is gone when the call is.
    ASSERT_TRUE(rig::wait_until(
        [&] { return host.value("SELECT count(*) FROM job WHERE ready IS NOT NULL AND due <> 0") == "1"; }));
    const auto job = waiting(host);
    EXPECT_THAT(std::string(job.at("due").as_string()), StartsWith(text("%Y-%m-%dT%H:%M:", end)));
    EXPECT_THAT(host.console({"incident", "show", "1"}), HasSubstr("quiet hours"));
    EXPECT_EQ(host.state_of(1), "open");
    EXPECT_THAT(called(), ElementsAre(ann));
}

TEST_F(QuietHours, TheCallGoesOutWhenTheyAreOver) {
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene(quiet(in(hours(-1)), in(hours(3)))).run();
    host.send(raised("1001").mail(), "trifle");
    ASSERT_TRUE(rig::wait_until([&] { return host.story().find("quiet hours") != std::string::npos; },
                                std::chrono::seconds(40)));
    // As if the time had come: they were yesterday's.
    host.reconfigure(quiet(in(hours(-3)), in(hours(-1))));
    const auto id = std::to_string(waiting(host).at("id").to_number<int>());
    host.console({"job", "retry", id});
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ben));
}

}  // namespace
}  // namespace mailrota::e2e
