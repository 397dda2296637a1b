#include "core/runtime/http_client.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/runtime/deadline.h"
#include "core/runtime/http_transfer.h"

namespace mailrota::runtime {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using providers::HttpFailure;
using providers::HttpOutcome;
using providers::HttpRequest;

constexpr long most_kept = 2048;  // connections, of all hosts
constexpr Deadline::Clock::time_point never = Deadline::Clock::time_point::max();

// A socket of libcurl's, watched as long as it asks for that. It is closed by libcurl.
struct Watch {
    explicit Watch(const asio::any_io_executor& executor) : descriptor(executor) {}

    asio::posix::stream_descriptor descriptor;
    int wanted = CURL_POLL_NONE;
    bool waits_to_read = false;
    bool waits_to_write = false;
};

// Programs that are started meanwhile must not inherit the socket.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLM* new_multi() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    return ready == CURLE_OK ? curl_multi_init() : nullptr;
}

}  // namespace

struct HttpClient::Engine : std::enable_shared_from_this<Engine> {
    // A request under way, in its coroutine's frame.
    struct Call {
        Call(Engine& engine, HttpRequest request, HttpTerms terms);
        ~Call() { engine.take_off(*this); }
        Call(const Call&) = delete;

        Engine& engine;
        HttpTransfer transfer;
        Deadline silence;
        asio::steady_timer done;
        std::optional<HttpOutcome> outcome;  // there: over
    };

    Engine(asio::any_io_executor the_executor, std::string agent)
        : executor(std::move(the_executor)),
          user_agent(std::move(agent)),
          multi(new_multi()),
          timer(executor) {
        curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &on_socket);
        curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &on_timer);
        curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, most_kept);
    }
    ~Engine() { close(); }
    Engine(const Engine&) = delete;

    static asio::awaitable<HttpOutcome> carry(std::shared_ptr<Engine> engine, HttpRequest request,
                                              HttpTerms terms);
    void put_on(Call& call);
    void take_off(Call& call);
    void finish(Call& call, HttpOutcome outcome);
    void close();

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM*, long milliseconds, void* self);
    void look_at_once();
    void look_at(Deadline::Clock::time_point when);
    void start_timer();
    int watch(curl_socket_t socket, int what);
    void wait(const std::shared_ptr<Watch>& watch);
    void wait_for(const std::shared_ptr<Watch>& watch, asio::posix::descriptor_base::wait_type kind, int bit,
                  bool Watch::*waits);
    void act(curl_socket_t socket, int what);

    asio::any_io_executor executor;
    std::string user_agent;
    CURLM* multi;  // null: closed
    asio::steady_timer timer;
    Deadline::Clock::time_point due = never;          // when libcurl wants to look for what is overdue
    Deadline::Clock::time_point timer_rings = never;  // not later, but maybe for an earlier wish
    bool looks_soon = false;                          // it is posted
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches;
    std::set<Call*> calls;
};

HttpClient::Engine::Call::Call(Engine& the_engine, HttpRequest request, HttpTerms terms)
    : engine(the_engine),
      transfer(std::move(request), std::move(terms), engine.user_agent,
               [this] { silence.set(Deadline::Clock::now() + transfer.terms().silence); }),
      silence(
          engine.executor,
          [this] { engine.finish(*this, transfer.failure(transfer.host() + " was silent for too long")); }),
      done(engine.executor, asio::steady_timer::time_point::max()) {}

asio::awaitable<HttpOutcome> HttpClient::Engine::carry(std::shared_ptr<Engine> engine, HttpRequest request,
                                                       HttpTerms terms) {
    Call call(*engine, std::move(request), std::move(terms));
    engine->put_on(call);
    if (!call.outcome) co_await call.done.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!call.outcome) co_return call.transfer.failure("cancelled");
    co_return std::move(*call.outcome);
}

void HttpClient::Engine::put_on(Call& call) {
    if (!multi) call.outcome = HttpFailure{false, "going down"};
    if (!call.transfer.problem().empty()) call.outcome = HttpFailure{false, call.transfer.problem()};
    if (call.outcome) return;
    curl_easy_setopt(call.transfer.handle(), CURLOPT_PRIVATE, &call);
    curl_easy_setopt(call.transfer.handle(), CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    calls.insert(&call);
    curl_multi_add_handle(multi, call.transfer.handle());
}

void HttpClient::Engine::take_off(Call& call) {
    if (calls.erase(&call) > 0) curl_multi_remove_handle(multi, call.transfer.handle());
}

void HttpClient::Engine::finish(Call& call, HttpOutcome outcome) {
    take_off(call);
    call.outcome = std::move(outcome);
    call.silence.clear();
    call.done.cancel();
}

void HttpClient::Engine::close() {
    if (!multi) return;
    while (!calls.empty()) finish(**calls.begin(), (*calls.begin())->transfer.failure("going down"));
    curl_multi_cleanup(std::exchange(multi, nullptr));
    timer.cancel();
    for (const auto& [socket, watch] : watches) watch->descriptor.release();
    watches.clear();
}

int HttpClient::Engine::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    return static_cast<Engine*>(self)->watch(socket, what);
}

