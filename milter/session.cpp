#include "milter/session.h"

#include <chrono>
#include <cstdio>
#include <random>
#include <utility>

#include "core/mail/keys.h"
#include "core/policy/decide.h"
#include "milter/session_log.h"

// The phases of a session. A mail begins with `mail`, collects recipients in the phase `envelope`, fields and
// text in `content`, and is over with end_of_message or abort. `mail` within a mail ends the one before. What
// comes out of order makes its mail unusable: it is deferred at its end, and where that is impossible at
// once.
namespace mailrota::milter {

namespace {

constexpr std::size_t most_recipients = 10'000;
constexpr std::size_t most_header_bytes = std::size_t{4} << 20;

enum class Phase { between, envelope, content };
enum class Event { rcpt, header, body, end };

const char* name(Phase phase) {
    static constexpr const char* names[] = {"between mails", "envelope", "content"};
    return names[static_cast<int>(phase)];
}

const char* name(Event event) {
    static constexpr const char* names[] = {"rcpt", "header", "body", "end of message"};
    return names[static_cast<int>(event)];
}

bool legal(Phase phase, Event event) {
    switch (phase) {
        case Phase::between:
            return false;
        case Phase::envelope:
            return true;
        case Phase::content:
            return event != Event::rcpt;
    }
    return false;
}

// What came makes the mail unusable, whatever the policy says.
struct Fault {
    policy::Reply reply;
    const char* cause;
    const char* why;
};
const Fault out_of_order{{451, "4.3.0", "mailrota: commands out of order"}, "protocol", "out of order"};
const Fault impossible{
    {451, "4.3.5", "mailrota: the mail system does not allow what the configuration needs"},
    "protocol",
    "the MTA lacks a right that the policy needs"};
const Fault too_many_recipients{{452, "4.5.3", "Too many recipients"}, "limit", "more than 10000 recipients"};
const Fault too_much_header{{552, "5.3.4", "Message header too large"}, "limit", "header of more than 4 MiB"};

std::string random_id() {
    std::random_device random;
    char text[17];
    std::snprintf(text, sizeof text, "%08x%08x", random(), random());
    return text;
}

std::string without_ipv6_prefix(std::string_view address) {
    constexpr std::string_view prefix = "IPv6:";
    return std::string(address.starts_with(prefix) ? address.substr(prefix.size()) : address);
}

// sendmail(1), cron and bounces: Postfix makes up a dialogue for them, in which no recipient can be answered.
// It looks up no mailer for them and gives bare addresses.
bool is_local(std::string_view first_recipient, const Macros& macros) {
    return macros.get("{rcpt_mailer}").empty() && !first_recipient.starts_with('<');
}

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

mail::Origin origin(const config::Config& config) {
    for (const auto& listener : config.listeners)
        if (listener.protocol == config::ListenerSettings::Protocol::milter)
            return {listener.name, listener.trusted};
    return {};
}

}  // namespace

struct Session::State {
    explicit State(Services given)
        : services(std::move(given)), log(services.log, services.metrics, random_id()) {}

    const policy::Policy& policy() const { return *held->generation().policy; }
    const policy::Needs& needs() const { return policy().needs(); }
    bool interested() const { return needs().anything && wanted.possible; }
    // The answer to an event that there is nothing to be done about.
    StepAnswer uninterested() const {
        return wanted.possible ? StepAnswer(AcceptMail{}) : StepAnswer(impossible.reply);
    }

