#include "ctl/provider_probe.h"

#include <algorithm>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <variant>

#include "core/runtime/http_client.h"
#include "core/runtime/relay_smtp.h"
#include "core/runtime/smtp_connection.h"
#include "core/runtime/tls_channel.h"

namespace mailrota::ctl {
namespace {

namespace asio = boost::asio;
using config::Endpoint;
using providers::Probe;
using runtime::Carrier;
using runtime::SmtpConnection;

constexpr std::chrono::milliseconds longest_connect{10'000};
constexpr std::chrono::seconds farewell{1};

asio::awaitable<Probe> probe_http(const Carrier* carrier) {
    runtime::HttpClient client(co_await asio::this_coro::executor, "mailrota/" MAILROTA_VERSION);
    runtime::HttpTerms terms;
    terms.whole = terms.silence = carrier->settings.timeout;
    terms.connect = std::min(terms.whole, longest_connect);
    terms.ca_file = carrier->settings.ca_file;
    terms.proxy = carrier->settings.proxy;
    providers::HttpRequest request = carrier->dialect->probe();
    const providers::HttpOutcome outcome = co_await client.send(std::move(request), std::move(terms));
    Probe told;
    if (const auto* answer = std::get_if<providers::HttpAnswer>(&outcome))
        told = carrier->dialect->read_probe(*answer);
    else
        told.words = std::get<providers::HttpFailure>(outcome).words;
    co_return told;
}

std::string_view doing(wire::SmtpResult::Stage stage) {
    switch (stage) {
        case wire::SmtpResult::Stage::tls:
            return "TLS: ";
        case wire::SmtpResult::Stage::login:
            return "login: ";
        default:
            return "";
    }
}

std::string what_works(const Endpoint& host, const runtime::Account& account) {
    const bool tls = host.security != Endpoint::Security::none;
    return host.to_string() + (tls ? " speaks TLS" : " speaks SMTP without TLS") +
           (account.user.empty() ? ", no login is set" : ", the login is taken");
}

std::string host_name() {
    boost::system::error_code unknown;
    std::string name = asio::ip::host_name(unknown);
    return unknown || name.empty() ? "localhost" : name;
}

asio::awaitable<Probe> probe_smtp(const Carrier* carrier, runtime::Account account) {
    const Endpoint host = runtime::smtp_host(*carrier);
    runtime::SmtpAccess access{account, nullptr};
    if (host.security != Endpoint::Security::none) {
        auto trusted = runtime::trust(account.ca_file);
        if (!trusted) {
            Probe broken{false, trusted.error().text};
            co_return broken;
        }
        access.trusted = *std::move(trusted);
    }
    const runtime::ConnectionLimits limits;
    SmtpConnection connection(co_await asio::this_coro::executor, host, host_name(), limits,
                              std::move(access));
    const auto until = SmtpConnection::Clock::now() + carrier->settings.timeout;
    const std::optional<wire::SmtpResult> refusal = co_await connection.open(until);
    Probe told;
    if (refusal) {
        told.words = std::string(doing(refusal->stage)) + wire::to_line(refusal->reply);
        co_return told;
    }
    connection.say_quit();
    co_await connection.wait_for_close(SmtpConnection::Clock::now() + farewell);
    told.works = true;
    told.words = what_works(host, account);
    co_return told;
}

}  // namespace

asio::awaitable<Probe> probe(std::shared_ptr<const runtime::Carriers> carriers, std::string provider) {
    const Carrier* carrier = carriers->carrier(provider);
    Probe told;
    if (carrier->dialect)
        told = co_await probe_http(carrier);
    else
        told = co_await probe_smtp(carrier, carriers->accounts()->at(provider));
    co_return told;
}

}  // namespace mailrota::ctl
