#include "demo/stage.h"

#include <signal.h>

#include <iostream>
#include <sstream>
#include <stdexcept>

namespace mailrota::demo {

namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

void hold_stop_signals() {
    const sigset_t set = stop_signals();
    sigprocmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

void end_if_asked() {
    const sigset_t set = stop_signals();
    const timespec at_once{};
    if (sigtimedwait(&set, nullptr, &at_once) > 0) throw std::runtime_error("stopped by a signal");
}

void show_command(const std::vector<std::string>& arguments, const rig::RunResult& result) {
    std::cout << "  $ mailrota";
    for (const auto& argument : arguments) {
        const char* quote = argument.find(' ') == std::string::npos ? "" : "\"";
        std::cout << ' ' << quote << argument << quote;
    }
    std::cout << '\n' << result.output << std::flush;
    if (result.exit_code != 0) throw std::runtime_error(result.errors);
}

void show_text(const std::string& title, const std::string& text) {
    std::cout << "  " << title << '\n';
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) std::cout << "    " << line << '\n';
    std::cout << std::flush;
}

}  // namespace mailrota::demo
