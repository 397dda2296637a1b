#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/rig/mailrota_milter.h"
#include "tests/rig/postfix.h"

namespace mailrota::demo {

/// One message of the demo and what became of it.
struct Told {
    int number = 0;
    std::string sender;
    std::string subject;
    std::string message_id;
    std::string note;                  ///< what is special about it; may be empty
    std::vector<std::string> arrived;  ///< local parts whose mailbox holds it, once for each copy
    std::string why;                   ///< as `mailrota rota history` tells it
};

/// The demo's first scene: orders come in, somebody answers, somebody goes to lunch. Every message goes by
/// SMTP through a private Postfix with mailrota-milter beside it. Needs root, Debian's postfix and the built
/// programs. Throws std::runtime_error when a server does not start.
class Story {
  public:
    Story();

    /// Sends an order and waits until it has arrived somewhere.
    void order(const std::string& sender, const std::string& subject, const std::string& note = "");
    /// Answers the order `number` in its thread.
    void reply_to(int number, const std::string& sender);
    /// Runs `mailrota` with these arguments and the demo's configuration, and shows command and output.
    void run(const std::vector<std::string>& arguments);

    /// The messages with the mailboxes' word on where they are and mailrota's word on why.
    std::vector<Told> told();
    /// Whether each message is in exactly one mailbox, once.
    static bool each_once(const std::vector<Told>& messages);

  private:
    void send(const rig::MessageText& mail, const std::string& note);
    std::map<std::string, std::string> reasons() const;

    rig::MailrotaMilter milter_;
    rig::Postfix postfix_;
    std::vector<rig::MessageText> mails_;
    std::vector<Told> messages_;
};

/// The table that the demo ends with.
std::string table(const std::vector<Told>& messages);

}  // namespace mailrota::demo
