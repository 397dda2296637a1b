#include "ctl/relay_command_line.h"

namespace mailrota::ctl {

void RelayCommandLine::add_to(CLI::App& app, const Add& add) {
    add_providers(app, add);
    add_events(app, add);
    add_suppressions(app, add);
}

void RelayCommandLine::add_providers(CLI::App& app, const Add& add) {
    CLI::App* provider = app.add_subcommand("provider", "Look at those who carry mail out, try them");
    provider->require_subcommand(1);
    add(*provider, "list", "Who there is, and whether mail goes to them",
        [this] { return provider_list(config_, console_); });
    CLI::App* test = add(*provider, "test", "Ask them something harmless with their keys; send nothing",
                         [this] { return provider_try(config_, providers_, console_); });
    test->add_option("NAME", providers_, "The providers; default: all of them");
    CLI::App* status =
        add(*provider, "status", "What is remembered: breakers, the last fault, who is kept to",
            [this] { return provider_status(config_, provider_, console_); });
    status->add_option("NAME", provider_, "The provider; default: all of them");
    CLI::App* reset = add(*provider, "reset", "Close its breakers: what made it fail is mended",
                          [this] { return provider_reset(config_, provider_, console_); });
    reset->add_option("NAME", provider_, "The provider")->required();
}

void RelayCommandLine::add_events(CLI::App& app, const Add& add) {
    const auto command = [this](auto function, const std::size_t& limit) {
        return [this, function, &limit] {
            events_.config_file = config_;
            events_.limit = limit;
            return function(events_, console_);
        };
    };
    CLI::App* event = app.add_subcommand("event", "Look at what providers told of mails, replay it");
    event->require_subcommand(1);
    CLI::App* list =
        add(*event, "list", "What they told, the newest first", command(event_list, shown_events_));
    list->add_option("--limit", shown_events_, "At most so many")->capture_default_str();
    CLI::App* replay = add(*event, "replay", "Settle events once more, and hand them on once more",
                           command(event_replay, most_replayed_));
    auto* mail = replay->add_option("--mail", events_.mail,
                                    "Those of a mail: our id, the MTA's queue id, or the Message-ID");
    auto* seqs = replay->add_option("--seq", events_.seqs, "These, by the numbers that the list shows");
    replay->add_option("--limit", most_replayed_, "At most so many, the newest")->capture_default_str();
    mail->excludes(seqs);
    for (CLI::App* each : {list, replay}) {
        auto* since = each->add_option("--since", events_.since, "Received since then: 2026-11-20T14:30");
        const auto narrowing = {
            each->add_option("--provider", events_.provider, "Told by this one"),
            each->add_option("--recipient", events_.recipient, "About this address"),
            each->add_option("--type", events_.type, "Of this type: delivered, bounced, complained, ...")};
        if (each == list) continue;
        since->excludes(mail)->excludes(seqs);
        for (CLI::Option* one : narrowing) one->needs(since);
    }
}

void RelayCommandLine::add_suppressions(CLI::App& app, const Add& add) {
    const auto command = [this](auto function) {
        return [this, function] {
            suppressions_.config_file = config_;
            return function(suppressions_, console_);
        };
    };
    CLI::App* suppression = app.add_subcommand("suppression", "Whom no provider is to send to");
    suppression->require_subcommand(1);
    CLI::App* list = add(*suppression, "list", "Who is on the list, in order of addresses",
                         [this] { return suppression_list(config_, after_, shown_suppressions_, console_); });
    list->add_option("--after", after_, "Only those after this address");
    list->add_option("--limit", shown_suppressions_, "At most so many")->capture_default_str();
    CLI::App* addition = add(*suppression, "add", "Put addresses on it", command(suppression_add));
    CLI::App* removal = add(*suppression, "remove", "Take addresses off it", command(suppression_remove));
    for (CLI::App* each : {addition, removal})
        each->add_option("ADDRESS", suppressions_.addresses, "The addresses")->required();
    CLI::App* import =
        add(*suppression, "import", "Put the addresses of a file on it", command(suppression_import));
    import
        ->add_option("FILE", suppressions_.file,
                     "One address a line, or CSV with a header that names the column; - for standard input")
        ->required();
    for (CLI::App* each : {addition, import}) {
        each->add_option("--reason", suppressions_.reason, "Why")
            ->capture_default_str()
            ->check(CLI::IsMember({"bounced", "complained", "unsubscribed", "manual"}));
        each->add_option("--note", suppressions_.note, "What is to be remembered with it");
    }
}

}  // namespace mailrota::ctl
