#include "core/runtime/relay_call.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/runtime/relay_smtp.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using providers::Answer;
using providers::RecipientAnswer;
using std::chrono::seconds;
using Kind = RecipientAnswer::Kind;

constexpr std::chrono::milliseconds longest_connect{10'000};

Answer same_for_all(std::size_t recipients, Kind kind, const std::string& words) {
    Answer answer;
    answer.recipients.assign(recipients, {kind, {}, {}, words});
    return answer;
}

HttpTerms terms_of(const Carrier& carrier, seconds within) {
    HttpTerms terms;
    terms.whole = std::min(carrier.settings.timeout, within);
    terms.silence = terms.whole;
    terms.connect = std::min(terms.whole, longest_connect);
    terms.ca_file = carrier.settings.ca_file;
    terms.proxy = carrier.settings.proxy;
    return terms;
}

asio::awaitable<Called> call_by_http(Relay::Services& services, const Carrier& carrier,
                                     providers::Outgoing mail, seconds within) {
    auto request = carrier.dialect->send(mail);
    if (!request) {
        Called refused{same_for_all(mail.recipients.size(), Kind::bad_message_here, request.error().text),
                       false};
        co_return refused;
    }
    const HttpTerms terms = terms_of(carrier, within);
    const providers::HttpOutcome outcome = co_await services.http.send(*std::move(request), terms);
    Called called;
    if (const auto* answer = std::get_if<providers::HttpAnswer>(&outcome))
        called.answer = carrier.dialect->read_send(mail, *answer);
    else
        called.answer = providers::read_failure(mail, std::get<providers::HttpFailure>(outcome));
    co_return called;
}

// RCPT's parameters as they came with the mail.
std::vector<std::string> parameters_of(const Parcel& parcel, const std::optional<std::size_t>& place) {
    return place ? parcel.consignment.recipients[*place].parameters : std::vector<std::string>();
}

asio::awaitable<Called> call_by_smtp(Relay::Services& services, const Parcel& parcel, const Carrier& carrier,
                                     Begun begun, providers::Outgoing mail, seconds within) {
    const auto edits = providers::smtp_headers(carrier.settings, mail);
    const std::string header = mail::edited_header(mail.message, edits);
    wire::OutgoingMail sent;
    sent.sender = mail.sender;
    sent.sender_parameters = parcel.consignment.sender_parameters;
    for (std::size_t i = 0; i < mail.recipients.size(); ++i)
        sent.recipients.push_back({mail.recipients[i], parameters_of(parcel, begun.recipients[i])});
    sent.content = {header, mail.message.body()};
    config::Endpoint endpoint = smtp_host(carrier);
    const seconds longest = std::min(carrier.settings.timeout, within);
    const Sent results = co_await services.connections.send(std::move(endpoint), std::move(sent), longest);
    Called called{answer_of(results.results), results.tried};
    co_return called;
}

}  // namespace

asio::awaitable<Called> call_provider(Relay::Services& services, const Parcel& parcel, Begun begun,
                                      seconds within) {
    const Carrier& carrier = *parcel.carrier(begun.attempt.provider);
    std::vector<std::string> addresses;
    for (const auto& recipient : begun.attempt.recipients) addresses.push_back(recipient.address);
    const std::size_t count = addresses.size();
    const Slots::Slot slot = co_await carrier.slots->take(std::min(carrier.settings.timeout, within));
    if (!slot) {
        Called busy{same_for_all(count, Kind::temporary, "too many calls are under way"), false};
        co_return busy;
    }
    providers::Outgoing mail = outgoing(parcel, carrier, std::move(addresses), begun.attempt.id);
    Called called;
    if (carrier.dialect)
        called = co_await call_by_http(services, carrier, std::move(mail), within);
    else
        called = co_await call_by_smtp(services, parcel, carrier, std::move(begun), std::move(mail), within);
    called.answer.recipients.resize(count, {Kind::uncertain, {}, {}, "no word on this recipient"});
    co_return called;
}

asio::awaitable<providers::LookUp> ask_provider(Relay::Services& services, const Parcel& parcel,
                                                store::RelayAttempt attempt, seconds within) {
    const Carrier& carrier = *parcel.carrier(attempt.provider);
    // About the last call: of those before it the provider was asked when they were in doubt.
    providers::HttpRequest request = carrier.dialect->look_up(attempt.id, attempt.last);
    const HttpTerms terms = terms_of(carrier, within);
    const providers::HttpOutcome outcome = co_await services.http.send(std::move(request), terms);
    providers::LookUp found;
    if (const auto* answer = std::get_if<providers::HttpAnswer>(&outcome))
        found = carrier.dialect->read_look_up(attempt.id, *answer);
    else
        found.words = std::get<providers::HttpFailure>(outcome).words;
    co_return found;
}

}  // namespace mailrota::runtime
