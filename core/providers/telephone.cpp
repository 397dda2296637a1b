#include "core/providers/telephone.h"

#include <algorithm>
#include <utility>

#include "core/providers/hook_check.h"
#include "core/providers/hook_time.h"
#include "core/providers/phone_form.h"

namespace mailrota::providers {
namespace {

using Way = policy::Contact::Way;
using Account = config::TelephoneSettings;

// Entries of one page, the newest. Of calls to one number the most that there may be; of what strangers write
// to ours so many that an answer can always be read.
constexpr std::string_view most_sent = "1000";
constexpr std::string_view most_received = "200";

HttpRequest asked(const Account& account, const TelephoneKeys& keys, std::string_view path) {
    HttpRequest request;
    request.url = account.base_url + "/2010-04-01/Accounts/" + percent_encoded(account.account);
    request.url += path;
    request.headers.emplace_back("Accept", "application/json");
    request.authorization = HttpRequest::Basic{account.user, keys.secret};
    return request;
}

HttpRequest posted(HttpRequest request, const Form& form) {
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = form_text(form);
    return request;
}

std::string_view collection(Way way) { return way == Way::call ? "/Calls" : "/Messages"; }

std::string item(const policy::Contact& contact) {
    std::string path(collection(contact.way));
    return path + '/' + percent_encoded(contact.provider_id) + ".json";
}

// The day from which on what was made `since` is listed, whichever clock is ahead.
std::string first_day(std::chrono::sys_seconds since) {
    constexpr std::size_t date_size = std::string_view("2024-02-29").size();
    return time_text(since - clock_skew).substr(0, date_size);
}

void add_status_callbacks(Form& form, const std::string& url) {
    form.emplace_back("StatusCallback", url);
    form.emplace_back("StatusCallbackMethod", "POST");
    for (const char* event : {"initiated", "ringing", "answered", "completed"})
        form.emplace_back("StatusCallbackEvent", event);
}

// Asynchronous: the call speaks at once. Without a callback the result is told by the call itself later.
void add_machine_detection(Form& form, const std::string& url) {
    form.emplace_back("MachineDetection", "Enable");
    form.emplace_back("AsyncAmd", "true");
    if (url.empty()) return;
    form.emplace_back("AsyncAmdStatusCallback", url);
    form.emplace_back("AsyncAmdStatusCallbackMethod", "POST");
}

}  // namespace

std::string_view to_string(PhoneOutcome outcome) {
    switch (outcome) {
        case PhoneOutcome::accepted:
            return "accepted";
        case PhoneOutcome::number:
            return "number";
        case PhoneOutcome::configuration:
            return "configuration";
        case PhoneOutcome::callback:
            return "callback";
        case PhoneOutcome::blocked:
            return "blocked";
        case PhoneOutcome::account:
            return "account";
        case PhoneOutcome::temporary:
            return "temporary";
        case PhoneOutcome::uncertain:
            return "uncertain";
        case PhoneOutcome::benign:
            return "benign";
    }
    return "uncertain";
}

CallUrls urls_of(std::string_view public_url, std::string_view contact) {
    if (public_url.empty()) return {};
    std::string base(public_url);
    base += '/';
    base += contact;
    return {base + "/twiml", base + "/digit", base + "/status"};
}

Telephone::Telephone(config::TelephoneSettings settings, TelephoneKeys keys)
    : settings_(std::move(settings)), keys_(std::move(keys)) {}

HttpRequest Telephone::place_call(const policy::Contact& contact, const CallUrls& urls,
                                  const std::optional<std::string>& twiml, std::chrono::seconds ring) const {
    constexpr std::chrono::seconds shortest_ring{1};
    constexpr std::chrono::seconds longest_ring{600};
    Form form{{"To", contact.number}, {"From", settings_.from}};
    if (twiml) {
        form.emplace_back("Twiml", *twiml);
    } else {
        form.emplace_back("Url", urls.twiml);
        form.emplace_back("Method", "POST");
    }
    if (!urls.status.empty()) add_status_callbacks(form, urls.status);
    form.emplace_back("Timeout", std::to_string(std::clamp(ring, shortest_ring, longest_ring).count()));
    if (settings_.detect_machines) add_machine_detection(form, urls.status);
    return posted(asked(settings_, keys_, "/Calls.json"), form);
}

HttpRequest Telephone::send_sms(const policy::Contact& contact, std::string_view body,
                                std::string_view status_url) const {
    Form form{{"To", contact.number}};
    if (settings_.messaging_service.empty()) {
        form.emplace_back("From", settings_.from);
    } else {
        form.emplace_back("MessagingServiceSid", settings_.messaging_service);
    }
    form.emplace_back("Body", body);
    if (!status_url.empty()) form.emplace_back("StatusCallback", status_url);
    return posted(asked(settings_, keys_, "/Messages.json"), form);
}

HttpRequest Telephone::fetch(const policy::Contact& contact) const {
    return asked(settings_, keys_, item(contact));
}

HttpRequest Telephone::cancel(const policy::Contact& contact, bool talking) const {
    const bool ends = talking && contact.way == Way::call;
    return posted(asked(settings_, keys_, item(contact)), {{"Status", ends ? "completed" : "canceled"}});
}

HttpRequest Telephone::list_sent(Way way, std::string_view to, std::chrono::sys_seconds since) const {
    const Form query{{"To", std::string(to)},
                     {way == Way::call ? "StartTime>" : "DateSent>", first_day(since)},
                     {"PageSize", std::string(most_sent)}};
    return asked(settings_, keys_, std::string(collection(way)) + ".json?" + form_text(query));
}

// Without a number of its own (a messaging service has several) all of the account's messages are listed.
HttpRequest Telephone::list_received(std::chrono::sys_seconds since) const {
    Form query{{"DateSent>", first_day(since)}, {"PageSize", std::string(most_received)}};
    if (settings_.messaging_service.empty()) query.insert(query.begin(), {"To", settings_.from});
    return asked(settings_, keys_, "/Messages.json?" + form_text(query));
}

HttpRequest Telephone::probe() const { return asked(settings_, keys_, ".json"); }

}  // namespace mailrota::providers
