#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/rig/message_text.h"

namespace mailrota::rig {

/// A mail as an MTA shows it to a filter. Addresses stand as the protocol has them: Postfix's smtpd writes
/// "<ann@example.com>". The content has LF or CRLF line ends in `body` as given; header values have no blank
/// in front (the client adds it if the filter negotiated SMFIP_HDR_LEADSPC).
struct MilterMessage {
    std::string client_name = "client.example.com";
    std::string client_address = "192.0.2.1";  ///< IPv4; empty: unknown (family 'U')
    std::uint16_t client_port = 4711;
    std::string helo = "client.example.com";
    std::vector<std::string> sender = {"<sender@example.com>"};  ///< then the ESMTP arguments
    std::vector<std::vector<std::string>> recipients;            ///< each: address, then the ESMTP arguments
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    /// Values by name, without braces for one letter ("i", "j"), else with ("{daemon_name}"). The client adds
    /// {mail_addr}, {rcpt_addr} and their companions itself.
    std::map<std::string, std::string> macros = {{"i", "4XyZ"},
                                                 {"j", "mx.example.com"},
                                                 {"_", "client.example.com [192.0.2.1]"},
                                                 {"{daemon_name}", "smtpd"}};
    /// Postfix chooses the queue id after the first accepted recipient; false: it is there from MAIL on
    /// (Sendmail).
    bool late_queue_id = true;

    /// The content of `text` for these recipients (addresses without brackets).
    static MilterMessage from_text(const MessageText& text, const std::vector<std::string>& recipients);
};

/// One answer of the filter to one step.
struct MilterReply {
    char kind =
        'c';  ///< SMFIR_*: c continue, a accept, d discard, r reject, t tempfail, y reply code, s skip
    std::string text;  ///< for 'y': "550 5.7.1 text", lines joined by CRLF

    bool goes_on() const { return kind == 'c' || kind == 's'; }
};

/// One change that the filter made at the end of the message.
struct MilterEdit {
    char kind;                ///< SMFIR_*: + 2 - recipients, h i m headers, b body, q quarantine, e sender
    std::string name;         ///< header name; address; reason of a quarantine; chunk of a body
    std::string value = {};   ///< header value; ESMTP arguments
    std::uint32_t index = 0;  ///< of 'i' and 'm'

    friend bool operator==(const MilterEdit&, const MilterEdit&) = default;
};

/// What the filter made of a whole mail.
struct MilterOutcome {
    MilterReply verdict;                  ///< the answer that settled it
    char stage = 'E';                     ///< SMFIC_* of the command it was the answer to
    std::vector<MilterReply> recipients;  ///< the answer to each recipient sent
    std::vector<MilterEdit> edits;        ///< in the filter's order
    int progress = 0;                     ///< how many SMFIR_PROGRESS came before the verdict

    /// The recipients that the MTA would deliver to: those accepted, with the edits applied in order; without
    /// brackets. Meaningful for the verdicts continue and accept.
    std::vector<std::string> final_recipients(const MilterMessage& message) const;
};

/// Takes apart a packet (command byte, then payload) that is an edit. Throws std::runtime_error if it is
/// malformed.
MilterEdit parse_edit(std::string_view packet);

/// Whether the packet is one of the edits.
bool is_edit(std::string_view packet);

/// The address without its angle brackets.
std::string without_brackets(std::string_view address);

}  // namespace mailrota::rig
