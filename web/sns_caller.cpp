#include "web/sns_caller.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <variant>

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

constexpr int most_under_way = 8;
constexpr std::size_t most_certificates = 32;

}  // namespace

SnsCaller::SnsCaller(asio::any_io_executor executor) : executor_(executor), client_(executor, "mailrota") {}

// SNS waits for an answer of ours for 15 seconds.
runtime::HttpTerms SnsCaller::terms_of(const config::ProviderSettings& provider) {
    runtime::HttpTerms terms;
    terms.connect = std::chrono::seconds(5);
    terms.silence = std::chrono::seconds(5);
    terms.whole = std::chrono::seconds(10);
    terms.max_answer = 64'000;
    terms.ca_file = provider.ca_file;
    terms.proxy = provider.proxy;
    return terms;
}

SnsCaller::Certificates SnsCaller::certificates() const {
    const std::lock_guard lock(mutex_);
    return certificates_;
}

asio::awaitable<Result<void>> SnsCaller::fetch(std::string url, runtime::HttpTerms terms) {
    auto pem = co_await get(url, std::move(terms));
    if (!pem) co_return tl::unexpected(pem.error());
    const std::lock_guard lock(mutex_);
    if (certificates_.size() >= most_certificates) certificates_.clear();
    certificates_.insert_or_assign(std::move(url), *std::move(pem));
    co_return Result<void>();
}

asio::awaitable<Result<void>> SnsCaller::confirm(std::string url, runtime::HttpTerms terms) {
    auto answer = co_await get(std::move(url), std::move(terms));
    if (!answer) co_return tl::unexpected(answer.error());
    co_return Result<void>();
}

// The client belongs to one thread, the caller may be on another.
asio::awaitable<Result<std::string>> SnsCaller::get(std::string url, runtime::HttpTerms terms) {
    if (++under_way_ > most_under_way) {
        --under_way_;
        co_return unavailable("too many questions to SNS at once");
    }
    auto answer =
        co_await asio::co_spawn(executor_, get_here(std::move(url), std::move(terms)), asio::use_awaitable);
    --under_way_;
    co_return answer;
}

asio::awaitable<Result<std::string>> SnsCaller::get_here(std::string url, runtime::HttpTerms terms) {
    providers::HttpRequest request;
    request.url = std::move(url);
    auto outcome = co_await client_.send(std::move(request), std::move(terms));
    if (const auto* failure = std::get_if<providers::HttpFailure>(&outcome))
        co_return unavailable(failure->words);
    auto& answer = std::get<providers::HttpAnswer>(outcome);
    if (answer.status != 200) co_return unavailable("SNS answered " + std::to_string(answer.status));
    co_return std::move(answer.body);
}

}  // namespace mailrota::web
