#include "tests/rig/mailrota_milter.h"

#include <grp.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unix_prefix = "unix:";

}  // namespace

MailrotaMilter::MailrotaMilter(std::string config, Socket kind, std::vector<std::string> environment)
    : MailrotaProgram("mailrota-milter", std::move(environment)) {
    socket_ = kind == Socket::inet ? "inet:" + std::to_string(free_port()) + "@127.0.0.1"
                                   : std::string(unix_prefix) + (run_folder() / "milter.sock").string();
    replace("{socket}", socket_);
    write_config(config);
    start();
}

std::string MailrotaMilter::socket_for_postfix() const {
    const auto at = socket_.find('@');
    return at == std::string::npos ? socket_
                                   : "inet:" + socket_.substr(at + 1) + ":" + socket_.substr(5, at - 5);
}

void MailrotaMilter::await_start(std::size_t said_before) {
    const bool up = wait_until([this] { return accepts(socket_) || !running(); }) && running();
    if (!up) throw std::runtime_error("mailrota-milter does not start:\n" + log());
    // The socket is there before the store is tried.
    wait_until([&] { return log().find(" started ", said_before) != std::string::npos || !running(); },
               std::chrono::seconds(2));
    if (!socket_.starts_with(unix_prefix) || getgrnam("postfix") == nullptr) return;
    const fs::path path = socket_.substr(unix_prefix.size());
    give_to(path, "", "postfix");
    fs::permissions(path, static_cast<fs::perms>(0660));
}

}  // namespace mailrota::rig
