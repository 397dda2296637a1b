#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "milter/session.h"
#include "milter/session_log.h"

// The phases of a session. A mail begins with `mail`, collects recipients in the phase `envelope`, fields and
// text in `content`, and is over with end_of_message or abort. `mail` within a mail ends the one before. What
// comes out of order makes its mail unusable: it is deferred at its end, and where that is impossible at
// once.
namespace mailrota::milter {

enum class Phase { between, envelope, content };
enum class Event { rcpt, header, body, end };

// What came makes the mail unusable, whatever the policy says.
struct Fault {
    policy::Reply reply;
    const char* cause;
    const char* why;
};
extern const Fault fault_impossible, fault_too_many_recipients, fault_too_much_header;

// One session's hold on the policy that it negotiated with, counted.
class Held {
  public:
    explicit Held(std::shared_ptr<const runtime::Generation> generation)
        : generation_(std::move(generation)) {
        ++*generation_->sessions;
    }
    ~Held() { --*generation_->sessions; }
    Held(const Held&) = delete;

    const runtime::Generation& generation() const { return *generation_; }

  private:
    std::shared_ptr<const runtime::Generation> generation_;
};

// What a session knows, and what it does on the way of one mail; the events of Session are above it.
struct Session::State {
    explicit State(Services given);

    const policy::Policy& policy() const { return *held->generation().policy; }
    const policy::Needs& needs() const { return policy().needs(); }
    bool interested() const { return needs().anything && wanted.possible; }
    // The answer to an event that there is nothing to be done about.
    StepAnswer uninterested() const {
        return wanted.possible ? StepAnswer(AcceptMail{}) : StepAnswer(fault_impossible.reply);
    }

    // A new mail; what was left of the one before is gone.
    void begin(const std::vector<std::string>& arguments, const Macros& macros);
    void fail(const Fault& what) {
        if (fault == nullptr) fault = &what;
    }
    // Whether the event can be worked on; the phase is then `next`, else the mail is unusable.
    bool enter(Phase next, Event event);
    void add_recipient(const std::vector<std::string>& arguments, const Macros& macros);
    // What the last recipient is told; a refused one is taken out of the envelope.
    StepAnswer answer_recipient();
    // How a mail that is unusable ends.
    Ending end_faulty();
    // The way that the mail takes; blocks as the intake does.
    Ending settle();
    // The mail is over: its memory is free.
    void reset();

    Services services;
    SessionLog log;
    std::unique_ptr<Held> held;
    Wanted wanted;
    mail::Client client;  // what connect and helo said
    Phase phase = Phase::between;
    std::uint64_t mails = 0;

    mail::Mail mail;  // the one in progress; what identifies it is kept after its end, for edits_failed()
    std::vector<mail::HeaderField> headers;
    std::size_t header_bytes = 0;
    std::string body;
    const Fault* fault = nullptr;
};

// "IPv6:2001:db8::1" as Sendmail writes it is an address like any other.
std::string without_ipv6_prefix(std::string_view address);

}  // namespace mailrota::milter
