#include "core/wire/smtp_server.h"

#include <utility>

#include "core/wire/smtp_server_state.h"

namespace mailrota::wire {

SmtpServer::SmtpServer(SmtpServerOptions options, mail::Client peer)
    : state_(std::make_unique<State>(std::move(options), std::move(peer))) {}

SmtpServer::~SmtpServer() = default;
SmtpServer::SmtpServer(SmtpServer&&) noexcept = default;
SmtpServer& SmtpServer::operator=(SmtpServer&&) noexcept = default;

void SmtpServer::greet() {
    state_->say("220 " + state_->options.hostname + (state_->lmtp() ? " LMTP mailrota" : " ESMTP mailrota"));
}

void SmtpServer::refuse(const Reply& reply) {
    state_->output += to_wire(reply);
    state_->wait = SmtpWait::nothing;
}

void SmtpServer::feed(std::string_view bytes) {
    if (state_->wait != SmtpWait::nothing && state_->wait != SmtpWait::tls) state_->input.append(bytes);
}

SmtpServerEvent SmtpServer::next() { return state_->next(); }

std::string SmtpServer::take_output() { return std::exchange(state_->output, {}); }

const mail::Envelope& SmtpServer::envelope() const { return state_->envelope; }

std::string_view SmtpServer::queue_id() const { return state_->forwarded.queue_id(); }

void SmtpServer::answer_recipient(const std::optional<Reply>& refusal) {
    if (state_->is_due(SmtpWait::recipient_answer)) state_->answer_recipient(refusal);
}

void SmtpServer::answer_message(const std::vector<Reply>& replies) {
    if (state_->is_due(SmtpWait::message_answer)) state_->answer_message(replies);
}

void SmtpServer::tls_started() {
    State& state = *state_;
    if (state.wait == SmtpWait::nothing) return;
    state.tls = true;
    state.end_transaction();
    state.stage = SmtpStage::connected;
    state.wait = SmtpWait::command;
    state.helo.clear();
    state.auth_user.clear();
    state.forwarded = ForwardedClient();
    state.commands.reset();
    state.input.clear();
    state.consumed = 0;
}

void SmtpServer::answer_auth(bool valid) {
    if (state_->is_due(SmtpWait::login_answer)) state_->answer_login(valid);
}

void SmtpServer::shut_down() { state_->shutting_down = true; }

void SmtpServer::time_out() { state_->close("421 4.4.2 " + state_->options.hostname + " timed out"); }

bool SmtpServer::in_transaction() const { return state_->in_transaction(); }
bool SmtpServer::over_tls() const { return state_->tls; }
bool SmtpServer::extended() const { return state_->extended; }
const std::string& SmtpServer::auth_user() const { return state_->auth_user; }

}  // namespace mailrota::wire
