#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/fakes/server.h"

namespace {

/// As many connections as the system allows at once.
void raise_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

/// mailrota-fake-providers PORT TLS_PORT CA_FILE: serves until SIGTERM. CA_FILE is written: the authority
/// that clients of the TLS port and of tunnels are to trust.
int main(int count, char** arguments) try {
    using namespace mailrota::fakes;
    if (count != 4) {
        std::cerr << "usage: mailrota-fake-providers PORT TLS_PORT CA_FILE\n";
        return 64;
    }
    raise_limit();
    boost::asio::io_context service(1);
    World world(service.get_executor());
    std::ofstream(arguments[3]) << world.keys.authority_certificate;
    Server server(service, world);
    server.listen(std::stoi(arguments[2]), true);
    server.listen(std::stoi(arguments[1]), false);
    boost::asio::signal_set signals(service, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { service.stop(); });
    std::cout << "ready" << std::endl;
    service.run();
    return 0;
} catch (const std::exception& error) {
    std::cerr << "mailrota-fake-providers: " << error.what() << '\n';
    return 70;
}
