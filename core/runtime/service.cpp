#include "core/runtime/service.h"

#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "core/runtime/housekeeping.h"
#include "core/runtime/notify.h"
#include "core/runtime/signals.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds between_questions{50};  // whether the program is idle
constexpr std::chrono::seconds longest_status{1};           // of a program that has other things to do

std::string machine_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name[0] == '\0' ? "localhost" : name.data();
}

// "name: value" lines as members; whole numbers are numbers.
void add_lines(boost::json::object& to, const std::string& lines) {
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        const auto value = line.substr(colon + 2);
        const bool number =
            !value.empty() && value.size() < 19 && value.find_first_not_of("0123456789") == std::string::npos;
        boost::json::value& member = to[line.substr(0, colon)];
        if (number)
            member = std::stoll(value);
        else
            member = value;
    }
}

}  // namespace

struct Service::State {
    explicit State(std::unique_ptr<PolicySource> given)
        : policies(std::move(given)),
          started(policies->current()),
          log(started->config.log),
          clock(system_clock()),
          intake(started->config.store, clock),
          hostname(started->config.hostname.empty() ? machine_name() : started->config.hostname) {}

    int run(Program given);
    Result<void> start();
    void serve();
    void begin_stop();
    void ask_whether_idle();
    void end();
    std::string status();
    std::string program_status();

    std::unique_ptr<PolicySource> policies;
    std::shared_ptr<const Generation> started;  // what the program was started with
    Log log;
    Metrics metrics;
    Clock clock;
    LateIntake intake;
    std::string hostname;
    std::vector<std::unique_ptr<asio::io_context>> contexts;
    std::optional<asio::steady_timer> idle_timer;
    std::chrono::steady_clock::time_point longest_drain;
    bool stopping = false;  // of the main thread
    bool drained = true;
    Program program;
    std::unique_ptr<Housekeeping> housekeeping;
    std::unique_ptr<Signals> signals;
};

Result<void> Service::State::start() {
    housekeeping->begin();
    if (program.start)
        if (auto done = program.start(); !done) return done;
    if (auto opened = housekeeping->open_store(); !opened) return opened;
    housekeeping->open_control(started->config.control.socket_of(program.name),
                               {{"status", [this]() -> Result<std::string> { return status(); }},
                                {"metrics", [this]() -> Result<std::string> {
                                     housekeeping->count_store();
                                     return metrics.expose();
                                 }}});
    signals = std::make_unique<Signals>(std::vector{SIGHUP, SIGUSR1, SIGTERM, SIGINT}, [this](int signal) {
        if (signal == SIGTERM || signal == SIGINT)
            asio::post(*contexts[0], [this] { begin_stop(); });
        else
            housekeeping->reload(signal == SIGHUP ? "SIGHUP" : "SIGUSR1");
    });
    housekeeping->start();
    log.info(LogLine("started").with("version", MAILROTA_VERSION).with("serving", program.serving));
    return {};
}

// The contexts have no work of their own between two connections.
void Service::State::serve() {
    using Guard = asio::executor_work_guard<asio::io_context::executor_type>;
    std::vector<Guard> guards;
    for (const auto& context : contexts) guards.emplace_back(context->get_executor());
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < contexts.size(); ++i)
        threads.emplace_back([context = contexts[i].get()] { context->run(); });
    contexts[0]->run();
    for (auto& thread : threads) thread.join();
}

void Service::State::begin_stop() {
    if (std::exchange(stopping, true)) return;
    notify_stopping();
    log.info(LogLine("stopping"));
    longest_drain = std::chrono::steady_clock::now() + program.drain;
    if (program.stop) program.stop();
    ask_whether_idle();
}

void Service::State::ask_whether_idle() {
    const bool idle = !program.idle || program.idle();
    if (idle || std::chrono::steady_clock::now() >= longest_drain) {
        drained = idle;
        return end();
    }
    idle_timer->expires_after(between_questions);
    idle_timer->async_wait([this](boost::system::error_code) { ask_whether_idle(); });
}

void Service::State::end() {
    for (const auto& context : contexts) context->stop();
}

int Service::State::run(Program given) {
    program = std::move(given);
    for (std::size_t i = 0; i < std::max<std::size_t>(program.threads, 1); ++i)
        contexts.push_back(std::make_unique<asio::io_context>(1));
    idle_timer.emplace(*contexts[0]);
    housekeeping = std::make_unique<Housekeeping>(
        Housekeeping::Services{*policies, log, metrics, intake, clock},
        Housekeeping::Words{program.serving.empty() ? "serving" : "serving on " + program.serving,
                            program.without_store},
        [this] {
            if (program.reloaded) asio::post(*contexts[0], program.reloaded);
        });
    if (auto began = start(); !began) {
        housekeeping->stop();
        std::cerr << "mailrota-" << program.name << ": " << began.error().text << std::endl;
        return began.error().kind == ErrorKind::unavailable ? EX_UNAVAILABLE : EX_CONFIG;
    }
    serve();
    signals.reset();
    housekeeping->stop();
    if (!drained) log.error(LogLine("cut").with("reason", "the longest drain is over"));
    log.info(LogLine("stopped").with("outcome", drained ? "ok" : "cut"));
    return EX_OK;
}

// On the control socket's thread; the program is asked on its own.
std::string Service::State::program_status() {
    if (!program.status) return {};
    auto said = std::make_shared<std::promise<std::string>>();
    auto answer = said->get_future();
    asio::post(*contexts[0], [this, said] { said->set_value(program.status()); });
    if (answer.wait_for(longest_status) == std::future_status::ready) return answer.get();
    return "busy: no answer within a second\n";
}

std::string Service::State::status() {
    const auto current = policies->current();
    boost::json::object status{
        {"version", MAILROTA_VERSION}, {"program", program.name}, {"generation", current->number}};
    add_lines(status, program_status());
    status["store"] = housekeeping->store_status();
    status["jit"] = current->policy->jitted();
    return boost::json::serialize(status) + '\n';
}

Service::Service(std::unique_ptr<PolicySource> policies)
    : state_(std::make_unique<State>(std::move(policies))) {}
Service::~Service() = default;

int Service::run(Program program) { return state_->run(std::move(program)); }
asio::io_context& Service::context(std::size_t index) { return *state_->contexts.at(index); }
std::size_t Service::contexts() const { return state_->contexts.size(); }
PolicySource& Service::policies() { return *state_->policies; }
Log& Service::log() { return state_->log; }
Metrics& Service::metrics() { return state_->metrics; }
Clock Service::clock() { return state_->clock; }
LateIntake& Service::intake() { return state_->intake; }
const std::string& Service::hostname() const { return state_->hostname; }

}  // namespace mailrota::runtime
