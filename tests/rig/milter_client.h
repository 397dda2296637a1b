#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/rig/connection.h"
#include "tests/rig/milter_message.h"

namespace mailrota::rig {

/// What the MTA offers, or what the filter answered.
struct MilterOptions {
    std::uint32_t version = 6;
    std::uint32_t actions = 0x1ff;   ///< SMFIF_*: the edits
    std::uint32_t steps = 0x1fffff;  ///< SMFIP_*: what is not sent (NO*) and what is not answered (NR_*)
};

/// The MTA's side of the milter protocol, version 6: a raw client for tests and benches.
///
/// It keeps to what was negotiated: a step that the filter does not want is not sent, and for a step that it
/// does not answer nothing is read; both look like SMFIR_CONTINUE. What is sent is collected and written in
/// one piece before the next read (or by flush()), so that a mail costs as many writes as there are answers.
/// Macros are sent before each command as Postfix does: its lists by default, or the lists that the filter
/// asked for.
///
/// Every read has the connection's time limit. Silence, a closed connection and a broken packet throw
/// std::runtime_error. One owner, not thread-safe.
class MilterClient {
  public:
    /// Does not negotiate yet.
    explicit MilterClient(Connection connection, MilterOptions offer = {});

    /// Connects and negotiates. `address` as Connection::to reads it.
    static MilterClient to(std::string_view address, MilterOptions offer = {});

    void negotiate();
    std::uint32_t steps() const { return agreed_.steps; }
    std::uint32_t actions() const { return agreed_.actions; }
    std::uint32_t version() const { return agreed_.version; }
    /// The macro lists that the filter asked for, by stage: 0 connect, 1 helo, 2 mail, 3 rcpt, 4 data, 5 end
    /// of message, 6 end of headers. Empty when it asked for none.
    const std::map<int, std::string>& requested_macros() const { return requested_; }

    /// One whole mail: connect and helo if this session had none yet, then envelope, headers, body, end.
    /// Stops where the filter's answer settles the mail, and then sends SMFIC_ABORT, so that the next mail
    /// can follow.
    MilterOutcome send_message(const MilterMessage& message);

    /// The steps one by one; each returns the filter's answer to it.
    MilterReply connect(const MilterMessage& message);
    MilterReply helo(const MilterMessage& message);
    MilterReply mail(const MilterMessage& message);
    MilterReply rcpt(const MilterMessage& message, std::size_t index);
    MilterReply data(const MilterMessage& message);
    MilterReply header(std::string_view name, std::string_view value);
    MilterReply end_of_headers(const MilterMessage& message);
    /// One chunk, at most 65535 bytes.
    MilterReply body(std::string_view chunk);
    /// Reads all edits up to the verdict.
    MilterOutcome end_of_message(const MilterMessage& message);

    void abort();                ///< ends the mail; the session goes on
    void quit_new_connection();  ///< SMFIC_QUIT_NC: the next mail connects and says helo again
    void quit();                 ///< ends the session, closes the socket

    /// Any command byte with any payload; collected, see flush().
    void send(char command, std::string_view payload);
    void send_raw(std::string_view bytes) { unsent_.append(bytes); }
    void flush();
    /// The next packet of the filter, whatever it is: first the command byte, then the payload.
    std::string read_packet();
    Connection& connection() { return connection_; }

  private:
    MilterReply step(char command, std::string_view payload, std::uint32_t unwanted,
                     std::uint32_t unanswered);
    void send_macros(char command, int stage, const std::map<std::string, std::string>& values);
    MilterReply open_session(const MilterMessage& message);
    MilterReply send_envelope(const MilterMessage& message, MilterOutcome& outcome);
    MilterReply send_content(const MilterMessage& message, MilterOutcome& outcome);
    MilterReply send_body(std::string_view body);

    Connection connection_;
    MilterOptions agreed_;
    std::map<int, std::string> requested_;
    std::string unsent_;
    bool in_session_ = false;
};

}  // namespace mailrota::rig
