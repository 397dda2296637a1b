#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <thread>
#include <utility>

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// mailrota-lmtp, -worker and -web are killed at random while people are called and take incidents on.
// MAILROTA_KILLS=n: so many kills during 300 incidents.
namespace mailrota::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Size {
    int kills = 6;
    int incidents = 20;
};
Size wanted() {
    const char* kills = std::getenv("MAILROTA_KILLS");
    return kills == nullptr ? Size{} : Size{std::atoi(kills), 300};
}

/// Offers one mail after the other, each until it is taken, as a queue does.
class Offering {
  public:
    Offering(const Scene& host, int mails) : thread_([this, &host, mails] { run(host, mails); }) {}
    ~Offering() { thread_.join(); }
    Offering(const Offering&) = delete;
    bool done() const { return done_; }

  private:
    void run(const Scene& host, int mails) {
        constexpr int first_ticket = 10'000;
        for (int i = 0; i < mails; ++i) {
            const auto mail = raised(std::to_string(first_ticket + i)).mail();
            while (!offer(host, mail)) std::this_thread::sleep_for(milliseconds(100));
            std::this_thread::sleep_for(milliseconds(200));
        }
        done_ = true;
    }
    static bool offer(const Scene& host, const std::string& mail) {
        try {
            host.send(mail);
            return true;
        } catch (const std::exception&) {  // nobody is there, or not any more
            return false;
        }
    }

    std::atomic<bool> done_ = false;
    std::thread thread_;
};

class AlertKills : public AlertTest {
  protected:
    /// Half of the calls reach nobody; who is reached takes it on.
    void play(unsigned seed, int incidents) {
        std::minstd_rand random(seed);
        for (const auto* number : {ann, ben, cem}) {
            std::vector<rig::FakeCallScript> calls;
            for (int i = 0; i < incidents; ++i) {
                const auto chance = random() % 8;
                if (chance == 0)
                    calls.push_back({.answered_by = "machine_start"});
                else if (chance < 4)
                    calls.push_back({.end = chance == 1 ? "busy" : "no-answer"});
                else
                    calls.push_back({.digits = {"1"}});
            }
            calls.push_back({.digits = {"1"}});
            twilio().script(number, calls);
        }
        rig::FakePhoneAccount slow;
        slow.speed = 60;
        slow.latency = milliseconds(20);
        twilio().set(slow);
        fakes().fail(
            {.fault = "reset", .provider = "twilio", .after = true, .probability = 0.03, .seed = seed});
        fakes().fail({.fault = "rate_limited", .provider = "twilio", .probability = 0.02, .seed = seed + 1});
    }

    /// Each program once, then the worker mostly; at least so many times, and in a long run to the end of the
    /// offering. How often each died.
    static std::map<std::string, int> kill_at_random(Scene& host, const Offering& offering, int least,
                                                     unsigned seed) {
        constexpr int short_run = 10;
        const std::vector<std::pair<std::string, rig::MailrotaProgram*>> victims = {
            {"lmtp", &host.lmtp()}, {"web", &host.web()}, {"worker", &host.worker()}};
        std::minstd_rand random(seed);
        std::map<std::string, int> kills;
        for (std::size_t kill = 0; static_cast<int>(kill) < least || (least > short_run && !offering.done());
             ++kill) {
            std::this_thread::sleep_for(milliseconds(random() % 800));
            const auto& [name, victim] = victims[kill < 3 ? kill : std::min<std::size_t>(random() % 4, 2)];
            victim->kill9();
            victim->start();
            ++kills[name];
        }
        return kills;
    }

    /// How many calls were made for each contact.
    static std::map<std::string, int> calls_of_contacts() {
        std::map<std::string, int> calls;
        for (const auto& call : twilio().calls()) {
            const auto url = call.parameter("StatusCallback");
            const auto begin = std::string(public_url).size() + 1;
            ++calls[url.substr(begin, url.find('/', begin) - begin)];
        }
        return calls;
    }
};

TEST_F(AlertKills, NoIncidentIsLostAndNoCallIsMadeTwiceUnlessItsAnswerWasLost) {
    expect_notices();  // of pages that nobody served for a moment
    const Size size = wanted();
    const unsigned seed = std::random_device{}();
    std::cout << "seed " << seed << std::endl;
    play(seed, size.incidents);
    auto& host = scene({.alerts = alert_text(
                            "emergency", step("ann", 4, "4s") + step("ben", 4, "4s") + step("cem", 4, "4s"),
                            "rounds = 20"),
                        .of_calls = "limit = { calls = 10000, within = \"1h\" }"})
                     .run();
    const Offering offering(host, size.incidents);
    const auto kills = kill_at_random(host, offering, size.kills, seed);
    ASSERT_TRUE(rig::wait_until([&] { return offering.done(); }, seconds(120)));
    const auto acknowledged = [&] {
        return host.value("SELECT count(*) FROM incident WHERE state = 1") == std::to_string(size.incidents);
    };
    EXPECT_TRUE(rig::wait_until(acknowledged, seconds(300)));
    EXPECT_TRUE(host.at_rest(seconds(120)));
    EXPECT_EQ(host.incidents(), size.incidents);
    EXPECT_TRUE(host.sql("SELECT incident FROM contact GROUP BY incident, escalation, attempt, way, member "
                         "HAVING count(*) > 1")
                    .empty());
    int twice = 0;
    for (const auto& [id, calls] : calls_of_contacts()) {
        const auto tries = host.value("SELECT tries FROM contact WHERE id = CAST('" + id + "' AS BLOB)");
        EXPECT_LE(calls, tries.empty() ? 0 : std::stoi(tries)) << "contact " << id;
        twice += calls > 1 ? 1 : 0;
    }
    std::cout << size.incidents << " incidents, kills " << testing::PrintToString(kills) << ", "
              << twilio().calls().size() << " calls, twice where the answer was lost " << twice
              << ", asked again " << host.value("SELECT count(*) FROM contact WHERE tries > 1") << std::endl;
}

}  // namespace
}  // namespace mailrota::e2e
