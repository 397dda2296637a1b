#include <map>

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// What is spoken, whatever the mail looks like.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto html =
    "<html><body><p>Issue #5001 has been updated by Jim Roe.</p><ul><li><strong>Priority</strong> changed "
    "from <i>Medium</i> to <i>Emergency (Critical)</i></li></ul></body></html>\n";

class AlertText : public AlertTest {
  protected:
    /// All are taken on by Ann; what was said of each ticket.
    std::map<std::string, std::string> words_of(const std::vector<TicketMail>& mails,
                                                const SceneOptions& options = {}) {
        twilio().script("", {{.digits = {"1"}}});
        auto& host = scene(options).run();
        for (const auto& mail : mails) host.send(mail.mail());
        EXPECT_TRUE(host.at_rest());
        EXPECT_EQ(host.value("SELECT count(*) FROM incident WHERE state = 1"), std::to_string(mails.size()));
        const auto calls = twilio().wait_for_ended_calls(mails.size());
        EXPECT_THAT(calls, SizeIs(mails.size()));
        std::map<std::string, std::string> words;
        for (const auto& mail : mails)
            for (const auto& call : calls)
                if (call.words().find("ticket " + digits_of(mail.ticket) + ",") != std::string::npos)
                    words[mail.ticket] += call.words();
        return words;
    }
    static std::string digits_of(const std::string& ticket) {
        std::string apart;
        for (const char digit : ticket) apart += (apart.empty() ? "" : " ") + std::string(1, digit);
        return apart;
    }
    static SceneOptions many() { return {.of_calls = "limit = { calls = 1000, within = \"1h\" }"}; }
};

TEST_F(AlertText, TW1_TW2_TW3_TW6_TW7_TW9_EachFormOfTheMailIsReadOutAsItIs) {
    const std::vector<TicketMail> mails = {
        raised("4101", "Jim Roe"),     raised("4102", "Jim Roe", "* "),
        new_ticket("4103", "Kim Loe"), raised("4106", "Jim Roe", "", "Very High"),
        raised("4107", "Prince"),      raised("4108", "Maria del Carmen Ruiz"),
    };
    const auto words = words_of(mails, many());
    EXPECT_THAT(words.at("4101"), HasSubstr("raised by Jim Roe"));
    EXPECT_THAT(words.at("4102"), HasSubstr("raised by Jim Roe"));
    EXPECT_THAT(words.at("4103"), HasSubstr("raised by Kim Loe"));
    EXPECT_THAT(words.at("4106"), HasSubstr("raised by Jim Roe"));
    EXPECT_THAT(words.at("4107"), HasSubstr("raised by Prince."));
    EXPECT_THAT(words.at("4108"), HasSubstr("raised by Maria del Carmen Ruiz"));
}

TEST_F(AlertText, TW5_EncodedAndHtmlMailCallsLikePlainMail) {
    auto base64 = raised("5002");
    base64.encoding = "base64";
    auto printable = raised("5003");
    printable.encoding = "quoted-printable";
    TicketMail page;
    page.ticket = "5001";
    page.type = "text/html; charset=utf-8";
    page.text = html;
    auto both = raised("5004");
    both.type = "multipart/alternative; boundary=b";
    both.text = "--b\nContent-Type: text/plain\n\n" + both.text +
                "\n--b\nContent-Type: text/html\n\n<p>See the text.</p>\n--b--\n";
    const auto words = words_of({base64, printable, page, both}, many());
    for (const auto* ticket : {"5001", "5002", "5003", "5004"})
        EXPECT_THAT(words.at(ticket), HasSubstr("raised by Jim Roe")) << ticket;
}

TEST_F(AlertText, TW8_MarkupInNamesIsSpokenAndBreaksNothing) {
    auto hostile = raised("8001", "Kim <b> & \"Lee\" O'Loe]]>");
    hostile.project = "R&D <storage>";
    auto controls = raised("8002", "J\u202eim\x01 Roe");
    const auto words = words_of({hostile, controls}, many());
    EXPECT_THAT(words.at("8001"), AllOf(HasSubstr("R&D <storage>"), HasSubstr("Kim <b> & \"Lee\" O'Loe]]>")));
    EXPECT_THAT(words.at("8002"), HasSubstr("im"));
    EXPECT_THAT(words.at("8002"), Not(HasSubstr("\u202e")));
}

TEST_F(AlertText, Case5_ATextThatIsTooLongIsServedWholeOrCutAtAWord) {
    std::string name = "Jim";
    for (int i = 0; i < 900; ++i) name += " Roe" + std::to_string(i % 100);
    const auto words = words_of({raised("8003", name)}, many());
    EXPECT_THAT(words.at("8003"), HasSubstr("raised by Jim Roe0 Roe1"));
    EXPECT_FALSE(twilio().calls().front().parameter("Url").empty());
}

TEST_F(AlertText, TW10_Case6_TwoAlertsAtOnceSpeakTheirOwnTexts) {
    const auto words = words_of({raised("8101", "Jim Roe"), raised("8102", "Kim Loe")}, many());
    EXPECT_THAT(words.at("8101"), AllOf(HasSubstr("Jim Roe"), Not(HasSubstr("Kim Loe"))));
    EXPECT_THAT(words.at("8102"), AllOf(HasSubstr("Kim Loe"), Not(HasSubstr("Jim Roe"))));
}

TEST_F(AlertText, TW17_ALineFromAFileClosesTheText) {
    const rig::TemporaryFolder folder;
    rig::write_file(folder / "luck", "# of our own\nMay the tapes be with you.\n");
    auto options = many();
    options.alerts =
        alert_text("emergency", step("ann"), "luck = { file = \"" + (folder / "luck").string() + "\" }");
    EXPECT_THAT(words_of({raised("8201")}, options).at("8201"), HasSubstr("May the tapes be with you."));
}

TEST_F(AlertText, TW18_HeadersAreConditionsAndKeys) {
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene().run();
    auto elsewhere = raised("8301").mail();
    elsewhere.replace(elsewhere.find("X-Redmine-Issue-Id"), 9, "X-Another");
    host.send(elsewhere);
    EXPECT_EQ(host.incidents(), 0);
    host.send(raised("8302").mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_EQ(host.value("SELECT CAST(key AS TEXT) FROM incident"), "8302");
    EXPECT_TRUE(host.at_rest());
}

}  // namespace
}  // namespace mailrota::e2e
