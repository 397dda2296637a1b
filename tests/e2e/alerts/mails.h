#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailrota::e2e {

/// In one line.
std::string base64(std::string_view bytes);

/// What Redmine writes about a ticket, as a mail.
struct TicketMail {
    std::string ticket = "86581";
    std::string project = "storage";
    std::string subject = {};  ///< empty: made of project and ticket
    std::string text = {};     ///< LF line ends, UTF-8
    std::string type = "text/plain; charset=utf-8";
    std::string encoding = "8bit";  ///< of `text`, which is encoded: "base64", "quoted-printable"
    std::string more_headers = {};  ///< whole lines
    std::string sender = "Redmine <redmine@example.com>";

    /// With a Message-ID like no other.
    std::string mail() const;
};

/// "Issue #… has been updated by WHO." and the priority's line.
TicketMail raised(const std::string& ticket = "86581", const std::string& who = "Jim Roe",
                  const std::string& prefix = "", const std::string& old = "Medium");
TicketMail new_ticket(const std::string& ticket, const std::string& who = "Jim Roe");
TicketMail closed(const std::string& ticket);

/// A ticket that was raised to an emergency once, and three answers that repeat all that was said before,
/// without any mark but "-----Original Message-----": in the order in which they were written.
std::vector<std::string> thread_of_answers();

/// [alert.NAME] with the rules of Redmine's mails to NAME@example.com: priority raised, new ticket, closed.
std::string alert_text(const std::string& name, const std::string& steps, const std::string& more = "");
/// One step of a rota.
std::string step(const std::string& rota, int tries = 1, const std::string& wait = "60s",
                 const std::string& redial = "1s");

}  // namespace mailrota::e2e
