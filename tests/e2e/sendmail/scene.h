#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/mailrota_milter.h"
#include "tests/rig/message_text.h"
#include "tests/rig/sendmail.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::rig {

/// A rota or a rule for each case, so that the cases can share one server.
inline constexpr std::string_view policy_of_all_cases = R"(
[listener.inbound]
socket = "{socket}"
[store]
url  = "sqlite:{folder}/state.db"
busy = "30s"
[control]
socket = "{folder}/milter.ctl"

[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
[rota.again]
addresses = ["again@example.com"]
members   = ["gil@example.com", "hal@example.com"]
[rota.session]
addresses = ["session@example.com"]
members   = ["ida@example.com", "jim@example.com"]
[rota.forms]
addresses = ["forms@example.com"]
members   = ["kim@example.com"]
[rota.beside]
addresses = ["beside@example.com"]
members   = ["lea@example.com"]
[rota.club]                                      # in the MTA an alias of dave and eve
addresses = ["club@example.com"]
members   = ["max@example.com"]
[rota.sales]                                     # the member is an alias in the MTA
addresses = ["sales@example.com"]
members   = ["desk@example.com"]
[rota.first]
addresses = ["first@example.com"]
members   = ["nan@example.com"]
[rota.second]
addresses = ["nan@example.com"]
members   = ["oli@example.com"]
[rota.self]
addresses = ["self@example.com"]
members   = ["self@example.com"]
[rota.null]
addresses = ["null@example.com"]
members   = ["pat@example.com"]
[rota.local]
addresses = ["local@example.com"]
members   = ["quin@example.com"]
[rota.dsn]
addresses = ["dsn@example.com"]
members   = ["rae@example.com"]
[rota.away]
addresses = ["away@example.com"]
member    = [{ address = "sam@example.com", paused = true }]
[rota.slow]
addresses = ["slow@example.com"]
members   = ["tom@example.com"]
[rota.crash]
addresses = ["crash@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]

[[rule]]
when.rcpt = "drop@example.com"
then = [{ discard = true }]
[[rule]]
when.rcpt = "gone@example.com"
then = [{ reject = "Nobody of that name" }]
[[rule]]
when.subject = "sale"
then = [{ reject = "100% off is %s.\nAsk {sender}." }]
[[rule]]
when.subject = "suspicious"
then = [{ quarantine = "looks odd" }]
[[rule]]
when.subject = "copied"
then = [{ add_header = { name = "X-Copy", value = "{header.X-In}" } }]
)";

/// A Sendmail with mailrota-milter as its filter.
class Scene {
  public:
    /// `flags` as in Sendmail's INPUT_MAIL_FILTER: "F=T", or empty.
    explicit Scene(const std::string& flags = "F=T")
        : milter(std::string(policy_of_all_cases)), sendmail(options(milter, flags)) {}

    MailrotaMilter milter;
    Sendmail sendmail;

    /// Sends one mail on a connection of its own.
    SmtpTransaction send(const std::vector<std::string>& recipients,
                         const MessageText& mail = MessageText::fresh(),
                         std::string_view sender = "sender@example.com") const {
        return SmtpClient::to_port(sendmail.port()).send_mail(sender, recipients, mail.text());
    }

    /// Those of these mailboxes that the mail is in, once for each copy, when nothing of it is on its way any
    /// more.
    std::vector<std::string> who_has(const MessageText& mail,
                                     const std::vector<std::string>& mailboxes) const {
        EXPECT_TRUE(sendmail.wait_for_empty_queue()) << sendmail.log();
        std::vector<std::string> found;
        for (const auto& mailbox : mailboxes)
            for (const auto& text : sendmail.mailbox(mailbox))
                if (text.find(mail.message_id) != std::string::npos) found.push_back(mailbox);
        return found;
    }

    std::string logs() const { return milter.log() + sendmail.log(); }

  private:
    static SendmailOptions options(const MailrotaMilter& milter, const std::string& flags) {
        SendmailOptions options;
        options.milter = milter.socket();
        options.milter_flags = flags;
        options.aliases = {{"club", "dave, eve"}, {"desk", "uma, vic"}, {"crowd", "dave, eve"}};
        return options;
    }
};

/// Tests that share one server that defers while its filter is away, and leave it as they found it.
class SharedScene : public testing::Test {
  protected:
    static void SetUpTestSuite() { shared = std::make_unique<Scene>(); }
    static void TearDownTestSuite() { shared.reset(); }
    static Scene& scene() { return *shared; }

  private:
    static inline std::unique_ptr<Scene> shared;
};

}  // namespace mailrota::rig
