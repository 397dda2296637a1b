#include <array>
#include <boost/json.hpp>
#include <map>
#include <sstream>

#include "tests/e2e/relay/scene.h"
#include "tests/rig/wait.h"

// What providers tell afterwards, from their webhook to the sender, the list and the story of the mail.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

namespace json = boost::json;

class RelayEvents : public RelayTest {
  protected:
    /// The mail as a provider took it.
    rig::FakeMail taken(const std::string& mail, const std::string& recipient = "bob@example.net",
                        const std::string& sender = "ann@example.com") {
        fakes().clear();
        EXPECT_THAT(scene_now().send_one(mail, recipient, sender), StartsWith("250"));
        const auto mails = fakes().mailbox(recipient);
        EXPECT_THAT(mails, SizeIs(1));
        return mails.at(0);
    }

    /// Tells events of one mail; the statuses of the answers.
    std::vector<int> tell(const rig::FakeMail& mail, const std::vector<std::string>& types) {
        rig::FakeEvents order;
        order.provider = mail.provider;
        for (const auto& type : types)
            order.events.push_back({.type = type, .our_id = mail.our_id, .recipient = mail.recipient});
        return tell(order);
    }
    std::vector<int> tell(rig::FakeEvents order) {
        if (order.url.empty()) order.url = scene_now().hook(order.provider);
        if (order.provider == "mandrill") order.signed_url = "https://relay.example.com/hook/mandrill";
        std::vector<int> statuses;
        for (const auto& post : fakes().emit(order)) statuses.push_back(post.status);
        return statuses;
    }
    std::string stored() { return scene_now().sql("SELECT count(*) FROM event"); }
    std::string story(const std::string& mail) {
        return scene_now().ask({"message", "show", message_id_of(mail)});
    }
};

TEST_F(RelayEvents, Case17_ABounceAfterAcceptanceIsToldToTheSender) {
    auto& host = scene({.providers = http_kinds(), .more = rota_of_each(http_kinds())});
    std::map<std::string, std::string> sent;
    for (const auto& kind : http_kinds()) {
        sent[kind] = fresh_mail("Bounces at " + kind);
        const auto mail =
            taken(sent[kind], "gone@" + kind + ".example.net", "<ann@example.com> ENVID=e-17 RET=HDRS");
        EXPECT_THAT(tell(mail, {"bounced"}), testing::Each(200)) << kind << host.logs();
    }
    host.worker();
    std::string notices;
    for (const auto& notice : host.notices(http_kinds().size())) {
        notices += notice.content;
        EXPECT_THAT(notice.sender, StartsWith("<>"));
        EXPECT_THAT(notice.recipients, testing::ElementsAre(StartsWith("<ann@example.com>")));
        EXPECT_THAT(notice.content, AllOf(HasSubstr("multipart/report"),
                                          HasSubstr("Final-Recipient: rfc822;"), HasSubstr("Action: failed"),
                                          HasSubstr("Status: 5."), HasSubstr("Original-Envelope-Id: e-17")));
    }
    for (const auto& kind : http_kinds()) {
        const std::string gone = "gone@" + kind + ".example.net";
        EXPECT_THAT(notices, AllOf(HasSubstr(gone), HasSubstr("Subject: Bounces at " + kind))) << host.logs();
        fakes().clear();
        EXPECT_THAT(host.send_one(fresh_mail(), gone), StartsWith("550 5.7.1 "));
        EXPECT_EQ(fakes().calls(kind).sending, 0) << kind;
        EXPECT_THAT(host.ask({"suppression", "list"}), HasSubstr(gone));
        EXPECT_THAT(story(sent[kind]), AllOf(HasSubstr("bounced"), HasSubstr(kind), HasSubstr("suppressed")));
    }
}

TEST_F(RelayEvents, Case17_NobodyIsToldOfWhatHasNoSenderOrWantsNoNotice) {
    auto& host = scene({.providers = {"sendgrid"}});
    host.worker();
    const auto mail = fresh_mail();
    fakes().clear();
    EXPECT_THAT(host.send(mail, {"<gone@example.net> NOTIFY=NEVER", "<late@example.net> NOTIFY=FAILURE"}),
                testing::Each(StartsWith("250")));
    const auto sent = fakes().mailbox("gone@example.net").at(0);
    tell(sent, {"bounced", "bounced"});
    tell({.provider = "sendgrid",
          .events = {{.type = "bounced", .our_id = sent.our_id, .recipient = "late@example.net"}}});
    EXPECT_TRUE(host.settled());
    const auto notices = host.notices();
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_THAT(notices[0].content, AllOf(HasSubstr("late@example.net"), Not(HasSubstr("gone@example.net"))));
}

