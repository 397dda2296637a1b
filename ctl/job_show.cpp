#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <ostream>

#include "core/mail/message.h"
#include "ctl/amount_text.h"
#include "ctl/commands.h"
#include "ctl/job_text.h"
#include "ctl/state.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using runtime::DeliverJob;
using store::Job;

constexpr std::array shown_headers = {"From", "To", "Subject"};

// A job, and what it sends if that is still kept.
struct ShownJob {
    Job job;
    std::optional<mail::Message> message;
    std::size_t events = 0;  // that are to be handed on
    std::string about;       // of a job about an incident
};

Result<std::string> about_incident(store::Transaction& transaction, const Job& job) {
    if (!is_about_incident(job)) return std::string();
    const auto contact = transaction.contact(contact_of(job));
    if (!contact) return tl::unexpected(contact.error());
    return about_text(job, *contact);
}

Result<std::optional<ShownJob>> find_job(store::Transaction& transaction, std::int64_t id) {
    auto job = transaction.job(id);
    if (!job) return tl::unexpected(job.error());
    if (!*job) return std::nullopt;
    ShownJob shown{**std::move(job), std::nullopt, 0, {}};
    auto about = about_incident(transaction, shown.job);
    if (!about) return tl::unexpected(about.error());
    shown.about = *std::move(about);
    if (!shown.about.empty()) return shown;
    if (shown.job.state == Job::State::done) return shown;
    auto bytes = transaction.job_bytes(id);
    if (!bytes) return tl::unexpected(bytes.error());
    if (is_hand_on(shown.job))
        shown.events = static_cast<std::size_t>(std::ranges::count(*bytes, '\n'));
    else
        shown.message = mail::Message::from_bytes(*std::move(bytes));
    return shown;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string in_brackets(const std::vector<std::string>& parameters) {
    return parameters.empty() ? "" : " (" + joined(parameters) + ")";
}

std::string dated(store::Time time, store::Time now) {
    return local_text(time) + " (" + from_now_text(time, now) + ")";
}

std::string recipient_text(const DeliverJob::Recipient& recipient) {
    const bool other = recipient.original != recipient.address;
    return recipient.address + (other ? ", offered as " + recipient.original : "") +
           in_brackets(recipient.parameters);
}

void add_delivery(Table& table, const DeliverJob& delivery) {
    table.add({"to", destination_of(delivery)});
    if (is_notification(delivery)) {
        table.add({"sender", "none: a notification of ours"});
    } else {
        table.add({"sender", (delivery.sender.empty() ? "<>" : delivery.sender) +
                                 in_brackets(delivery.sender_parameters)});
    }
    for (const auto& recipient : delivery.recipients) table.add({"recipient", recipient_text(recipient)});
    if (!delivery.queue_id.empty()) table.add({"queue id", delivery.queue_id});
}

void add_message(Table& table, const std::optional<mail::Message>& message) {
    if (!message) {
        table.add({"message", "not kept any more"});
        return;
    }
    table.add({"message", size_text(message->bytes().size())});
    for (const char* name : shown_headers)
        for (const std::string& value : message->header(name)) table.add({name, value});
}

void print(const ShownJob& shown, store::Time now, Console& console) {
    const Job& job = shown.job;
    Table table({fmt::format("JOB {}", job.id), job.kind});
    table.add({"state", state_cell(job)});
    table.add({"due", due_text(job, now)});
    table.add({"created", dated(job.created, now)});
    table.add({"expires", dated(job.expires, now)});
    table.add({"attempts", fmt::format("{}", job.attempts)});
    table.add({"last", job.last.empty() ? "-" : job.last});
    table.add({"mail", job.mail.empty() ? "-" : job.mail});
    table.add({"key", key_text(job)});
    const auto delivery = delivery_of(job);
    if (delivery) {
        add_delivery(table, *delivery);
    } else if (!shown.about.empty()) {
        table.add({"about", shown.about});
    } else {
        table.add({"payload", job.payload});
    }
    if (is_hand_on(job))
        table.add({"events", shown.events == 0 ? "not kept any more" : fmt::format("{}", shown.events)});
    else if (shown.about.empty())
        add_message(table, shown.message);
    table.print(console.out, console.colours);
}

json::object of_shown(const ShownJob& shown) {
    json::object object = to_json(shown.job);
    if (is_hand_on(shown.job)) object["events"] = shown.events;
    if (!shown.message) return object;
    json::object message{{"size", shown.message->bytes().size()}};
    for (const char* name : shown_headers) message[name] = json::value_from(shown.message->header(name));
    object["message"] = std::move(message);
    return object;
}

}  // namespace

Exit job_show(const std::string& config_file, std::int64_t id, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const auto shown =
        ask(*view->opened.store, [&](store::Transaction& transaction) { return find_job(transaction, id); });
    if (!shown) return fail(console, shown.error());
    if (!*shown) return fail(console, Exit::no, fmt::format("there is no job {}", id));
    if (console.json) {
        console.out << of_shown(**shown) << '\n';
    } else {
        print(**shown, console.clock(), console);
    }
    return Exit::fine;
}

}  // namespace mailrota::ctl
