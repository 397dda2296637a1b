#include "milter/session.h"

#include <utility>

#include "milter/session_state.h"

namespace mailrota::milter {

namespace {

constexpr std::size_t most_recipients = 10'000;
constexpr std::size_t most_header_bytes = std::size_t{4} << 20;  // what they take in memory

}  // namespace

Session::Session(Services services) : state_(std::make_unique<State>(std::move(services))) {
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
        state_->fail(fault_too_many_recipients);
        return TempFail{};
    }
    state_->add_recipient(arguments, macros);
    return state_->answer_recipient();
}

StepAnswer Session::header(std::string_view name, std::string_view value) {
    if (!state_->interested()) return Continue{};
    if (!state_->enter(Phase::content, Event::header)) return TempFail{};
    state_->header_bytes += sizeof(mail::HeaderField) + name.size() + value.size();
    if (state_->header_bytes > most_header_bytes)
        state_->fail(fault_too_much_header);
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
    if (!state_->wanted.possible) state_->fail(fault_impossible);
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
