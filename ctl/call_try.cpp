
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <exception>
#include <ostream>

#include "core/config/load_phone_words.h"
#include "core/policy/safe_text.h"
#include "core/runtime/contact_step.h"
#include "core/runtime/random_id.h"
#include "core/runtime/telephones.h"
#include "ctl/call_trial.h"
#include "ctl/incident_commands.h"
#include "ctl/state.h"
#include "ctl/test_phrase.h"

// mailrota call test: a real call.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Contact;
using policy::without_controls;

Contact contact_of(const CallRequest& request, const config::CallSettings& calls,
                   const std::string& account) {
    Contact contact;
    contact.id = runtime::random_id();
    contact.way = request.sms ? Contact::Way::sms : Contact::Way::call;
    contact.number = request.number;
    contact.language = calls.language;
    contact.voice = calls.voice;
    contact.account = account;
    return contact;
}

TriedCall carry_out(CallTrial trial) {
    TriedCall told;
    boost::asio::io_context context(1);
    boost::asio::co_spawn(context, try_call(std::move(trial)),
                          [&](const std::exception_ptr& fault, TriedCall tried) {
                              if (fault) std::rethrow_exception(fault);
                              told = std::move(tried);
                          });
    context.run();
    return told;
}

// What a status means, as it comes.
std::string_view meaning(std::string_view status) {
    if (status == "queued" || status == "accepted") return "the account has taken it";
    if (status == "ringing") return "it rings";
    if (status == "in-progress") return "it was answered, and is being read out";
    if (status == "completed") return "it was answered, and is over";
    if (status == "busy") return "the number is busy";
    if (status == "no-answer") return "nobody has answered";
    if (status == "failed") return "it did not get through";
    if (status == "canceled") return "somebody cancelled it";
    if (status == "sent") return "the network has taken it";
    if (status == "delivered") return "it has arrived";
    if (status == "undelivered") return "it has not arrived";
    return "";
}

// What it comes to in the end.
std::string conclusion(const TriedCall& tried) {
    const Contact& contact = tried.contact;
    const bool by_sms = contact.way == Contact::Way::sms;
    const std::string why = tried.words.empty() ? "" : ": " + without_controls(tried.words);
    if (tried.refused) return "the account " + contact.account + " has not taken it" + why;
    if (tried.reached && by_sms)
        return contact.status == "delivered" ? "the SMS has arrived" : "the SMS is on its way";
    if (tried.reached)
        return "the call was answered" + (contact.answered_by.empty()
                                              ? std::string(", by a person or a machine")
                                              : " by " + without_controls(contact.answered_by));
    if (!contact.over()) return "it is not known how it ended: it took too long";
    return std::string(by_sms ? "the SMS has not arrived" : "the call reached nobody") + why;
}

// A number that was reached may be called again. False: the store is not available, which is told.
bool unbar(const config::Config& config, const Contact& contact, Console& console) {
    const auto looked = open_for_looking(config);
    if (looked && looked->stand_in) return true;
    const auto store = open_for_change(config);
    const auto key = runtime::bar_key(contact.way, contact.number);
    bool was_barred = false;
    const auto written = !store ? Result<void>(tl::unexpected(store.error()))
                                : (*store)->write({std::string(store::incidents_lock)},
                                                  [&](store::Transaction& transaction) -> Result<void> {
                                                      const auto done = transaction.unbar(key);
                                                      if (!done) return tl::unexpected(done.error());
                                                      was_barred = *done;
                                                      return {};
                                                  });
    if (!written) {
        fail(console, Exit::away, "the number could not be unbarred: " + written.error().text);
        return false;
    }
    if (was_barred && !console.json)
        console.out << contact.number << " was barred, and may be called again\n";
    return true;
}

void print_json(const TriedCall& tried, const std::vector<std::string>& statuses, std::ostream& out) {
    json::array states;
    for (const std::string& status : statuses) states.push_back(json::string(status));
    out << json::object{{"number", tried.contact.number},
                        {"way", to_string(tried.contact.way)},
                        {"account", tried.contact.account},
                        {"provider_id", without_controls(tried.contact.provider_id)},
                        {"reached", tried.reached},
                        {"states", std::move(states)},
                        {"answered_by", without_controls(tried.contact.answered_by)},
                        {"words", conclusion(tried)}}
        << '\n';
}

Exit try_through(const providers::Telephone& telephone, const config::Config& config,
                 const CallRequest& request, Console& console) {
    const std::string& account = telephone.settings().name;
    if (!console.json)
        console.out << (request.sms ? "writing to " : "calling ") << request.number << " through " << account
                    << std::endl;
    std::vector<std::string> statuses;
    const auto tell = [&](std::string_view status) {
        statuses.push_back(without_controls(status));
        if (console.json) return;
        const std::string_view means = meaning(status);
        console.out << "  " << statuses.back() << (means.empty() ? "" : ": ") << means << std::endl;
    };
    const TriedCall tried = carry_out({telephone, config.calls, contact_of(request, config.calls, account),
                                       std::string(test_phrase(config.calls.language)), tell});
    if (console.json)
        print_json(tried, statuses, console.out);
    else if (tried.reached)
        console.out << conclusion(tried) << '\n';
    else
        fail(console, Exit::no, conclusion(tried));
    if (!tried.reached) return Exit::no;
    return unbar(config, tried.contact, console) ? Exit::fine : Exit::away;
}

}  // namespace

Exit call_try(const CallRequest& request, Console& console) {
    if (!config::is_phone_number(request.number))
        return fail(console, Exit::usage,
                    policy::quoted(request.number) +
                        " is no telephone number with its country code, as in +15550100");
    const auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return Exit::no;
    const config::Config& config = *loaded->config;
    if (config.telephones.empty()) return fail(console, Exit::no, "the configuration has no telephone");
    const std::string name = request.account.empty() && !config.calls.accounts.empty()
                                 ? config.calls.accounts.front()
                                 : request.account;
    const config::TelephoneSettings* settings = config.telephone(name);
    if (settings == nullptr) return fail(console, Exit::no, "there is no telephone " + policy::quoted(name));
    // Only this account's keys are read: another's that is missing does not stand in its way.
    config::Config alone = config;
    alone.telephones = {*settings};
    const auto telephones = runtime::Telephones::open(alone);
    if (!telephones) return fail(console, Exit::no, telephones.error().text);
    return try_through(*(*telephones)->account(name), config, request, console);
}

}  // namespace mailrota::ctl
