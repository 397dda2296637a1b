#include "web/daemon.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "web/tls.h"

namespace mailrota::web {

namespace {

using runtime::LogLine;

constexpr std::size_t most_threads = 4;

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words) result.append(result.empty() ? "" : ", ").append(word);
    return result;
}

}  // namespace

Daemon::Daemon(runtime::Service& service)
    : service_(service), config_(service.policies().current()->config), store_(service.intake()) {}

Daemon::~Daemon() = default;

int Daemon::run() {
    runtime::Service::Program program;
    program.name = "web";
    program.start = [this] { return start(); };
    program.stop = [this] { server_->stop(); };
    program.idle = [this] { return site_->connections == 0; };
    program.status = [this] { return status(); };
    program.reloaded = [this] { reloaded(); };
    program.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_threads);
    program.serving = joined(config_.web.sockets);
    program.without_store = "boxes are answered 503 until it is there";
    return service_.run(std::move(program));
}

Result<void> Daemon::start() {
    auto doors = Doors::open(config_.boxes);
    if (!doors) return tl::unexpected(doors.error());
    auto hooks = HookDoors::open(config_.providers);
    if (!hooks) return tl::unexpected(hooks.error());
    auto telephones = runtime::Telephones::open(config_);
    if (!telephones) return tl::unexpected(telephones.error());
    std::shared_ptr<boost::asio::ssl::context> tls;
    if (config_.web.tls) {
        auto made = make_tls(*config_.web.tls);
        if (!made) return tl::unexpected(made.error());
        tls = *std::move(made);
    }
    auto sockets = listening_sockets(config_.web);
    if (!sockets) return tl::unexpected(sockets.error());
    gate_.emplace(service_.log(), *std::move(doors), config_.web.max_connections / 2);
    sns_.emplace(service_.context(0).get_executor());
    hooks_.emplace(HookPages::Services{store_, service_.log(), service_.metrics(), service_.clock(), *sns_,
                                       config_.events.max_body},
                   *std::move(hooks));
    calls_.emplace(CallPages::Services{store_, service_.log(), service_.clock(),
                                       [this] { return service_.policies().current()->policy; }},
                   *std::move(telephones));
    site_ = std::make_shared<Site>(service_.log(), service_.clock(), config_.web, router());
    std::vector<boost::asio::io_context*> contexts;
    for (std::size_t i = 0; i < service_.contexts(); ++i) contexts.push_back(&service_.context(i));
    server_.emplace(site_, std::move(contexts));
    server_->use_tls(std::move(tls));
    server_->serve(*sockets);
    return {};
}

Router Daemon::router() {
    const auto worker = [this] { return service_.policies().current()->config.worker; };
    boxes_.emplace(BoxPages::Services{store_, *gate_, service_.log(), service_.clock(), service_.hostname(),
                                      worker, config_.web.max_body});
    watching_.emplace(
        ServicePages::Services{store_, config_.web.metrics_allow, [this] { return metrics(); }});
    Router router;
    boxes_->add_to(router);
    hooks_->add_to(router);
    calls_->add_to(router);
    watching_->add_to(router);
    return router;
}

// What cannot be read leaves what is in force in place: a puller must not be locked out by a slip.
void Daemon::reloaded() {
    const auto current = service_.policies().current();
    auto doors = Doors::open(current->config.boxes);
    if (doors)
        gate_->replace(*std::move(doors));
    else
        service_.log().error(LogLine("boxes-kept").with("reason", doors.error().text));
    auto hooks = HookDoors::open(current->config.providers);
    if (hooks)
        hooks_->replace(*std::move(hooks));
    else
        service_.log().error(LogLine("webhooks-kept").with("reason", hooks.error().text));
    auto telephones = runtime::Telephones::open(current->config);
    if (telephones)
        calls_->replace(*std::move(telephones));
    else
        service_.log().error(LogLine("telephones-kept").with("reason", telephones.error().text));
    if (!config_.web.tls) return;
    auto tls = make_tls(current->config.web.tls.value_or(*config_.web.tls));
    if (tls)
        server_->use_tls(*std::move(tls));
    else
        service_.log().error(LogLine("certificate-kept").with("reason", tls.error().text));
}

std::string Daemon::status() const {
    if (!site_) return {};
    return "connections: " + std::to_string(site_->connections) +
           "\nrequests: " + std::to_string(site_->requests) +
           "\nrefused: " + std::to_string(gate_->refused()) + '\n';
}

std::string Daemon::metrics() {
    auto& metrics = service_.metrics();
    metrics.set("mailrota_web_connections", "Connections that are open.",
                static_cast<double>(site_->connections));
    metrics.set("mailrota_web_requests_total", "Requests that were answered.",
                static_cast<double>(site_->requests));
    metrics.set("mailrota_web_turned_away_total", "Connections for which there was no room.",
                static_cast<double>(site_->turned_away));
    metrics.set("mailrota_web_refused_total", "Requests with wrong credentials or from a wrong address.",
                static_cast<double>(gate_->refused()));
    return metrics.expose();
}

}  // namespace mailrota::web
