#include "ctl/command_line.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>

#include "ctl/commands.h"
#include "ctl/incident_command_line.h"
#include "ctl/pull.h"
#include "ctl/relay_command_line.h"
#include "ctl/selftest_command_line.h"

namespace mailrota::ctl {
namespace {

constexpr const char* description =
    "Asks and steers mailrota, which settles for Postfix and Sendmail whose turn a mail is.";
constexpr const char* footer =
    "Exit status: 0 fine, 1 the answer is no or errors were found, 2 usage, 3 the milter is not running or\n"
    "the store is not available. mailrota(1) tells more.";

// The command line's grammar, with what it was given. Parsed once, run once.
class CommandLine {
  public:
    explicit CommandLine(Console& console) : console_(console) {
        app_.require_subcommand(1);
        app_.footer(footer);
        app_.set_version_flag("--version", "mailrota " MAILROTA_VERSION);
        add_check();
        add_explain();
        add_rota();
        add_message();
        add_job();
        add_box();
        const auto add_one = [this](CLI::App& to, const char* name, const char* what,
                                    std::function<Exit()> command) {
            return add(to, name, what, std::move(command));
        };
        relay_.add_to(app_, add_one);
        incident_.add_to(app_, add_one);
        selftest_.add_to(app_, add_one);
        add_running();
        add_pull();
    }

    Exit run(std::vector<std::string> arguments) {
        std::ranges::reverse(arguments);  // as CLI11 takes them
        try {
            app_.parse(std::move(arguments));
        } catch (const CLI::ParseError& error) {
            return app_.exit(error, console_.out, console_.err) == 0 ? Exit::fine : Exit::usage;
        }
        return command_();
    }

  private:
    CLI::App* add(CLI::App& to, const char* name, const char* what, std::function<Exit()> command) {
        CLI::App* added = to.add_subcommand(name, what);
        added->add_option("--config", config_, "Configuration file")->capture_default_str();
        added->add_flag("--json", console_.json, "Answer in JSON");
        added->callback([this, command = std::move(command)] { command_ = command; });
        return added;
    }

    void add_check() {
        add(app_, "check", "Say everything that is wrong with the configuration",
            [this] { return check(config_, console_); });
    }

    void add_explain() {
        CLI::App* explain =
            add(app_, "explain", "Say what would be done with a mail, and why; change nothing", [this] {
                question_.config_file = config_;
                return ctl::explain(question_, console_);
            });
        explain->add_option("MESSAGE", question_.message, "The mail, in a file; - for standard input")
            ->required();
        explain->add_option("--sender", question_.sender, "Envelope sender; default: Return-Path or From");
        explain
            ->add_option("--rcpt", question_.recipients, "Recipient, as often as needed; default: To and Cc")
            ->allow_extra_args(false);
        explain->add_option("--client", question_.client_ip, "The client's address");
        explain->add_option("--auth", question_.auth_user, "The client's login");
        explain->add_option("--listener", question_.listener,
                            "Which listener it came by; default: the first");
        explain->add_option("--at", question_.at, "When it arrives: 2026-11-20T14:30; default: now");
        explain->add_flag("--local", question_.local, "It was handed in by sendmail(1), not by SMTP");
    }

    void add_rota() {
        CLI::App* rota = app_.add_subcommand("rota", "Look at rotas, take members out of turn");
        rota->require_subcommand(1);
        CLI::App* show = add(*rota, "show", "Who is there, who is next",
                             [this] { return rota_show(config_, request_.rota, console_); });
        show->add_option("NAME", request_.rota, "The rota; default: all of them");
        CLI::App* history = add(*rota, "history", "Who got what",
                                [this] { return rota_history(config_, request_.rota, limit_, console_); });
        history->add_option("NAME", request_.rota, "The rota; default: all of them");
        history->add_option("--limit", limit_, "At most so many, the newest first")->capture_default_str();
        add_pause(*rota);
    }

    void add_pause(CLI::App& rota) {
        const auto command = [this](auto function) {
            return [this, function] {
                request_.config_file = config_;
                return function(request_, console_);
            };
        };
        CLI::App* pause = add(rota, "pause", "Take a member out of turn", command(rota_pause));
        CLI::App* resume = add(rota, "resume", "Put a member back in turn", command(rota_resume));
        for (CLI::App* each : {pause, resume}) {
            each->add_option("NAME", request_.rota, "The rota")->required();
            each->add_option("MEMBER", request_.member, "Its address, or what stands before the @")
                ->required();
        }
        auto* lasting = pause->add_option("--for", request_.lasting, "How long: 30m, 2h, 3d");
        pause->add_option("--until", request_.until, "Until when: 2026-11-20T14:30")->excludes(lasting);
    }

    void add_message() {
        CLI::App* message = app_.add_subcommand("message", "Look at one mail");
        message->require_subcommand(1);
        CLI::App* show = add(*message, "show", "Its whole story: what was done, why, and what waits",
                             [this] { return message_show(config_, name_, console_); });
        show->add_option("ID", name_, "Our id, the MTA's queue id, or the Message-ID")->required();
    }

