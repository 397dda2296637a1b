#include "ctl/smtp_hand_on.h"

#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <exception>
#include <future>

#include "core/policy/overloaded.h"
#include "ctl/sendmail.h"

namespace mailrota::ctl {
namespace {

// Less than any lease should be; the MTA here is near.
constexpr std::chrono::seconds longest_transaction{300};

std::string host_name() {
    std::array<char, 256> name{};
    const bool known = gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
    return known ? name.data() : "localhost";
}

// Runs the context until the coroutine is through.
template <class Value>
Value finish(boost::asio::io_context& io, boost::asio::awaitable<Value> work) {
    auto result = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
    io.restart();
    while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready && io.run_one() > 0) {
    }
    return result.get();
}

}  // namespace

SmtpHandOn::SmtpHandOn(config::Endpoint endpoint)
    : endpoint_(std::move(endpoint)), connections_(io_.get_executor(), host_name()) {}

SmtpHandOn::~SmtpHandOn() {
    try {
        finish(io_, connections_.close());
    } catch (const std::exception&) {
        // The connections end with the process; the mails are through.
    }
}

HandedOn SmtpHandOn::deliver(const wire::HandedMail& mail, const std::string& bytes) {
    const runtime::Sent sent =
        finish(io_, connections_.send(endpoint_, outgoing(mail, bytes), longest_transaction));
    return handed_on(mail, sent.results);
}

std::unique_ptr<HandOn> make_hand_on(const DeliverTo& to) {
    return std::visit(policy::Overloaded{[](const config::Endpoint& endpoint) -> std::unique_ptr<HandOn> {
                                             return std::make_unique<SmtpHandOn>(endpoint);
                                         },
                                         [](const ToSendmail& sendmail) -> std::unique_ptr<HandOn> {
                                             return std::make_unique<SendmailHandOn>(sendmail.program);
                                         }},
                      to);
}

}  // namespace mailrota::ctl
