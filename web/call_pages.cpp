#include "web/call_pages.h"

#include <algorithm>
#include <utility>

#include "core/providers/twiml.h"
#include "core/runtime/alert_jobs.h"
#include "core/runtime/sms_reply.h"
#include "web/call_words.h"

namespace mailrota::web {

namespace asio = boost::asio;
using policy::Contact;
using policy::Incident;
using providers::Command;
using runtime::LogLine;
using runtime::Obeyed;

// A signed request with its form, and the contact and incident that it is about.
struct CallPages::Visit {
    std::shared_ptr<const runtime::Telephones> telephones;
    providers::Form form;
    std::string contact_id;  // of the path; empty: none
    Contact contact;
    Incident incident;

    const config::CallSettings& calls() const { return telephones->calls(); }
    std::string language() const { return contact.language.empty() ? calls().language : contact.language; }
    providers::Speech speech(std::string text) const {
        return {std::move(text), language(), contact.voice.empty() ? calls().voice : contact.voice,
                incident.acknowledge == policy::Acknowledge::digit};
    }
};

namespace {

constexpr std::uint64_t most_of_a_callback = 100'000;
// Refusals of one second that are told in the log, and that are answered at all.
constexpr int most_told = 10;
constexpr int most_answered = 200;
constexpr std::string_view prefix = "/call";

Response nobody_here() { return error_response(404, "there is nothing here"); }

Response come_again() {
    auto response = error_response(503, "cannot be taken now");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

Response document(std::string xml) {
    Response response;
    response.type = "text/xml; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = Body::of(std::move(xml));
    return response;
}

Response noted() {
    Response response;
    response.status = 204;
    return response;
}

bool is_contact_id(std::string_view text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The URL as the other side was given it, with the query that it came with.
providers::CallbackRequest callback_of(const Request& request, const std::string& public_url) {
    const std::string path = request.target.path.substr(std::min(prefix.size(), request.target.path.size()));
    std::string url = public_url + path;
    if (!request.target.raw_query.empty()) url += "?" + request.target.raw_query;
    return {request.method, std::move(url), std::string(request.header("Content-Type")),
            std::string(request.header("X-Twilio-Signature")), request.body};
}

}  // namespace

CallPages::CallPages(Services services, std::shared_ptr<const runtime::Telephones> telephones)
    : services_(std::move(services)), telephones_(std::move(telephones)) {}

void CallPages::add_to(Router& router) {
    add(router, "/call/sms", &CallPages::sms);
    add(router, "/call/{contact}/twiml", &CallPages::twiml);
    add(router, "/call/{contact}/digit", &CallPages::digit);
    add(router, "/call/{contact}/status", &CallPages::status);
}

void CallPages::add(Router& router, const std::string& path, Page page) {
    const auto handle = [this, page](Request request) { return enter(std::move(request), page); };
    router.add({"GET", path, handle});
    router.add({"POST", path, handle, most_of_a_callback});
}

asio::awaitable<Response> CallPages::enter(Request request, Page page) {
    const SharedVisit visit = let_in(request);
    if (!visit) co_return refuse(request, "the signature is wrong");
    if (visit->contact_id.empty()) {
        Response answered = co_await (this->*page)(visit);
        co_return answered;
    }
    const Result<bool> found = co_await find(visit);
    if (!found) co_return come_again();
    if (!*found) co_return refuse(request, "no such call");
    Response answered = co_await (this->*page)(visit);
    co_return answered;
}

CallPages::SharedVisit CallPages::let_in(const Request& request) {
    auto visit = std::make_shared<Visit>();
    visit->telephones = telephones_.get();
    if (visit->calls().outbound_only()) return nullptr;
    const auto named = request.named.find("contact");
    if (named != request.named.end()) {
        if (!is_contact_id(named->second)) return nullptr;
        visit->contact_id = named->second;
    }
    const auto callback = callback_of(request, visit->calls().public_url);
    const auto tokens = visit->telephones->tokens();
    if (!providers::genuine(callback, tokens)) return nullptr;
    auto form = providers::callback_form(callback);
    if (!form) return nullptr;
    visit->form = *std::move(form);
    return visit;
}

asio::awaitable<Result<bool>> CallPages::find(SharedVisit visit) {
    bool found = false;
    const auto now = services_.clock();
    const auto read = co_await services_.store.read([&](store::Transaction& transaction) -> Result<void> {
        const auto contact = transaction.contact(visit->contact_id);
        if (!contact) return tl::unexpected(contact.error());
        if (!*contact || now > (*contact)->made + visit->calls().expire) return {};
        const auto incident = transaction.incident((*contact)->incident);
        if (!incident) return tl::unexpected(incident.error());
        if (!*incident) return {};
        visit->contact = **contact;
        visit->incident = **incident;
        found = true;
        return {};
    });
    if (!read) co_return tl::unexpected(read.error());
    co_return found;
}

Response CallPages::say_again(const Visit& visit) const {
    const auto urls = providers::urls_of(visit.calls().public_url, visit.contact.id);
    return document(providers::call_document(visit.speech(visit.incident.say), urls.digit,
                                             providers::served_document_most));
}

asio::awaitable<Response> CallPages::twiml(SharedVisit visit) {
    const auto& phrases = providers::phrases(visit->language());
    if (!visit->incident.live(services_.clock()))
        co_return document(providers::answer_document(phrases.over, visit->speech({})));
    const auto who = taken_by(*services_.policy(), visit->incident, visit->contact);
    if (who.empty()) co_return say_again(*visit);
    co_return document(providers::answer_document(providers::taken_on_by(who, phrases), visit->speech({})));
}

asio::awaitable<Response> CallPages::digit(SharedVisit visit) {
    const auto command = providers::read_digit(providers::value_of(visit->form, "Digits"));
    const auto& phrases = providers::phrases(visit->language());
    if (command.what == Command::Do::repeat) co_return say_again(*visit);
    const auto urls = providers::urls_of(visit->calls().public_url, visit->contact.id);
    if (command.what == Command::Do::unknown || command.what == Command::Do::stop)
        co_return document(
            providers::answer_document(phrases.unknown_key, visit->speech(visit->incident.say), urls.digit));
    const auto policy = services_.policy();
    Obeyed obeyed;
    const auto now = services_.clock();
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        const auto incident = transaction.incident(visit->incident.number);
        if (!incident) return tl::unexpected(incident.error());
        auto contact = transaction.contact(visit->contact.id);
        if (!contact) return tl::unexpected(contact.error());
        if (!*incident || !*contact) return invalid("the call is gone");
        // Whoever pressed a key hears the answer: this call is not cut off.
        (*contact)->human = true;
        if (auto put = transaction.put_contact(**contact); !put) return put;
        auto did = runtime::obey(transaction, *policy, **incident, command.what, (*contact)->member, now);
        if (!did) return tl::unexpected(did.error());
        obeyed = *std::move(did);
        return {};
    };
    const Result<void> done = co_await services_.store.write(std::move(work), runtime::incidents_only());
    if (!done) {
        services_.log.error(LogLine("key-not-taken")
                                .with("incident", visit->incident.number)
                                .with("reason", done.error().text));
        co_return come_again();
    }
    services_.log.info(LogLine("key")
                           .with("incident", visit->incident.number)
                           .with("member", visit->contact.member)
                           .with("outcome", runtime::to_string(obeyed.what)));
    const auto who = taken_by(*policy, obeyed.incident, visit->contact);
    co_return document(providers::answer_document(sentence(phrases, obeyed.what, who), visit->speech({})));
}

asio::awaitable<Response> CallPages::status(SharedVisit visit) {
    const auto news = visit->contact.way == Contact::Way::call ? providers::read_call_status(visit->form)
                                                               : providers::read_sms_status(visit->form);
    const auto now = services_.clock();
    const auto policy = services_.policy();
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        // The incident first, as everybody does who changes both.
        if (auto locked = transaction.incident(visit->incident.number); !locked)
            return tl::unexpected(locked.error());
        const auto contact = transaction.contact(visit->contact.id);
        if (!contact) return tl::unexpected(contact.error());
        if (!*contact) return {};
        return runtime::take_news(transaction, *policy, **contact, news, now);
    };
    const Result<void> done = co_await services_.store.write(std::move(work), runtime::incidents_only());
    if (done) co_return noted();
    services_.log.error(LogLine("callback-not-taken")
                            .with("incident", visit->incident.number)
                            .with("reason", done.error().text));
    co_return come_again();
}

asio::awaitable<Response> CallPages::sms(SharedVisit visit) {
    const auto value = [&](std::string_view name) {
        return std::string(providers::value_of(visit->form, name));
    };
    const auto now = services_.clock();
    const providers::ListedMessage message{value("MessageSid"), value("From"), value("To"), value("Body"),
                                           now};
    const auto policy = services_.policy();
    runtime::Replied replied;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto taken = runtime::take_reply(transaction, *policy, value("AccountSid"), message, now);
        if (!taken) return tl::unexpected(taken.error());
        replied = *std::move(taken);
        return {};
    };
    const Result<void> done = co_await services_.store.write(std::move(work), runtime::incidents_only());
    if (!done) {
        services_.log.error(LogLine("reply-not-taken").with("reason", done.error().text));
        co_return come_again();
    }
    services_.log.info(LogLine("reply")
                           .with("from", message.from)
                           .with("incident", replied.incident)
                           .with("outcome", runtime::to_string(replied)));
    if (replied.what != runtime::Replied::What::obeyed) co_return document(providers::empty_document());
    const auto& phrases =
        providers::phrases(replied.language.empty() ? visit->calls().language : replied.language);
    co_return document(providers::message_document(sentence(phrases, replied.obeyed, replied.taken_by)));
}

// Strangers learn nothing, and fill no log.
Response CallPages::refuse(const Request& request, const char* why) {
    if (may_log())
        services_.log.warning(
            LogLine("call-refused").with("client", request.client.shown()).with("reason", why));
    if (refusals_ > most_answered) return error_response(429, "too many requests");
    return nobody_here();
}

bool CallPages::may_log() {
    const std::int64_t second = services_.clock().time_since_epoch().count();
    if (second_.exchange(second) != second) refusals_ = 0;
    return ++refusals_ <= most_told;
}

}  // namespace mailrota::web
