#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/mail/envelope.h"
#include "core/wire/reply.h"

namespace mailrota::wire {

struct SmtpServerOptions {
    enum class Protocol { lmtp, esmtp };

    Protocol protocol = Protocol::lmtp;
    std::string hostname;  // in greeting and LHLO/EHLO reply
    std::uint64_t max_size = 50'000'000;
    std::size_t max_recipients = 1000;
    bool dsn = false;           // announce DSN
    bool xforward = true;       // lmtp only: the client is our own MTA
    bool starttls = false;      // announced until TLS is on
    bool tls_required = false;  // MAIL needs TLS: 530 5.7.0
    bool auth = false;          // AUTH PLAIN and LOGIN, announced once TLS is on; MAIL needs it: 530 5.7.0
};

// What the owner of the machine has to do next.
struct NeedInput {};          // write the output, then feed more bytes
struct RecipientOffered {};   // the last recipient of envelope(): call answer_recipient()
struct MessageReceived {      // call answer_message()
    mail::Envelope envelope;  // accepted recipients only, in order; the same address may stand twice
    std::string queue_id;     // XFORWARD IDENT; may be empty
    std::string bytes;        // CRLF line ends, dots unstuffed
};
struct StartTls {
};  // write the output, do the handshake, call tls_started(); bytes fed before are thrown away
struct Credentials {  // call answer_auth()
    std::string user;
    std::string password;
};
struct Close {};  // write the output, close
using SmtpServerEvent =
    std::variant<NeedInput, RecipientOffered, MessageReceived, StartTls, Credentials, Close>;

// The server's side of one SMTP (RFC 5321) or LMTP (RFC 2033) connection: bytes in, events and bytes out. No
// I/O, no clock.
//
// Speaks PIPELINING (2920), SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531), CHUNKING (3030),
// ENHANCEDSTATUSCODES (2034), optional DSN (3461), STARTTLS (3207), AUTH (4954), and for LMTP XFORWARD
// (Postfix): what it says holds until the next XFORWARD. The end of data is CRLF.CRLF and nothing else; a
// bare CR or LF refuses the message (550 5.6.11, one reply for each recipient) and never ends a line;
// commands end in CRLF, are at most 512 bytes (with parameters 4,096; AUTH 12,288) and hold no NUL. SIZE= is
// a hint: only what is over max_size is refused (552 5.3.4 at MAIL, and after DATA for every recipient,
// without keeping the bytes). Too many recipients get 452 4.5.3 each. Ten commands in a row that are none (or
// not in order), ten wrong passwords and any HTTP request end the connection with 421 4.7.0, a BDAT without a
// size with 554 5.5.4. What follows a refused MAIL in a pipeline is not held against the client.
//
// Legal order: greet(); then feed() and next() until NeedInput, the owner's answer to every other event
// before next() is called again. An answer that no event asked for terminates the program, as does a wrong
// number of replies; after Close answers are ignored. Replies to pipelined commands come out together.
// Memory: the message plus some KB, and a reply for each command that one feed() brings.
class SmtpServer {
  public:
    SmtpServer(SmtpServerOptions options, mail::Client peer);
    ~SmtpServer();
    SmtpServer(SmtpServer&&) noexcept;
    SmtpServer& operator=(SmtpServer&&) noexcept;

    void greet();
    // Instead of greet(): says this ("554 5.7.1 …", "421 4.3.2 …"); the next event is Close.
    void refuse(const Reply& reply);

    void feed(std::string_view bytes);
    SmtpServerEvent next();

    // What is to be written to the client; empty if nothing.
    std::string take_output();

    // Of the transaction in progress until MessageReceived takes it: the recipients accepted so far, the
    // offered one last.
    const mail::Envelope& envelope() const;
    std::string_view queue_id() const;
    // Nothing accepts (250 2.1.5); a reply refuses or defers this recipient.
    void answer_recipient(const std::optional<Reply>& refusal);
    // LMTP: one reply for each recipient of the event, same order. ESMTP: exactly one.
    void answer_message(const std::vector<Reply>& replies);
    // Begins anew: hello, XFORWARD and login are forgotten. Before greet(): TLS was there from the beginning.
    void tls_started();
    void answer_auth(bool valid);

    // The connection is to end: the next command outside of a transaction, or the silence, gets 421 4.3.2 and
    // then Close. Call next() after it.
    void shut_down();
    // The owner has had enough of waiting: 421 4.4.2, then Close.
    void time_out();

    bool in_transaction() const;  // from MAIL to the replies after its data
    bool over_tls() const;
    bool extended() const;                 // the hello was EHLO or LHLO, not HELO
    const std::string& auth_user() const;  // empty before AUTH

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailrota::wire
