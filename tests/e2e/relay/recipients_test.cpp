#include "tests/e2e/relay/scene.h"

// What a provider says of single recipients.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class RelayRecipients : public RelayTest {
  protected:
    std::uint64_t calls(std::string_view kind) const { return fakes().calls(kind).sending; }
    std::string breakers() {
        return scene_now().sql("SELECT group_concat(scope) FROM breaker WHERE state > 0");
    }
};

TEST_F(RelayRecipients, ES2_AnUnknownAddressIsRefusedInTheProvidersWords) {
    fakes().set("mailgun", {.bad = {{"gone@example.net"}}});
    auto& host = scene({.providers = {"mailgun", "sendgrid"}});
    EXPECT_THAT(host.send_one(fresh_mail(), "gone@example.net"),
                AllOf(StartsWith("550 5.1."), HasSubstr("mailgun: "), HasSubstr("not a valid address")));
    EXPECT_THAT(fakes().mails(), IsEmpty());
    EXPECT_EQ(breakers(), "");
}

TEST_F(RelayRecipients, Case08_ABadAddressConcernsNobodyElse) {
    for (const auto& kind : http_kinds()) {
        if (kind == "ses") continue;  // takes any, and tells of it by an event
        auto& host = scene({.providers = {kind, "ses"}});
        fakes().set(kind, {.bad = {{"gone@example.net"}}});
        auto mail = fresh_mail();
        mail.replace(mail.find("Bob <bob@"), 9, "Gone <gone@");
        const auto replies = host.send(mail, {"bob@example.net", "gone@example.net", "eve@example.net"});
        EXPECT_THAT(replies[0], StartsWith("250")) << kind;
        EXPECT_THAT(replies[1], StartsWith("550 5.1.")) << kind;
        EXPECT_THAT(replies[2], StartsWith("250")) << kind;
        EXPECT_THAT(fakes().mailbox("bob@example.net"), SizeIs(1)) << kind;
        EXPECT_THAT(fakes().mailbox("eve@example.net"), SizeIs(1)) << kind;
        EXPECT_THAT(fakes().mailbox("gone@example.net"), IsEmpty()) << kind;
        EXPECT_EQ(breakers(), "") << kind;
        EXPECT_EQ(calls("ses"), 0) << kind;
        fakes().clear();
    }
}

TEST_F(RelayRecipients, Case10_MandrillTellsOfEachRecipientByItself) {
    fakes().set("mandrill", {.bad = {{"gone@example.net"}}, .suppressed = {{"left@example.net"}}});
    auto& host = scene({.providers = {"mandrill", "mailgun"}});
    const auto replies = host.send(fresh_mail(), {"bob@example.net", "gone@example.net", "left@example.net"});
    EXPECT_THAT(replies, ElementsAre(StartsWith("250 2.0.0 accepted by mandrill"), StartsWith("550 5."),
                                     StartsWith("550 5.")));
    EXPECT_THAT(recipients_of(fakes().mails()), ElementsAre("bob@example.net"));
    EXPECT_EQ(breakers(), "");
}

TEST_F(RelayRecipients, Case11_WhomOneProviderSuppressesNoOtherIsAskedToSendTo) {
    for (const auto* kind : {"postmark", "mandrill"}) {
        fakes().set(kind, {.suppressed = {{"left@example.net"}}});
        auto& host = scene({.providers = {kind, "mailgun"}});
        EXPECT_THAT(host.send_one(fresh_mail(), "left@example.net"), StartsWith("550 5.")) << kind;
    }
    EXPECT_EQ(calls("mailgun"), 0);
    EXPECT_THAT(fakes().mails(), IsEmpty());
}

}  // namespace
}  // namespace mailrota::e2e
