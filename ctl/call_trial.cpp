#include "ctl/call_trial.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <variant>

#include "core/providers/phone_news.h"
#include "core/providers/twiml.h"
#include "core/runtime/http_client.h"
#include "core/runtime/telephones.h"

namespace mailrota::ctl {
namespace {

namespace asio = boost::asio;
using policy::Contact;
using providers::HttpOutcome;
using providers::PhoneOutcome;
using providers::Telephone;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds first_look{250};
constexpr milliseconds between_looks{2'000};
constexpr seconds besides_ringing{120};  // the queue, and what is spoken
constexpr seconds for_an_sms{30};        // of its delivery there may never be word

// One trial. Lives in its coroutine.
class Trying {
  public:
    Trying(asio::any_io_executor executor, CallTrial trial)
        : trial_(std::move(trial)), client_(executor, "mailrota/" MAILROTA_VERSION), timer_(executor) {
        tried_.contact = trial_.contact;
    }

    asio::awaitable<TriedCall> run() {
        const bool placed = co_await place();
        if (placed) co_await watch();
        const Contact& contact = tried_.contact;
        const bool sent = contact.way == Contact::Way::sms && contact.status == "sent";
        tried_.reached = contact.state == Contact::State::done || sent;
        if (tried_.words.empty()) tried_.words = contact.words;
        co_return std::move(tried_);
    }

  private:
    providers::HttpRequest request() const {
        const Contact& contact = trial_.contact;
        if (contact.way == Contact::Way::sms) return trial_.telephone.send_sms(contact, trial_.text, {});
        const providers::Speech speech{trial_.text, contact.language, contact.voice, false};
        return trial_.telephone.place_call(
            contact, {}, providers::call_document(speech, {}, providers::inline_document_most),
            trial_.calls.ring);
    }

    asio::awaitable<bool> place() {
        const HttpOutcome outcome =
            co_await client_.send(request(), runtime::terms_of(trial_.telephone.settings()));
        const auto* came = std::get_if<providers::HttpAnswer>(&outcome);
        const auto answer = came != nullptr
                                ? Telephone::read_sent(*came)
                                : Telephone::read_failure(std::get<providers::HttpFailure>(outcome));
        tried_.refused = answer.outcome != PhoneOutcome::accepted;
        tried_.words = tried_.refused ? answer.words : "";
        tried_.contact.provider_id = answer.provider_id;
        tried_.contact.state = Contact::State::placed;
        if (!tried_.refused) take({answer.provider_id, answer.status, -1, {}, {}, 0, {}});
        co_return !tried_.refused;
    }

    // Looks soon at first: somebody waits at the console.
    asio::awaitable<void> watch() {
        const bool by_sms = tried_.contact.way == Contact::Way::sms;
        const auto until =
            std::chrono::steady_clock::now() + (by_sms ? for_an_sms : trial_.calls.ring + besides_ringing);
        milliseconds wait = first_look;
        while (!tried_.contact.over() && std::chrono::steady_clock::now() < until) {
            timer_.expires_after(wait);
            boost::system::error_code ended;
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
            wait = std::min(wait * 2, between_looks);
            co_await look();
        }
    }

    // What cannot be had now is asked for again.
    asio::awaitable<void> look() {
        const HttpOutcome outcome = co_await client_.send(trial_.telephone.fetch(tried_.contact),
                                                          runtime::terms_of(trial_.telephone.settings()));
        const auto* came = std::get_if<providers::HttpAnswer>(&outcome);
        if (came == nullptr) co_return;
        const auto news = Telephone::read_fetched(tried_.contact.way, *came);
        if (news) take(*news);
    }

    void take(const providers::PhoneNews& news) {
        const auto changed = providers::after(tried_.contact, news, {});
        if (!changed) return;
        const bool is_new = changed->status != tried_.contact.status;
        tried_.contact = *changed;
        if (is_new && !tried_.contact.status.empty()) trial_.tell(tried_.contact.status);
    }

    CallTrial trial_;
    runtime::HttpClient client_;
    asio::steady_timer timer_;
    TriedCall tried_;
};

}  // namespace

asio::awaitable<TriedCall> try_call(CallTrial trial) {
    const auto executor = co_await asio::this_coro::executor;
    Trying trying(executor, std::move(trial));
    TriedCall tried = co_await trying.run();
    co_return tried;
}

}  // namespace mailrota::ctl
