#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "ctl/command_line.h"

int main(int argc, char** argv) {
    using namespace mailrota;
    const bool colours = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    ctl::Console console{std::cin, std::cout, std::cerr, runtime::system_clock(), colours};
    try {
        return ctl::run({argv + 1, argv + argc}, console);
    } catch (const std::exception& failure) {
        std::cerr << "mailrota: " << failure.what() << '\n';
        return static_cast<int>(ctl::Exit::no);
    }
}
