#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/chunk_reader.h"
#include "core/wire/command_reader.h"
#include "core/wire/data_reader.h"
#include "core/wire/forwarded_client.h"
#include "core/wire/message_content.h"
#include "core/wire/smtp_command.h"
#include "core/wire/smtp_login.h"
#include "core/wire/smtp_parameters.h"
#include "core/wire/smtp_server.h"

namespace mailrota::wire {

// How far the dialogue is. The legal paths:
//
//   connected ──LHLO/EHLO/HELO──▶ greeted ──MAIL──▶ sender ──RCPT accepted──▶ recipients ──DATA──▶ greeted
//                                                                  recipients ──BDAT──▶ chunks ──LAST──▶
//                                                                  greeted
//
// RSET and a hello lead from anywhere behind `greeted` back to it, TLS to `connected`. objection() is the
// table of what may be said where.
enum class SmtpStage { connected, greeted, sender, recipients, chunks };

// What the machine waits for. Bytes: a command, a line of the AUTH dialogue, the data, a BDAT chunk. The
// owner: the answer to an event, or the TLS handshake. Nothing: after the last reply.
enum class SmtpWait {
    command,
    login_line,
    data,
    chunk,
    useless_chunk,  // BDAT out of place: its bytes are thrown away
    recipient_answer,
    message_answer,
    login_answer,
    tls,
    nothing,
};

// For tests and fault messages.
std::string_view to_string(SmtpStage stage);
std::string_view to_string(SmtpWait wait);

// The reply to a command that is out of order in `stage`; nothing if it may be said.
std::optional<std::string_view> objection(SmtpVerb verb, SmtpStage stage);

// One connection. The parts: smtp_server.cpp what the owner calls, smtp_server_session.cpp hello, login and
// the rest, smtp_server_envelope.cpp MAIL and RCPT, smtp_server_content.cpp DATA and BDAT.
struct SmtpServer::State {
    State(SmtpServerOptions given_options, mail::Client given_peer);

    SmtpServerEvent next();
    void say(std::string_view line);  // a reply of one line, without CRLF
    // A reply that tells the client of its own fault; the tenth in a row ends the connection instead.
    void say_fault(std::string_view line);
    // One that another command's refusal may be the cause of: clients that pipeline are not blamed for it.
    void say_out_of_order(std::string_view line);
    void close(std::string_view line);
    // Whether the answer is due. Not after the end; one that nobody asked for is a fault of the program.
    bool is_due(SmtpWait answer) const;
    void end_transaction();
    void answer_message(const std::vector<Reply>& replies);
    void answer_login(bool valid);

    bool lmtp() const { return options.protocol == SmtpServerOptions::Protocol::lmtp; }
    bool offers_tls() const { return options.starttls && !tls; }
    bool offers_auth() const { return options.auth && tls; }
    bool in_transaction() const { return stage >= SmtpStage::sender; }
    std::string_view unread() const { return std::string_view(input).substr(consumed); }

    bool read_command();
    bool read_content();
    bool read_chunk();
    bool read_useless_chunk();
    std::optional<SmtpServerEvent> take_event();

    void obey(const SmtpCommand& command);
    void carry_out(const SmtpCommand& command);
    void carry_out_anywhere(const SmtpCommand& command);  // what any stage allows
    void hello(const SmtpCommand& command);
    void say_extensions();
    void reset(std::string_view argument);
    void start_tls(std::string_view argument);
    void start_login(std::string_view argument);
    void go_on(SmtpLogin::Step step);
    void forward(std::string_view argument);

    void mail_from(std::string_view argument);
    std::optional<std::string_view> begin_transaction(std::string_view argument);
    std::optional<std::string_view> object_to_client() const;
    void rcpt_to(std::string_view argument);
    std::optional<std::string_view> offer_recipient(std::string_view argument);
    void answer_recipient(const std::optional<Reply>& refusal);
    void refuse_envelope(std::string_view line);

    void begin_data(std::string_view argument);
    void begin_chunk(std::string_view argument);
    void end_chunk();
    void end_content();
    void release_input();
    void refuse_content();
    std::string_view content_fault() const;

    SmtpServerOptions options;
    mail::Client peer;
    SmtpStage stage = SmtpStage::connected;
    SmtpWait wait = SmtpWait::command;
    std::optional<SmtpServerEvent> event;  // for next() to return once
    bool tls = false;
    bool extended = false;  // the last hello was EHLO or LHLO
    bool shutting_down = false;
    bool mail_refused = false;  // what the client sent after MAIL without waiting is no fault of its own
    int faults = 0;             // in a row
    int failed_logins = 0;
    std::string helo;
    std::string auth_user;
    ForwardedClient forwarded;

    mail::Envelope envelope;
    SmtpSenderFacts sender_facts;
    std::size_t recipients_to_answer = 0;

    std::string input;
    std::size_t consumed = 0;  // so many bytes of the input are done with
    std::string output;
    CommandReader commands;
    SmtpLogin login;
    std::string user_to_prove;  // while the owner looks at the credentials
    MessageContent content;
    DataReader data;
    ChunkReader chunks;
    bool last_chunk = false;
};

}  // namespace mailrota::wire
