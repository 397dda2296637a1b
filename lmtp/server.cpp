#include "lmtp/server.h"

#include <algorithm>
#include <map>
#include <thread>

#include "core/runtime/listening_socket.h"

namespace mailrota::lmtp {
namespace {

constexpr std::uint32_t most_threads = 4;

std::vector<config::ListenerSettings> ours(const config::Config& config) {
    std::vector<config::ListenerSettings> listeners = config.listeners;
    std::erase_if(listeners, [](const auto& listener) {
        return listener.protocol == config::ListenerSettings::Protocol::milter;
    });
    return listeners;
}

std::size_t threads(const config::LmtpSettings& settings) {
    if (settings.threads > 0) return settings.threads;
    return std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
}

}  // namespace

Server::Server(runtime::Service& service)
    : service_(service), settings_(ours(service.policies().current()->config)), front_(service) {}

runtime::Service::Program Server::program() {
    runtime::Service::Program program;
    program.name = "lmtp";
    program.start = [this] { return start(); };
    program.stop = [this] { stop(); };
    program.idle = [this] { return idle(); };
    program.status = [this] { return status(); };
    program.reloaded = [this] { reloaded(); };
    program.drain = std::chrono::seconds(0);
    program.threads = threads(service_.policies().current()->config.lmtp);
    program.without_store = "all mail is deferred";
    for (const auto& listener : settings_) {
        program.drain = std::max(program.drain, listener.drain);
        program.serving += (program.serving.empty() ? "" : ", ") + listener.socket;
    }
    return program;
}

Result<void> Server::start() {
    if (settings_.empty())
        return invalid(service_.policies().current()->config.file +
                       ": there is no [listener.NAME] with protocol = \"lmtp\" or \"smtp\"");
    if (auto opened = front_.open_carriers(); !opened) return opened;
    std::vector<Lane*> lanes;
    for (std::size_t i = 0; i < service_.contexts(); ++i) {
        lanes_.push_back(std::make_unique<Lane>(front_, service_.context(i)));
        lanes.push_back(lanes_.back().get());
    }
    std::map<std::string, int> given;
    for (const auto& [name, descriptor] : runtime::sockets_from_systemd()) given[name] = descriptor;
    for (const auto& settings : settings_) {
        const auto from_systemd = given.find(settings.name);
        listeners_.push_back(std::make_unique<Listener>(front_, settings, lanes));
        auto opened = listeners_.back()->open(from_systemd == given.end() ? -1 : from_systemd->second);
        if (!opened) return opened;
    }
    return {};
}

void Server::reloaded() {
    for (const auto& listener : listeners_) listener->reload_tls();
    if (const auto opened = front_.open_carriers(); !opened)
        service_.log().error(runtime::LogLine("providers-not-reloaded").with("reason", opened.error().text));
}

void Server::stop() {
    for (const auto& listener : listeners_) listener->close();
    for (const auto& lane : lanes_) lane->shut_down();
}

bool Server::idle() {
    if (std::ranges::any_of(listeners_, [](const auto& listener) { return listener->sessions() > 0; }))
        return false;
    if (!std::exchange(closing_, true))
        for (const auto& lane : lanes_) lane->close();
    return std::ranges::all_of(lanes_, [](const auto& lane) { return lane->closed(); });
}

std::string Server::status() const {
    std::string lines;
    for (const auto& listener : listeners_) lines += listener->status();
    return lines;
}

}  // namespace mailrota::lmtp
