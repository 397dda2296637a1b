#include <algorithm>

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"

// Mails that mean harm: what they put into calls, and what they cost.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::size_t longest_sms = 1'600;  // characters, as the account has it
constexpr std::size_t longest_document = 64 * 1024;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

/// What turns the direction of text, and what steers terminals; lines may end.
void expect_clean(const std::string& text) {
    for (const auto* mark : {"\u202e", "\u2066", "\u200f", "\u0085", "\x1b", "\x7f", "\x01"})
        EXPECT_THAT(text, Not(HasSubstr(mark)));
}

class HostileText : public AlertTest {
  protected:
    /// A hundred kilobytes of a name.
    static std::string endless_name() {
        std::string name = "Jim\x01";
        while (name.size() < 100'000) name += " \u202eRo\u2066e\u200f\u0085\x1b[2J\x7f";
        return name;
    }
    static TicketMail raised_by(const std::string& who) {
        auto mail = raised("8001", who);
        mail.encoding = "quoted-printable";
        return mail;
    }
};

TEST_F(HostileText, ANameOfAHundredKilobytesIsSpokenAndWrittenCutAndClean) {
    twilio().script(ann, {{.end = "answered"}});  // and no key: an SMS is the next way
    auto& host = scene({.alerts = alert_text("emergency", step("both")),
                        .more = "[rota.both]\nmembers = [{ phone = \"" + std::string(ann) +
                                "\", contact = [\"call\", \"sms\"] }]\n"})
                     .run();
    host.send(raised_by(endless_name()).mail());
    const auto written = twilio().wait_for_messages(1, std::chrono::seconds(40));
    ASSERT_THAT(written, SizeIs(1));
    EXPECT_THAT(written.front().body, StartsWith("Emergency 8001 (storage) by Jim"));
    EXPECT_LE(characters(written.front().body), longest_sms);
    expect_clean(written.front().body);
    const auto calls = twilio().wait_for_ended_calls();
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_THAT(calls.front().words(), HasSubstr("raised by Jim"));
    EXPECT_LE(calls.front().words().size(), longest_document);
    EXPECT_THAT(calls.front().events,
                Each(testing::Field(&rig::FakeCallEvent::answer, SizeIs(Le(longest_document)))));
    expect_clean(calls.front().words());
    const auto shown = host.console({"incident", "show", "1"});
    EXPECT_LE(shown.size(), longest_document);
    expect_clean(shown);
    twilio().say_sms(ann, our_number, "1");
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
}

TEST_F(HostileText, APatternThatBacktracksForEverEndsAsOnLimitSays) {
    std::string alerts;
    for (const auto& [name, rota, on_limit] :
         {std::tuple{"emergency", "ann", ""}, {"yes", "ben", "match"}, {"no", "cem", "no-match"}}) {
        const std::string given(on_limit);
        alerts += "[alert." + std::string(name) +
                  "]\nsay = \"Somebody wrote.\"\nkey = \"one\"\nescalate = [" + step(rota) +
                  "]\n[[rule]]\nwhen.rcpt = \"" + name + "@example.com\"\nwhen.body = '/^(x+x+)+y$/m'\n" +
                  (given.empty() ? "" : "on_limit = \"" + given + "\"\n") + "then = [{ alert = \"" + name +
                  "\" }]\n";
    }
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene({.alerts = alerts}).run();
    TicketMail mail;
    mail.text = std::string(60, 'x') + "!\ny\n";
    for (const auto* alert : {"no", "emergency", "yes"}) host.send(mail.mail(), alert);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), testing::UnorderedElementsAre(ann, ben));
    EXPECT_THAT(host.delivered(), SizeIs(3));
}

}  // namespace
}  // namespace mailrota::e2e
