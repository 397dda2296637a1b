#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "core/runtime/process.h"
#include "milter/daemon.h"
#include "milter/listening_socket.h"

namespace {

using mailrota::milter::Daemon;

std::string footer() {
    const auto socket = "unix:/var/spool/postfix/mailrota/milter.sock";
    return "The default socket in main.cf:\n  smtpd_milters = " + mailrota::milter::for_postfix(socket) +
           "\n  milter_default_action = tempfail\nand in sendmail.mc:\n  INPUT_MAIL_FILTER(`mailrota', `S=" +
           mailrota::milter::for_sendmail(socket) +
           ", F=T')\nSIGUSR1 reloads the configuration; SIGTERM stops.\n"
           "Exit status: 0 stopped, 64 usage, 69 socket not to be had, 70 libmilter gave up, 78 "
           "configuration.";
}

int fail(int code, const std::string& text) {
    std::cerr << text << std::endl;
    return code;
}

int serve(const std::string& file) {
    auto policies = mailrota::runtime::PolicySource::open(file);
    if (!policies) return fail(EX_CONFIG, policies.error().text);
    // Never destroyed: libmilter's threads may still hold sessions when serve() returns.
    auto* daemon = new Daemon(*std::move(policies));
    if (auto started = daemon->start(); !started) {
        const bool passes = started.error().kind == mailrota::ErrorKind::unavailable;
        return fail(passes ? EX_UNAVAILABLE : EX_CONFIG, "mailrota-milter: " + started.error().text);
    }
    return daemon->serve() ? EX_OK : EX_SOFTWARE;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("mailrota's milter: decides for Postfix or Sendmail whose turn a mail is",
                 "mailrota-milter");
    std::string file = "/etc/mailrota/mailrota.toml";
    app.add_option("--config", file, "Configuration file")->capture_default_str();
    app.set_version_flag("--version", "mailrota-milter " MAILROTA_VERSION);
    app.footer(footer());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EX_OK : EX_USAGE;
    }
    mailrota::runtime::block_signals();
    mailrota::runtime::raise_descriptor_limit();
    const int code = serve(file);
    std::fflush(nullptr);
    std::_Exit(code);  // no destructors under the feet of libmilter's threads
}
