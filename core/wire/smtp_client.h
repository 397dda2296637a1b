#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/reply.h"

namespace mailrota::wire {

// A mail to be sent in one transaction. The pieces' bytes must stay until the result is there.
struct OutgoingMail {
    struct Recipient {
        std::string address;                  // without brackets
        std::vector<std::string> parameters;  // NOTIFY=…, ORCPT=…: sent where DSN is announced
    };

    std::string sender;  // without brackets; empty: the null sender
    std::vector<std::string>
        sender_parameters;              // RET=…, ENVID=…, BODY=8BITMIME, SMTPUTF8: sent where announced
    std::vector<Recipient> recipients;  // at least one
    std::vector<std::string_view> content;  // header, empty line, body: CRLF line ends; one after the other
    std::string identity;                   // queue id, for XFORWARD IDENT where announced; may be empty
};

// What is to be settled with a server before it gets a mail.
struct SmtpTerms {
    bool starttls = false;   // demanded: a server that does not offer it gets nothing
    std::string user{};      // AUTH PLAIN or LOGIN; empty: none. Whether TLS guards it is the owner's affair
    std::string password{};  // is in no reply or fault that comes from here
};

// What came of one recipient.
struct SmtpResult {
    // What was under way when the verdict fell.
    enum class Stage {
        connection,  // none was made, or it was lost before the final dot
        greeting,    // the server refused to speak with us: in its greeting or in reply to our hello
        tls,         // STARTTLS or the handshake
        login,
        sender,     // MAIL
        recipient,  // RCPT
        data,       // the content, and what followed
    };
    enum class Outcome {
        done,       // 2yz after the data
        deferred,   // 4yz, or the connection was lost before the final dot was sent
        failed,     // 5yz
        uncertain,  // the final dot was sent and no answer came
    };

    Outcome outcome = Outcome::deferred;
    Reply reply;  // the server's own words, or ours where it said nothing: "451 4.4.2 connection lost"
    bool spoken = false;  // the reply is the server's
    Stage stage = Stage::connection;

    bool operator==(const SmtpResult&) const = default;
};

// The client's side of one SMTP or LMTP connection: bytes in, bytes out. No I/O, no clock.
//
// Says LHLO (LMTP) or EHLO with HELO as fallback; pipelines envelope and DATA where PIPELINING is announced,
// and copes with servers that accept DATA although every recipient was refused, that say 503 to it, and that
// answer with multi-line replies. One LMTP reply for each accepted recipient, else one for all. A refused
// MAIL is every recipient's result. A transaction that is over leaves the connection ready for the next one
// (RSET where one is needed). Anything that is no reply, a reply over 64 KB (or 1,000 lines), or a reply
// nobody asked for breaks the connection: what was done before counts, what waits is lost as said above. 421
// closes it at any time and is the answer for all that wait; so is a refusal in the middle of the data.
// Where STARTTLS is demanded nothing but it is said before (RFC 3207), and bytes that follow the reply to it
// break the connection: somebody put them there.
class SmtpClient {
  public:
    enum class Protocol { smtp, lmtp };
    enum class State {
        greeting,  // waits for the server's greeting, the answer to our hello and to our login
        securing,  // the server waits for the TLS handshake, which is the owner's: then secured() is called
        ready,     // start() may be called
        busy,      // a transaction is under way
        closed,    // broken or finished: `fault()` says why
    };

    SmtpClient(Protocol protocol, std::string hello_name, SmtpTerms terms = {});
    ~SmtpClient();
    SmtpClient(SmtpClient&&) noexcept;
    SmtpClient& operator=(SmtpClient&&) noexcept;

    State state() const;
    // Why the connection is closed: "the server said 421 4.3.2 …", "unexpected reply …"; empty if it is not.
    const std::string& fault() const;
    // The server's reply to the greeting, hello, STARTTLS or login if it refused us; ours (550) where it
    // offers no login that we can speak.
    std::optional<Reply> refusal() const;
    // What is under way before the first mail, or was when the connection ended: greeting, tls or login.
    SmtpResult::Stage stage() const;
    // The handshake is done; only in State::securing. What the server announced before it is forgotten.
    void secured();

    bool has_dsn() const;  // announced; valid in State::ready and later
    bool has_smtputf8() const;
    std::uint64_t max_size() const;  // 0: none announced

    // Of the present transaction, or the last: whether MAIL was answered by 2yz, and whether the final dot
    // was handed out. Before the one another connection may be tried, after the other nothing is sent again.
    bool mail_accepted() const;
    bool data_said() const;

    // Begins a transaction; only in State::ready. The mail must outlive it. What cannot be asked of this
    // server at all (too large, no SMTPUTF8) is refused here; if nothing is left to be sent, that is all.
    void start(const OutgoingMail& mail);
    // Says QUIT and is closed; only in State::ready. The server's reply is not looked at.
    void quit();

    void receive(std::string_view bytes);
    void connection_lost(std::string_view why);
    // What is to be written next, at most about `most` bytes, dots stuffed; empty: wait for bytes.
    std::string next_output(std::size_t most = 65536);

    // One for each recipient, in order, once the transaction is over; nothing before.
    std::optional<std::vector<SmtpResult>> take_results();

  private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace mailrota::wire