    void begin(const std::vector<std::string>& arguments, const Macros& macros);
    void fail(const Fault& what) {
        if (fault == nullptr) fault = &what;
    }
    bool enter(Phase next, Event event);
    void add_recipient(const std::vector<std::string>& arguments, const Macros& macros);
    StepAnswer answer_recipient();
    Ending end_faulty();
    Ending settle();
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

void Session::State::begin(const std::vector<std::string>& arguments, const Macros& macros) {
    reset();
    mail = {};
    phase = Phase::envelope;
    ++mails;
    auto& envelope = mail.envelope;
    if (!arguments.empty()) {
        envelope.sender = mail::Address::from_envelope(arguments.front());
        envelope.sender_parameters.assign(arguments.begin() + 1, arguments.end());
    }
    envelope.client = client;
    if (const auto ip = macros.get("{client_addr}"); !ip.empty())
        envelope.client.ip = without_ipv6_prefix(ip);
    if (const auto host = macros.get("{client_name}"); !host.empty()) envelope.client.name = host;
    envelope.client.auth_user = macros.get("{auth_authen}");
    envelope.daemon = macros.get("{daemon_name}");
    mail.queue_id = macros.get("i");
    mail.origin = origin(held->generation().config);
    mail.arrived = services.clock();
}

void Session::State::reset() {
    phase = Phase::between;
    headers = {};
    header_bytes = 0;
    body = {};
    fault = nullptr;
}

// Whether the event can be worked on.
bool Session::State::enter(Phase next, Event event) {
    if (legal(phase, event)) {
        phase = next;
        return true;
    }
    log.out_of_order(name(event), name(phase));
    fail(out_of_order);
    return false;
}

void Session::State::add_recipient(const std::vector<std::string>& arguments, const Macros& macros) {
    auto& envelope = mail.envelope;
    const std::string_view raw = arguments.empty() ? std::string_view() : arguments.front();
    if (envelope.recipients.empty() && is_local(raw, macros)) envelope.route = mail::Route::local;
    mail::Recipient recipient{mail::Address::from_envelope(raw), {}};
    if (!arguments.empty()) recipient.parameters.assign(arguments.begin() + 1, arguments.end());
    envelope.recipients.push_back(std::move(recipient));
}

// A refused recipient is none of the mail's.
StepAnswer Session::State::answer_recipient() {
    if (!needs().recipient_replies || mail.envelope.route == mail::Route::local) return Continue{};
    auto reply = policy::decide_at_rcpt(policy(), mail.envelope, mail.origin, services.clock());
    if (!reply) return Continue{};
    log.recipient_answered(mail, *reply);
    mail.envelope.recipients.pop_back();
    return *std::move(reply);
}

Ending Session::State::end_faulty() {
    log.ended_by(fault->cause, fault->why, mail, fault->reply);
    Ending ending;
    ending.verdict = Ending::Verdict::reply;
    ending.reply = fault->reply;
    return ending;
}

Ending Session::State::settle() {
    const auto start = std::chrono::steady_clock::now();
    mail.message = mail::Message::from_parts(std::move(headers), std::move(body), policy().decode_limits());
    const auto nonce = log.session() + '.' + std::to_string(mails);
    mail.key = mail::message_key(mail.message, mail.queue_id, nonce);
    auto& intake = services.intake();
    const auto taken = intake.take(policy(), mail, policy::Granularity::whole_mail_only);
    auto ending = make_ending(mail.envelope, mail.message, taken.plan, intake.secret(),
                              wanted.rights.add_recipient_with_parameters);
    const auto took = std::chrono::steady_clock::now() - start;
    log.ended(mail, taken, ending, std::chrono::duration_cast<std::chrono::microseconds>(took));
    return ending;
}

Session::Session(Services services) : state_(std::make_unique<State>(std::move(services))) {
    state_->held = std::make_unique<Held>(state_->services.policies.current());
    state_->services.metrics.session_opened();
}

Session::~Session() {
    abort();
    state_->services.metrics.session_closed();
}

const std::string& Session::id() const { return state_->log.session(); }

Wanted Session::negotiate(const Offer& offer) {
    abort();
    state_->held = std::make_unique<Held>(state_->services.policies.current());
    state_->wanted = wanted(state_->needs(), offer);
    if (!state_->wanted.possible) state_->log.impossible(state_->wanted.why);
    return state_->wanted;
}

StepAnswer Session::connect(std::string_view client_name, std::string_view client_ip, const Macros&) {
    abort();
    state_->client = {};
    state_->client.name = client_name;
    state_->client.ip = without_ipv6_prefix(client_ip);
    return Continue{};
}

StepAnswer Session::helo(std::string_view name) {
    state_->client.helo = name;
    return Continue{};
}

StepAnswer Session::mail(const std::vector<std::string>& arguments, const Macros& macros) {
    abort();
    if (!state_->interested()) return state_->uninterested();
    state_->begin(arguments, macros);
    return Continue{};
}

StepAnswer Session::rcpt(const std::vector<std::string>& arguments, const Macros& macros) {
    if (!state_->interested()) return state_->uninterested();
    if (!state_->enter(Phase::envelope, Event::rcpt)) return TempFail{};
    if (state_->mail.queue_id.empty()) state_->mail.queue_id = macros.get("i");
    if (state_->mail.envelope.recipients.size() >= most_recipients) {
        state_->fail(too_many_recipients);
        return TempFail{};
    }
    state_->add_recipient(arguments, macros);
    return state_->answer_recipient();
}

StepAnswer Session::header(std::string_view name, std::string_view value) {
    if (!state_->interested()) return Continue{};
    if (!state_->enter(Phase::content, Event::header)) return TempFail{};
    state_->header_bytes += name.size() + value.size();
    if (state_->header_bytes > most_header_bytes)
        state_->fail(too_much_header);
    else
        state_->headers.push_back({std::string(name), std::string(value)});
    return Continue{};
}

StepAnswer Session::body(std::string_view chunk) {
    if (!state_->interested() || !state_->needs().body) return SkipRest{};
    if (!state_->enter(Phase::content, Event::body)) return TempFail{};
    if (state_->fault == nullptr) state_->body.append(chunk);
    return Continue{};
}

Ending Session::end_of_message(const Macros& macros) {
    if (!state_->needs().anything) return {};
    if (!state_->wanted.possible) state_->fail(impossible);
    if (state_->wanted.possible && !state_->enter(Phase::content, Event::end)) state_->mail = {};
    if (const auto id = macros.get("i"); !id.empty()) state_->mail.queue_id = id;
    auto ending = state_->fault != nullptr ? state_->end_faulty() : state_->settle();
    state_->mail.message = {};
    state_->mail.envelope.recipients = {};
    state_->reset();
    return ending;
}

void Session::edits_failed(std::string_view what) { state_->log.edits_failed(state_->mail, what); }

void Session::abort() {
    if (state_->phase != Phase::between) state_->log.aborted(state_->mail);
    state_->reset();
}

}  // namespace mailrota::milter
