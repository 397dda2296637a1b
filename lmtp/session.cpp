#include "lmtp/session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "lmtp/login.h"

namespace mailrota::lmtp {

namespace asio = boost::asio;
using runtime::LogLine;

namespace {

constexpr int most_failed_logins = 3;

Patience::Time now() { return std::chrono::steady_clock::now(); }

asio::awaitable<Result<bool>> check_login(std::string file, wire::Credentials credentials) {
    co_return login_valid_by_file(file, credentials.user, credentials.password);
}

}  // namespace

Session::Session(Lane& lane, Listener& listener, SessionStream::Socket socket, mail::Client peer)
    : lane_(lane),
      listener_(listener),
      id_(listener.front().new_session()),
      stream_(std::move(socket)),
      machine_(listener.options(), std::move(peer)),
      tls_(listener.tls()),
      patience_(listener.settings().timeout, now()) {
    listener_.front().service.metrics().session_opened();
    open_log();
    lane_.enter(*this);
}

Session::~Session() {
    lane_.leave(*this);
    listener_.front().service.metrics().session_closed();
    listener_.session_over();
}

void Session::shut_down() {
    ending_ = true;
    if (reading_) stream_.cancel();
}

void Session::look(Patience::Time at) {
    if (!waiting_ || at < patience_.deadline()) return;
    overdue_ = true;
    stream_.cancel();
}

asio::awaitable<void> Session::run() {
    machine_.greet();
    for (bool going_on = true; going_on;) {
        if (ending_) machine_.shut_down();
        wire::SmtpServerEvent event = machine_.next();
        going_on = co_await handle(std::move(event));
    }
}

// False: the session is over.
asio::awaitable<bool> Session::handle(wire::SmtpServerEvent event) {
    if (std::holds_alternative<wire::RecipientOffered>(event)) {
        answer_recipient();
    } else if (auto* received = std::get_if<wire::MessageReceived>(&event)) {
        co_await take(std::move(*received));
    } else if (auto* credentials = std::get_if<wire::Credentials>(&event)) {
        co_await log_in(std::move(*credentials));
    } else {
        const bool written = co_await write_output();
        if (!written || std::holds_alternative<wire::Close>(event)) co_return false;
        bool going_on = true;
        if (std::holds_alternative<wire::StartTls>(event))
            going_on = co_await start_tls();
        else
            going_on = co_await read_input();
        co_return going_on;
    }
    co_return true;
}

asio::awaitable<bool> Session::write_output() {
    const std::string output = machine_.take_output();
    if (output.empty()) co_return true;
    if (log_) log_->sent(output);
    patience_.answered(now());
    waiting_ = true;
    const bool written = co_await stream_.write(output);
    waiting_ = false;
    co_return written;
}

// False if the client is gone.
asio::awaitable<bool> Session::read_input() {
    if (ending_ && !machine_.in_transaction()) co_return true;  // the machine is yet to be told
    if (!buffer_) buffer_ = std::make_unique_for_overwrite<Buffer>();
    waiting_ = reading_ = true;
    const auto [failure, count] = co_await stream_.read(*buffer_);
    waiting_ = reading_ = false;
    if (count > 0) {
        const std::string_view bytes(buffer_->data(), count);
        patience_.heard(count, now());
        if (log_) log_input(bytes);
        machine_.feed(bytes);
    }
    if (overdue_) machine_.time_out();
    const bool woken = failure == asio::error::operation_aborted && (overdue_ || ending_);
    co_return !failure || woken;
}

void Session::answer_recipient() {
    const auto& envelope = machine_.envelope();
    if (envelope.recipients.size() == 1 || !generation_)
        generation_ = listener_.front().service.policies().current();
    machine_.answer_recipient(lane_.desk().at_recipient(sender(), envelope));
}

MailDesk::Sender Session::sender() const {
    return {listener_.settings(),
            generation_,
            id_,
            id_ + '.' + std::to_string(mails_),
            {machine_.extended(), machine_.over_tls()}};
}

asio::awaitable<void> Session::take(wire::MessageReceived received) {
    ++mails_;
    buffer_.reset();
    const Listener::MailInProgress counted(listener_);
    std::vector<wire::Reply> replies = co_await lane_.desk().take(sender(), std::move(received));
    generation_.reset();
    machine_.answer_message(replies);
    patience_.mail_over(now());
}

asio::awaitable<bool> Session::start_tls() {
    if (!tls_) co_return false;
    waiting_ = true;
    const bool secure = co_await stream_.handshake(tls_->context);
    waiting_ = false;
    if (secure) machine_.tls_started();
    co_return secure;
}

asio::awaitable<void> Session::log_in(wire::Credentials credentials) {
    auto& front = listener_.front();
    const std::string user = credentials.user;
    Result<bool> valid = co_await asio::co_spawn(
        front.logins, check_login(listener_.settings().users, std::move(credentials)), asio::use_awaitable);
    machine_.answer_auth(valid && *valid);
    if (valid && *valid) co_return;
    front.service.log().warning(
        LogLine("login-failed")
            .with("session", id_)
            .with("user", user)
            .with("reason", valid ? "unknown user or wrong password" : std::string_view(valid.error().text)));
    if (++failed_logins_ == most_failed_logins) ending_ = true;
}

void Session::open_log() {
    const auto& folder = listener_.settings().session_log;
    if (folder.empty()) return;
    auto opened = DialogueLog::open(folder, id_);
    if (opened)
        log_.emplace(*std::move(opened));
    else
        listener_.front().service.log().warning(
            LogLine("no-session-log").with("session", id_).with("reason", opened.error().text));
}

// Before login there may be a password in it.
void Session::log_input(std::string_view bytes) {
    const bool may_have_password = !listener_.settings().users.empty() && machine_.auth_user().empty();
    if (may_have_password)
        log_->remark(std::to_string(bytes.size()) + " bytes before login");
    else
        log_->received(bytes);
}

}  // namespace mailrota::lmtp