    void add_job() {
        CLI::App* job = app_.add_subcommand("job", "Look at the worker's jobs, retry or drop them");
        job->require_subcommand(1);
        CLI::App* list = add(*job, "list", "What waits for the worker, and what failed",
                             [this] { return job_list(config_, all_, job_limit_, console_); });
        list->add_flag("--all", all_, "Those that are done as well");
        list->add_option("--limit", job_limit_, "At most so many, the oldest first")->capture_default_str();
        CLI::App* show =
            add(*job, "show", "One job", [this] { return job_show(config_, jobs_.at(0), console_); });
        show->add_option("ID", jobs_, "Its number")->required()->expected(1);
        CLI::App* retry =
            add(*job, "retry", "Make jobs due now", [this] { return job_retry(config_, jobs_, console_); });
        CLI::App* drop =
            add(*job, "drop", "Forget jobs", [this] { return job_drop(config_, jobs_, console_); });
        for (CLI::App* each : {retry, drop}) each->add_option("ID", jobs_, "Their numbers")->required();
    }

    void add_box() {
        CLI::App* box = app_.add_subcommand("box", "Look into the boxes for remote pullers");
        box->require_subcommand(1);
        add(*box, "list", "How much waits in each", [this] { return box_list(config_, console_); });
        CLI::App* show = add(*box, "show", "One box: leases, and what goes next",
                             [this] { return box_show(config_, name_, limit_, console_); });
        show->add_option("NAME", name_, "The box")->required();
        show->add_option("--limit", limit_, "At most so many mails, the oldest first")->capture_default_str();
    }

    void add_running() {
        const auto command = [this](auto function) {
            return [this, function] {
                running_.config_file = config_;
                return function(running_, console_);
            };
        };
        for (CLI::App* each :
             {add(app_, "status", "What the running programs say of themselves", command(status)),
              add(app_, "reload", "Make them read their configuration again", command(reload)),
              add(app_, "metrics", "Their counters", command(metrics))}) {
            each->add_option("--socket", running_.socket,
                             "Its control socket; default: as the configuration says");
            each->add_option("--program", running_.program, "Only this one; default: each that runs")
                ->check(CLI::IsMember({"milter", "lmtp", "web", "worker"}));
        }
        CLI::App* every = add(app_, "settings", "Every setting of the configuration, with its meaning",
                              [this] { return settings(as_manual_, console_); });
        every->add_flag("--man", as_manual_, "As the section of mailrota.toml(5)");
        add(app_, "version", "Which version this is", [this] { return version(console_); });
    }

    void add_pull() {
        CLI::App* pull = app_.add_subcommand("pull", "Fetch what waits in a box of another host");
        pull->callback([this] { command_ = [this] { return ctl::pull(pull_, console_); }; });
        pull->add_option("URL", pull_.url, "The box: https://mail.example.com/boxes/NAME")->required();
        pull->add_flag("--json", console_.json, "Print the summary in JSON");
        pull->add_option("--deliver", pull_.deliver, "To whom: smtp:HOST:PORT, lmtp:…, sendmail[:/path]")
            ->capture_default_str();
        pull->add_flag("--follow", pull_.follow, "Go on until SIGTERM; else until the box is empty");
        pull->add_option("--every", pull_.every, "Seconds between two looks at an empty box")
            ->capture_default_str()
            ->check(CLI::Range(1U, 86'400U));
        pull->add_option("--count", pull_.count, "Most mails of a batch")
            ->capture_default_str()
            ->check(CLI::Range(1, 10'000));
        pull->add_option("--bytes", pull_.bytes, "Most bytes of a batch; default: the box's limit");
        pull->add_option("--done-list", pull_.done_list,
                         "File of what was done; default: pull-NAME.done in $STATE_DIRECTORY, else in "
                         "~/.local/state/mailrota");
        add_pull_access(*pull);
    }

    void add_pull_access(CLI::App& pull) {
        pull.add_option("--token-file", pull_.token_file, "File with the token; else $MAILROTA_TOKEN");
        pull.add_option("--user", pull_.user, "Name for basic authentication");
        pull.add_option("--password-file", pull_.password_file,
                        "File with its password; else $MAILROTA_PASSWORD");
        pull.add_option("--ca", pull_.ca, "PEM file of authorities to trust instead of the system's");
        auto* certificate = pull.add_option("--client-cert", pull_.client_cert, "PEM file, for mutual TLS");
        auto* key = pull.add_option("--client-key", pull_.client_key, "PEM file of its key");
        certificate->needs(key);
        key->needs(certificate);
        pull.add_option("--unix-socket", pull_.unix_socket, "Connect to this socket");
        pull.add_flag("--insecure-http", pull_.insecure_http, "Take http:// beyond this machine");
    }

    Console& console_;
    CLI::App app_{description, "mailrota"};
    std::function<Exit()> command_;
    std::string config_ = "/etc/mailrota/mailrota.toml";
    ExplainQuestion question_;
    PauseRequest request_;
    Running running_;
    std::size_t limit_ = 20;
    std::string name_;  // of a box; id of a mail
    std::vector<std::int64_t> jobs_;
    std::size_t job_limit_ = 100;
    bool all_ = false;
    bool as_manual_ = false;
    PullRequest pull_;
    RelayCommandLine relay_{config_, console_};
    IncidentCommandLine incident_{config_, console_};
    SelftestCommandLine selftest_{config_, console_};
};

}  // namespace

int run(const std::vector<std::string>& arguments, Console& console) {
    return static_cast<int>(CommandLine(console).run(arguments));
}

}  // namespace mailrota::ctl