int HttpClient::Engine::on_timer(CURLM*, long milliseconds, void* self) {
    auto& engine = *static_cast<Engine*>(self);
    engine.due = never;
    if (milliseconds == 0) engine.look_at_once();
    if (milliseconds > 0) engine.look_at(Deadline::Clock::now() + std::chrono::milliseconds(milliseconds));
    return 0;
}

// Every request that begins wants that; a timer would cost a call of the system each.
void HttpClient::Engine::look_at_once() {
    if (std::exchange(looks_soon, true)) return;
    asio::post(executor, [weak = weak_from_this()] {
        const auto kept = weak.lock();
        if (!kept) return;
        kept->looks_soon = false;
        kept->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

// A timer that rings too early is cheaper than one that is set anew for each request.
void HttpClient::Engine::look_at(Deadline::Clock::time_point when) {
    due = when;
    if (timer_rings > due) start_timer();
}

void HttpClient::Engine::start_timer() {
    timer_rings = due;
    timer.expires_at(due);
    timer.async_wait([weak = weak_from_this()](error_code failure) {
        const auto kept = weak.lock();
        if (!kept || failure) return;
        kept->timer_rings = never;
        if (kept->due == never) return;
        if (Deadline::Clock::now() < kept->due) return kept->start_timer();
        kept->due = never;
        kept->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

// Also sockets that libcurl made without asking us come here: its threads for names have such.
int HttpClient::Engine::watch(curl_socket_t socket, int what) {
    const auto place = watches.find(socket);
    if (what == CURL_POLL_REMOVE) {
        if (place == watches.end()) return 0;
        place->second->wanted = CURL_POLL_NONE;
        place->second->descriptor.release();
        watches.erase(place);
        return 0;
    }
    std::shared_ptr<Watch> watch = place == watches.end() ? nullptr : place->second;
    if (!watch) {
        watch = std::make_shared<Watch>(executor);
        error_code failure;
        watch->descriptor.assign(socket, failure);
        if (failure) return -1;
        watches.emplace(socket, watch);
    }
    watch->wanted = what;
    wait(watch);
    return 0;
}

void HttpClient::Engine::wait(const std::shared_ptr<Watch>& watch) {
    using Kind = asio::posix::descriptor_base;
    wait_for(watch, Kind::wait_read, CURL_POLL_IN, &Watch::waits_to_read);
    wait_for(watch, Kind::wait_write, CURL_POLL_OUT, &Watch::waits_to_write);
}

void HttpClient::Engine::wait_for(const std::shared_ptr<Watch>& watch,
                                  asio::posix::descriptor_base::wait_type kind, int bit, bool Watch::*waits) {
    if ((watch->wanted & bit) == 0 || (*watch).*waits) return;
    (*watch).*waits = true;
    watch->descriptor.async_wait(kind, [weak = weak_from_this(), watch, bit, waits](error_code failure) {
        (*watch).*waits = false;
        const auto engine = weak.lock();
        if (!engine || failure || (watch->wanted & bit) == 0) return;
        // CURL_CSELECT_IN and _OUT have the values of CURL_POLL_IN and _OUT.
        engine->act(watch->descriptor.native_handle(), bit);
        engine->wait(watch);
    });
}

void HttpClient::Engine::act(curl_socket_t socket, int what) {
    if (!multi) return;
    int running = 0;
    curl_multi_socket_action(multi, socket, what, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        void* call = nullptr;
        const CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        finish(*static_cast<Call*>(call), static_cast<Call*>(call)->transfer.outcome(code));
    }
}

HttpClient::HttpClient(asio::any_io_executor executor, std::string user_agent)
    : engine_(std::make_shared<Engine>(std::move(executor), std::move(user_agent))) {}

HttpClient::~HttpClient() { close(); }

asio::awaitable<HttpOutcome> HttpClient::send(HttpRequest request, HttpTerms terms) {
    return Engine::carry(engine_, std::move(request), std::move(terms));
}

std::size_t HttpClient::in_flight() const { return engine_->calls.size(); }

void HttpClient::close() { engine_->close(); }

}  // namespace mailrota::runtime
