#include "ctl/incident_command_line.h"

namespace mailrota::ctl {

void IncidentCommandLine::add_to(CLI::App& app, const Add& add) {
    CLI::App* incident = app.add_subcommand("incident", "Look at what people are called for, take it on");
    incident->require_subcommand(1);
    add_looking(*incident, add);
    add_changes(*incident, add);
    add_open(*incident, add);
    add_alert(app, add);
    add_call(app, add);
    add_import(app, add);
}

void IncidentCommandLine::add_looking(CLI::App& incident, const Add& add) {
    CLI::App* list = add(incident, "list", "What is open, the newest first", [this] {
        list_.config_file = config_;
        return incident_list(list_, console_);
    });
    list->add_flag("--all", list_.with_over, "Those that are over as well");
    list->add_option("--alert", list_.alert, "Of this alert");
    list->add_option("--limit", list_.limit, "At most so many")->capture_default_str();
    CLI::App* show = add(incident, "show", "One incident: who was called, and all that happened",
                         [this] { return incident_show(config_, change_.numbers.at(0), console_); });
    show->add_option("NUMBER", change_.numbers, "Its number")->required()->expected(1);
}

void IncidentCommandLine::add_changes(CLI::App& incident, const Add& add) {
    const auto command = [this](auto function) {
        return [this, function] {
            change_.config_file = config_;
            return function(change_, console_);
        };
    };
    for (CLI::App* each :
         {add(incident, "ack", "Take incidents on: nobody else is called", command(incident_ack)),
          add(incident, "resolve", "Say that incidents are over", command(incident_resolve))}) {
        each->add_option("NUMBER", change_.numbers, "Their numbers")->required();
        each->add_option("--by", change_.by, "Who does it; default: whoever is logged in");
    }
}

void IncidentCommandLine::add_hand_made(CLI::App& command) {
    command.add_option("ALERT", hand_made_.alert, "The alert")->required();
    command.add_option("MESSAGE", hand_made_.message, "What is spoken; with --set: the mail's subject")
        ->required();
    command.add_option("--key", hand_made_.key, "What it is about; default: as the alert or MESSAGE says");
    command
        .add_option("--set", hand_made_.set, "A value for the alert's texts, as often as needed: ticket=4711")
        ->allow_extra_args(false);
}

void IncidentCommandLine::add_open(CLI::App& incident, const Add& add) {
    CLI::App* open = add(incident, "open", "Open one by hand: whoever is on call is called", [this] {
        hand_made_.config_file = config_;
        return incident_open(hand_made_, console_);
    });
    add_hand_made(*open);
    open->add_option("--by", hand_made_.by, "Who does it; default: whoever is logged in");
}

void IncidentCommandLine::add_alert(CLI::App& app, const Add& add) {
    CLI::App* alert = app.add_subcommand("alert", "Look at what an alert would do");
    alert->require_subcommand(1);
    CLI::App* test = add(*alert, "test", "Say what would be spoken to whom and when; call nobody", [this] {
        hand_made_.config_file = config_;
        return alert_rehearse(hand_made_, at_, console_);
    });
    add_hand_made(*test);
    test->add_option("--at", at_, "When it happens: 2026-11-20T03:30; default: now");
}

void IncidentCommandLine::add_call(CLI::App& app, const Add& add) {
    CLI::App* call = app.add_subcommand("call", "Try calls");
    call->require_subcommand(1);
    CLI::App* test = add(*call, "test", "Call a number, and say what comes of it", [this] {
        call_.config_file = config_;
        return call_try(call_, console_);
    });
    test->add_option("NUMBER", call_.number, "With its country code: +15550100")->required();
    test->add_option("--account", call_.account, "Through this one; default: the first of calls.accounts");
    test->add_flag("--sms", call_.sms, "Write to it instead");
}

void IncidentCommandLine::add_import(CLI::App& app, const Add& add) {
    CLI::App* import = app.add_subcommand("import", "Turn the settings of other programs into rules");
    import->require_subcommand(1);
    CLI::App* procmail = add(*import, "procmailrc", "Recipes that pipe to a program become alerts",
                             [this] { return import_procmail(import_, console_); });
    procmail->add_option("FILE", import_.file, "The procmailrc")->required();
    procmail
        ->add_option("--vars", import_.vars, "A file with variables, as often as needed: main.yml, phones.sh")
        ->allow_extra_args(false);
}

}  // namespace mailrota::ctl
