#include "ctl/selftest_command_line.h"

namespace mailrota::ctl {

void SelftestCommandLine::add_to(CLI::App& app, const Add& add) {
    CLI::App* selftest = app.add_subcommand("selftest", "Send a mail the whole way to a telephone");
    selftest->require_subcommand(1);
    add(*selftest, "list", "What came of the last ones, and when the next are due",
        [this] { return selftest_list(config_, console_); });
    CLI::App* run = add(*selftest, "run", "Begin one now", [this] {
        request_.config_file = config_;
        return selftest_run(request_, console_);
    });
    run->add_option("NAME", request_.name, "The self-test")->required();
    run->add_flag("--wait", request_.wait, "Wait for its end, and say how far it came");
}

}  // namespace mailrota::ctl
