#include <istream>
#include <iterator>
#include <map>
#include <ostream>
#include <utility>

#include "core/policy/decide.h"
#include "core/runtime/policy_source.h"
#include "ctl/commands.h"
#include "ctl/explanation.h"
#include "ctl/question.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

Result<std::string> read_message(const std::string& file, Console& console) {
    if (file != "-") return runtime::read_file(file);
    return std::string(std::istreambuf_iterator<char>(console.in), {});
}

using Protocol = config::ListenerSettings::Protocol;

bool by_milter(const config::ListenerSettings& listener) { return listener.protocol == Protocol::milter; }

// Plays the RCPT commands as the listener's program does, and takes out of the mail whom it answers there.
std::vector<AnsweredAtRcpt> answer_recipients(const policy::Policy& policy,
                                              const config::ListenerSettings& listener, mail::Mail& mail) {
    std::vector<AnsweredAtRcpt> answered;
    const bool without_rcpt = listener.protocol == Protocol::smtp ||
                              (by_milter(listener) && mail.envelope.route == mail::Route::local);
    if (!policy.needs().recipient_replies || without_rcpt) return answered;
    std::vector<mail::Recipient> offered;
    std::swap(offered, mail.envelope.recipients);
    for (mail::Recipient& recipient : offered) {
        mail.envelope.recipients.push_back(std::move(recipient));
        auto reply = policy::decide_at_rcpt(policy, mail.envelope, mail.origin, mail.arrived);
        if (!reply) continue;
        answered.push_back({mail.envelope.recipients.back().address, *std::move(reply)});
        mail.envelope.recipients.pop_back();
    }
    return answered;
}

// Which providers would be asked for the mail, in which order.
Result<std::vector<runtime::RelayRehearsal>> rehearse_relays(store::Store& store,
                                                             const config::Config& config,
                                                             const mail::Mail& mail,
                                                             const policy::Plan& plan) {
    std::map<std::string, std::vector<std::size_t>> rotas;
    for (std::size_t i = 0; i < plan.recipients.size(); ++i) {
        if (plan.recipients[i].fate == policy::RecipientPlan::Fate::relay)
            rotas[plan.recipients[i].rota].push_back(i);
    }
    std::vector<runtime::RelayRehearsal> relays;
    if (rotas.empty()) return relays;
    const auto carriers = runtime::Carriers::without_secrets(config);
    for (const auto& [rota, places] : rotas) {
        auto rehearsal = ask(store, [&](store::Transaction& transaction) {
            return runtime::rehearse_relay(transaction, carriers, rota, mail, places);
        });
        if (!rehearsal) return tl::unexpected(rehearsal.error());
        relays.push_back(*std::move(rehearsal));
    }
    return relays;
}

// Answers with the state as it is; nothing of the answer is written.
Exit rehearse(mail::Mail mail, const config::Loaded& loaded, Console& console) {
    const config::ListenerSettings& listener = *loaded.config->listener(mail.origin.listener);
    auto answered = answer_recipients(*loaded.policy, listener, mail);
    const auto opened = open_for_looking(*loaded.config);
    if (!opened) return fail(console, opened.error());
    if (opened->stand_in) console.err << "mailrota: there is no database yet: explained with an empty one\n";
    const auto secret = opened->store->trace_secret();
    if (!secret) return fail(console, secret.error());
    runtime::Intake intake(*opened->store, *secret, [at = mail.arrived] { return at; });
    const auto granularity =
        by_milter(listener) ? policy::Granularity::whole_mail_only : policy::Granularity::per_recipient;
    auto rehearsal = intake.rehearse(*loaded.policy, mail, granularity);
    if (rehearsal.taken.trouble) return fail(console, *rehearsal.taken.trouble);
    auto relays = rehearse_relays(*opened->store, *loaded.config, mail, rehearsal.taken.plan);
    if (!relays) return fail(console, relays.error());
    const Explanation explanation{
        listener, *loaded.policy, mail, std::move(answered), std::move(rehearsal), *std::move(relays)};
    if (console.json) {
        print_json(explanation, console.out);
    } else {
        print_text(explanation, console);
    }
    return Exit::fine;
}

}  // namespace

Exit explain(const ExplainQuestion& question, Console& console) {
    const auto loaded = load_configuration(question.config_file, console);
    if (!loaded) return Exit::no;
    const auto at = question.at ? parse_time(*question.at) : console.clock();
    if (!at) return fail(console, Exit::usage, "--at: " + at.error().text);
    auto message = read_message(question.message, console);
    if (!message) return fail(console, Exit::no, message.error().text);
    auto mail = mail_in_question(question, std::move(*message), *loaded, *at);
    if (!mail) return fail(console, Exit::usage, mail.error().text);
    return rehearse(*std::move(mail), *loaded, console);
}

}  // namespace mailrota::ctl
