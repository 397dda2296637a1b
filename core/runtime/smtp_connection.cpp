#include "core/runtime/smtp_connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/runtime/connect.h"

namespace mailrota::runtime {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using wire::Reply;
using wire::SmtpResult;
using Stage = SmtpResult::Stage;
using State = wire::SmtpClient::State;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t chunk = 8192;  // copied while it is written: each mail in flight holds one

wire::SmtpClient::Protocol protocol_of(const config::Endpoint& endpoint) {
    return endpoint.protocol == config::Endpoint::Protocol::lmtp ? wire::SmtpClient::Protocol::lmtp
                                                                 : wire::SmtpClient::Protocol::smtp;
}

SmtpResult deferred(Stage stage, std::string enhanced, std::string text) {
    return {SmtpResult::Outcome::deferred, {451, std::move(enhanced), std::move(text)}, false, stage};
}

wire::SmtpTerms terms_of(const config::Endpoint& endpoint, const Account& account) {
    return {endpoint.security == config::Endpoint::Security::starttls, account.user, account.password};
}

}  // namespace

SmtpConnection::SmtpConnection(const asio::any_io_executor& executor, config::Endpoint endpoint,
                               std::string hello_name, const ConnectionLimits& limits, SmtpAccess access)
    : endpoint_(std::move(endpoint)),
      limits_(limits),
      socket_(executor),
      deadline_(executor,
                [this] {
                    error_code ignored;
                    socket_.close(ignored);
                }),
      client_(protocol_of(endpoint_), std::move(hello_name), terms_of(endpoint_, access.account)),
      trusted_(std::move(access.trusted)) {}

asio::awaitable<std::optional<SmtpResult>> SmtpConnection::open(Clock::time_point until) {
    const auto connected_by = std::min(until, Clock::now() + limits_.connect);
    const error_code failure = co_await connect(&socket_, endpoint_, connected_by);
    if (failure) {
        client_.connection_lost(failure.message());
        co_return deferred(Stage::connection, "4.4.1",
                           "connect to " + endpoint_.to_string() + ": " + failure.message());
    }
    if (endpoint_.security == config::Endpoint::Security::tls) tls_.emplace(trusted_, endpoint_.host);
    co_await talk(until);
    if (!ready()) co_return refused();
    co_return std::nullopt;
}

// Whoever refuses us for good is said to do so for now: a 5yz of a greeting says nothing of the mail. A login
// that is refused will be so with the next mail too.
SmtpResult SmtpConnection::refused() const {
    const auto reply = client_.refusal();
    const Stage stage = tls_ && !tls_->ready() ? Stage::tls : client_.stage();
    if (reply && wire::is_temporary(*reply)) return {SmtpResult::Outcome::deferred, *reply, true, stage};
    const std::string what = endpoint_.to_string() + ": " + client_.fault();
    if (stage == Stage::login && reply) return {SmtpResult::Outcome::failed, *reply, true, stage};
    if (stage == Stage::tls) return deferred(stage, "4.7.5", what);
    return deferred(stage, reply ? "4.3.2" : "4.4.2", what);
}

bool SmtpConnection::waits_for_server() const {
    const State state = client_.state();
    return state == State::greeting || state == State::securing || state == State::busy;
}

// As it goes over the wire.
std::string SmtpConnection::next_output() {
    if (client_.state() == State::securing && !tls_) tls_.emplace(trusted_, endpoint_.host);
    if (!tls_) return client_.next_output(chunk);
    if (tls_->ready()) tls_->send(client_.next_output(chunk));
    return tls_->take_output();
}

void SmtpConnection::hear(std::string_view bytes) {
    if (!tls_) return client_.receive(bytes);
    const std::string plain = tls_->receive(bytes);
    if (tls_->ready()) client_.secured();
    if (!plain.empty()) client_.receive(plain);
    if (!tls_->fault().empty()) client_.connection_lost(tls_->fault());
    if (tls_->ended()) lose(asio::error::eof);
}

asio::awaitable<std::vector<SmtpResult>> SmtpConnection::send(const wire::OutgoingMail* mail,
                                                              Clock::time_point until) {
    ++mails_;
    client_.start(*mail);
    co_await talk(until);
    co_return client_.take_results().value();
}

// Once the server has all of the data, it may take as long as there is time.
asio::awaitable<void> SmtpConnection::talk(Clock::time_point until) {
    while (waits_for_server()) {
        deadline_.set(client_.data_said() ? until : std::min(until, Clock::now() + limits_.silence));
        std::string out = next_output();
        if (out.empty())
            co_await read();
        else
            co_await write(std::move(out));
    }
    deadline_.clear();
}

asio::awaitable<void> SmtpConnection::read() {
    const auto [failure, count] = co_await socket_.async_read_some(asio::buffer(input_), as_values);
    take(failure, count);
}

asio::awaitable<void> SmtpConnection::write(std::string out) {
    using asio::experimental::awaitable_operators::operator||;
    std::string_view rest = out;
    while (!rest.empty() && client_.state() != State::closed) {
        error_code failure;
        rest.remove_prefix(socket_.write_some(asio::buffer(rest), failure));
        if (!failure) continue;
        if (failure != asio::error::would_block) {
            read_available();
            lose(failure);
            co_return;
        }
        auto writable = socket_.async_wait(Socket::wait_write, as_values);
        auto readable = socket_.async_wait(Socket::wait_read, as_values);
        co_await (std::move(writable) || std::move(readable));
        read_available();
    }
    if (out.size() >= chunk) read_available();
}

void SmtpConnection::read_available() {
    error_code failure;
    const std::size_t count = socket_.read_some(asio::buffer(input_), failure);
    if (failure != asio::error::would_block) take(failure, count);
}

void SmtpConnection::take(error_code failure, std::size_t count) {
    if (count > 0) hear({input_.data(), count});
    if (failure) lose(failure);
}

void SmtpConnection::lose(error_code failure) {
    if (deadline_.expired())
        client_.connection_lost("the server did not answer in time");
    else if (failure == asio::error::eof)
        client_.connection_lost("the server closed the connection");
    else
        client_.connection_lost("connection lost: " + failure.message());
}

bool SmtpConnection::quiet() {
    error_code failure;
    char byte = 0;
    socket_.receive(asio::buffer(&byte, 1), Socket::message_peek, failure);
    return failure == asio::error::would_block;
}

bool SmtpConnection::was_dead() const {
    return client_.state() == State::closed && !client_.mail_accepted() && !deadline_.expired();
}

void SmtpConnection::say_quit() {
    client_.quit();
    const std::string out = next_output();
    error_code ignored;
    if (!out.empty()) socket_.write_some(asio::buffer(out), ignored);
}

asio::awaitable<void> SmtpConnection::wait_for_close(Clock::time_point until) {
    deadline_.set(until);
    error_code failure;
    while (!failure) {
        const auto [result, count] = co_await socket_.async_read_some(asio::buffer(input_), as_values);
        failure = result;
    }
}

void SmtpConnection::leave() {
    say_quit();
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace mailrota::runtime
