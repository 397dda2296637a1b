#include "core/runtime/contact_request.h"

#include <optional>

#include "core/providers/twiml.h"

namespace mailrota::runtime {
namespace {

using policy::Contact;
using providers::CallUrls;

std::string language_of(const Contact& contact, const config::CallSettings& calls) {
    return contact.language.empty() ? calls.language : contact.language;
}

// Nothing: it is to be fetched.
std::optional<std::string> document(const ContactStep& step, const CallUrls& urls,
                                    const config::CallSettings& calls) {
    const providers::Speech speech{
        step.incident.say, language_of(step.contact, calls),
        step.contact.voice.empty() ? calls.voice : step.contact.voice,
        step.incident.acknowledge == policy::Acknowledge::digit && !urls.digit.empty()};
    const auto whole = providers::call_document(speech, urls.digit, providers::served_document_most);
    if (whole.size() <= providers::inline_document_most) return whole;
    if (!urls.twiml.empty()) return std::nullopt;
    return providers::call_document(speech, urls.digit, providers::inline_document_most);
}

}  // namespace

providers::HttpRequest contact_request(const Telephones& telephones, const providers::Telephone& telephone,
                                       const ContactStep& step, const ContactJob& job) {
    const auto& calls = telephones.calls();
    const auto urls = job.plain ? CallUrls{} : providers::urls_of(calls.public_url, step.contact.id);
    if (step.contact.way == Contact::Way::call)
        return telephone.place_call(step.contact, urls, document(step, urls, calls), calls.ring);
    const std::string& text = step.incident.text.empty() ? step.incident.say : step.incident.text;
    return telephone.send_sms(
        step.contact, providers::sms_body(text, step.incident.number, language_of(step.contact, calls)),
        urls.status);
}

}  // namespace mailrota::runtime
