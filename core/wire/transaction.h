#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/wire/data_writer.h"
#include "core/wire/server_features.h"
#include "core/wire/smtp_client.h"

namespace mailrota::wire {

// One mail on its way through a connection: what is said for it, in order, and which reply answers what.
//
//   [RSET] [XFORWARD] MAIL RCPT… DATA content-and-dot
//
// Without PIPELINING each command waits for the reply to the one before; with it all up to DATA are said at
// once (at most 200 without a reply, so that neither side's buffers fill up) and the content waits for 354.
// What follows a refused MAIL is left out as far as it was not said. DATA that every recipient was refused
// for is not said; if it was, and the server still takes it, an empty mail ends it (RFC 2920 section 3.1).
class Transaction {
  public:
    using Protocol = SmtpClient::Protocol;

    // The mail must stay until over(); `features` is copied.
    Transaction(const OutgoingMail& mail, Protocol protocol, const ServerFeatures& features);
    void begin_with_reset();     // the transaction before left something in the server
    void begin_with_identity();  // XFORWARD

    // Appends what may be said now until `out` has about `most` bytes.
    void say(std::string& out, std::size_t most);
    // What breaks the connection: a reply that does not fit; else empty. 421 is the owner's affair.
    std::string hear(const Reply& reply);
    // The connection is gone: whoever has no result gets this one, and is uncertain where all data was said
    // and the reply is not the server's.
    void lose(const Reply& reply, bool spoken);

    bool over() const { return next_ == Command::none && asked_.size() == heard_; }
    bool mail_accepted() const { return mail_accepted_; }
    bool data_said() const { return data_said_; }  // with the final dot
    bool needs_reset() const { return mail_accepted_ && !ended_; }
    std::vector<SmtpResult> take_results() { return std::move(results_); }

  private:
    enum class Command { reset, identity, mail, recipient, data, content, lone_dot, none };
    enum class Fate { undecided, accepted, decided };
    struct Asked {
        Command command;
        std::size_t recipient;
    };

    void refuse_locally();
    bool may_say() const;
    void say_next(std::string& out, std::size_t most);
    void say_recipient(std::string& out);
    void skip_decided();
    void say_content(std::string& out, std::size_t most);
    void ask(Command command, Command next, std::size_t recipient = 0);
    std::string hear_early(const Reply& reply);
    std::string hear_mail(const Reply& reply);
    std::string hear_recipient(const Reply& reply, std::size_t recipient);
    std::string hear_data(const Reply& reply);
    std::string hear_verdict(const Reply& reply, std::size_t recipient);
    std::string take_data_without_recipients();
    void decide(std::size_t recipient, const Reply& reply, SmtpResult::Stage stage);
    void decide_all(Fate fate, const Reply& reply, SmtpResult::Stage stage);

    const OutgoingMail* mail_;
    Protocol protocol_;
    ServerFeatures features_;
    std::vector<SmtpResult> results_;
    std::vector<Fate> fates_;
    std::size_t accepted_ = 0;
    Command next_ = Command::mail;
    std::size_t next_recipient_ = 0;
    std::vector<Asked> asked_;  // commands whose replies are awaited, from heard_ on
    std::size_t heard_ = 0;
    bool with_identity_ = false;
    DataWriter data_;
    bool mail_accepted_ = false;
    bool data_said_ = false;
    bool ended_ = false;  // by a reply to the data: nothing is left in the server
};

}  // namespace mailrota::wire