TEST_F(RelayEvents, Case15_OnlyWhatIsSignedRightlyIsStored) {
    scene({.providers = http_kinds()});
    for (const auto& kind : http_kinds()) {
        const std::vector<rig::FakeEvent> one = {{.type = "delivered", .recipient = "bob@example.net"}};
        const bool has_signature = kind != "postmark" && kind != "sparkpost";
        const auto refused = testing::Each(AnyOf(400, 401, 403));
        EXPECT_THAT(tell({.provider = kind, .events = one, .unsigned_post = true}), refused) << kind;
        EXPECT_THAT(tell({.provider = kind, .events = one, .wrong_key = true}), refused) << kind;
        if (has_signature && kind != "mailgun") {  // which signs no body
            EXPECT_THAT(tell({.provider = kind, .events = one, .alter = true}), refused) << kind;
        }
        if (kind == "resend" || kind == "mailgun") {
            EXPECT_THAT(tell({.provider = kind, .events = one, .signed_at = 1'600'000'000}), refused) << kind;
        }
        EXPECT_EQ(stored(), "0") << kind;
        EXPECT_EQ(scene_now().hook_client().request("HEAD", "/hook/" + kind).status, 200) << kind;
        EXPECT_THAT(tell({.provider = kind, .events = one}), testing::ElementsAre(200))
            << kind << scene_now().logs();
        EXPECT_EQ(stored(), "1") << kind;
        scene_now().sql("DELETE FROM event");
    }
    EXPECT_THAT(tell({.provider = "mandrill"}), testing::ElementsAre(200));
    EXPECT_THAT(tell({.provider = "sparkpost"}), testing::ElementsAre(200));
    EXPECT_EQ(stored(), "0");
    EXPECT_EQ(scene_now().hook_client().post("/hook/nobody", "{}").status, 404);
}

TEST_F(RelayEvents, Case15_TwoKeysFitWhileOneIsChanged) {
    auto& host =
        scene({.providers = {"mailgun"},
               .more = "[provider.old]\nkind = \"mailgun\"\ndomain = \"example.com\"\napi_key = { file = "
                       "\"{keys}/mailgun.key\" }\n[provider.old.webhook]\nsecrets = [{ file = "
                       "\"{keys}/mailgun.key\" }, { file = \"{keys}/mailgun.webhook_key\" }]\n"});
    EXPECT_THAT(tell({.provider = "mailgun",
                      .events = {{.type = "delivered", .recipient = "bob@example.net"}},
                      .url = host.hook("old")}),
                testing::ElementsAre(200));
    EXPECT_EQ(stored(), "1");
}

TEST_F(RelayEvents, Case15_ARepeatedTokenTellsNothingNew) {
    scene({.providers = {"mailgun"}});
    const std::vector<rig::FakeEvent> one = {{.type = "delivered", .recipient = "bob@example.net"}};
    const auto posts =
        fakes().emit({.provider = "mailgun", .events = one, .url = scene_now().hook("mailgun")});
    ASSERT_THAT(posts, SizeIs(1));
    auto body = posts[0].body;
    for (auto at = body.find("bob@"); at != std::string::npos; at = body.find("bob@"))
        body.replace(at, 3, "eve");
    const auto again = scene_now().hook_client().request("POST", "/hook/mailgun", body,
                                                         {{"Content-Type", "application/json"}});
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(stored(), "1");
}

TEST_F(RelayEvents, Case16_OneBadEventDoesNotRefuseItsBatchAndNoEventCountsTwice) {
    scene({.providers = {"sendgrid"}});
    const rig::FakeEvent good{
        .type = "delivered", .recipient = "bob@example.net", .event_id = "the-good-one"};
    const std::vector<rig::FakeEvent> batch = {{.type = "teleported", .recipient = "bob@example.net"},
                                               {.native = R"("no object")"},
                                               {.native = R"({"event":17,"email":[],"timestamp":"never"})"},
                                               good};
    EXPECT_THAT(tell({.provider = "sendgrid", .events = batch}), testing::ElementsAre(200));
    const auto events = scene_now().ask({"event", "list"});
    EXPECT_THAT(events, AllOf(HasSubstr("delivered"), HasSubstr("unknown"))) << events;
    EXPECT_EQ(scene_now().sql("SELECT count(*) FROM event WHERE CAST(type AS TEXT) = 'delivered'"), "1");
    tell({.provider = "sendgrid", .events = std::vector<rig::FakeEvent>(45, good)});
    tell({.provider = "sendgrid", .events = {good}, .times = 3});
    EXPECT_EQ(scene_now().sql("SELECT count(*) FROM event WHERE CAST(type AS TEXT) = 'delivered'"), "1");
}

TEST_F(RelayEvents, Case16_EventsOutOfOrderEndInTheSameStanding) {
    auto& host = scene({.providers = {"sendgrid"}});
    host.worker();
    std::map<std::string, std::string> wanted;
    for (const auto& [first, then, standing] : {std::array{"delivered", "bounced", "bounced"},
                                                {"bounced", "delivered", "bounced"},
                                                {"delivered", "deferred", "delivered"},
                                                {"deferred", "delivered", "delivered"}}) {
        const auto sent = taken(fresh_mail(), std::string(first) + "-" + then + "@example.net");
        tell(sent, {first});
        tell(sent, {then});
        wanted[sent.recipient] = standing;
    }
    EXPECT_TRUE(host.settled());
    for (const auto& [recipient, standing] : wanted)
        EXPECT_EQ(
            host.sql("SELECT CAST(standing AS TEXT) FROM relay_recipient WHERE CAST(address AS TEXT) = '" +
                     recipient + "'"),
            standing)
            << recipient;
}

TEST_F(RelayEvents, Case11_AComplaintHeardFromOneProviderHoldsForAll) {
    auto& host = scene({.providers = {"sendgrid", "mailgun"}});
    host.worker();
    const auto sent = taken(fresh_mail(), "angry@example.net");
    tell(sent, {"complained"});
    EXPECT_TRUE(host.settled());
    fakes().fail({.fault = "wrong_key", .provider = "sendgrid"});
    EXPECT_THAT(host.send_one(fresh_mail(), "Angry@example.net"),
                AllOf(StartsWith("550 5.7.1 "), HasSubstr("complained by sendgrid")));
    EXPECT_EQ(fakes().calls("mailgun").sending, 0);
    host.ask({"suppression", "remove", "angry@example.net"});
    EXPECT_THAT(host.send_one(fresh_mail(), "angry@example.net"),
                StartsWith("250 2.0.0 accepted by mailgun"));
}

TEST_F(RelayEvents, ES5_EveryEventOfEveryProviderHasItsPlace) {
    scene({.providers = http_kinds()});
    for (const auto& kind : http_kinds()) {
        for (const auto* type : {"queued", "sent", "delivered", "deferred", "bounced", "soft_bounced",
                                 "rejected", "complained", "opened", "clicked", "unsubscribed", "failed"})
            EXPECT_THAT(tell({.provider = kind, .events = {{.type = type, .recipient = "bob@example.net"}}}),
                        testing::Each(200))
                << kind << " " << type;
        EXPECT_GE(std::stoi(scene_now().sql(
                      "SELECT count(DISTINCT type) FROM event WHERE CAST(provider AS TEXT) = '" + kind +
                      "' AND CAST(type AS TEXT) <> 'unknown'")),
                  7)
            << scene_now().ask({"event", "list"});
    }
}

TEST_F(RelayEvents, ES8_AClickIsHandedOnWithWhoAndWhere) {
    auto& host = scene({.providers = {"sendgrid", "mailgun"},
                        .more = "[events]\ncommand = \"cat >> {keys}/events.jsonl\"\n"});
    host.worker();
    const auto sent = taken(fresh_mail());
    tell(sent, {"delivered", "clicked"});
    const auto file = host.folder() / "events.jsonl";
    ASSERT_TRUE(rig::wait_until(
        [&] {
            return std::filesystem::exists(file) && rig::read_file(file).find("clicked") != std::string::npos;
        },
        seconds(30)))
        << host.logs();
    json::object click;
    std::string line;
    for (std::istringstream lines(rig::read_file(file)); std::getline(lines, line);)
        if (line.find("clicked") != std::string::npos) click = json::parse(line).as_object();
    EXPECT_EQ(click.at("recipient"), "bob@example.net");
    EXPECT_EQ(click.at("provider"), "sendgrid");
    EXPECT_THAT(std::string(click.at("click_url").as_string()), StartsWith("http"));
}

}  // namespace
}  // namespace mailrota::e2e
