#include <malloc.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "core/runtime/process.h"
#include "core/runtime/service.h"

namespace mailrota::runtime {
namespace {

// What is larger is a mail, or the copy that it grows out of, and goes back to the system at once. Left to
// itself glibc raises this limit with each that is freed, and holes as large as mails stay behind.
void give_back_large_memory() { mallopt(M_MMAP_THRESHOLD, 256 * 1024); }

int serve(const std::string& file, const std::function<int(Service&)>& run) {
    auto policies = PolicySource::open(file);
    if (!policies) {
        std::cerr << policies.error().text << std::endl;
        return EX_CONFIG;
    }
    // Never destroyed: coroutines that a stop cut off still stand on what the program has destroyed by then.
    auto* service = new Service(*std::move(policies));
    return run(*service);
}

}  // namespace

int service_main(int argc, char** argv, const std::string& program, const std::string& about,
                 const std::function<int(Service&)>& run) {
    CLI::App app(about, program);
    std::string file = "/etc/mailrota/mailrota.toml";
    app.add_option("--config", file, "Configuration file")->capture_default_str();
    app.set_version_flag("--version", program + " " MAILROTA_VERSION);
    app.footer(
        "SIGHUP reloads the configuration; SIGTERM stops.\n"
        "Exit status: 0 stopped, 64 usage, 69 a socket is not to be had, 78 configuration.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EX_OK : EX_USAGE;
    }
    block_signals();
    raise_descriptor_limit();
    give_back_large_memory();
    const int code = serve(file, run);
    std::fflush(nullptr);
    std::_Exit(code);
}

}  // namespace mailrota::runtime
