// Any bytes are a callback's body or query, what somebody answers by SMS, the provider's answer and the text
// of a call: nothing crashes, nothing unsigned is believed, what is read stays within its limits, a contact
// that is over stays so, and a document keeps its size.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/mail/text_encoding.h"
#include "core/providers/telephone.h"
#include "core/providers/twiml.h"

namespace {

using namespace mailrota;
using namespace mailrota::providers;
using policy::Contact;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'000}};

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_clean(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return text.size() <= 600 && mail::is_utf8(text) && std::none_of(text.begin(), text.end(), control);
}

void check_news(const PhoneNews& news) {
    for (const auto* text : {&news.provider_id, &news.status, &news.answered_by, &news.sip, &news.words})
        require(is_clean(*text));
    require(news.sequence >= -1 && news.code >= 0);
    for (const auto way : {Contact::Way::call, Contact::Way::sms}) {
        Contact contact;
        contact.way = way;
        contact.state = Contact::State::begun;
        const auto next = after(contact, news, now);
        if (!next) continue;
        require(is_clean(next->words) && next->over() == (next->ended == now));
        require(!next->over() || !after(*next, news, now));
    }
}

void check_callback(const CallbackRequest& request, const std::vector<std::string>& tokens) {
    require(!genuine(request, tokens));
    const auto form = callback_form(request);
    if (!form) return require(!form.error().text.empty());
    require(form->size() <= 200);
    check_news(read_call_status(*form));
    check_news(read_sms_status(*form));
    read_digit(value_of(*form, "Digits"));
    const Command command = read_reply(value_of(*form, "Body"));
    require(!command.incident || *command.incident > 0);
}

void check_answer(std::string_view text) {
    for (const int status : {200, 201, 400, 404, 429, 500}) {
        const HttpAnswer answer{status, {}, std::string(text)};
        for (const auto& read : {Telephone::read_sent(answer), Telephone::read_cancelled(answer),
                                 Telephone::read_probe(answer)}) {
            require(is_clean(read.words) && is_clean(read.provider_id) && is_clean(read.status));
            require(read.outcome != PhoneOutcome::accepted || (status < 300 && !read.provider_id.empty()));
        }
        if (const auto news = Telephone::read_fetched(Contact::Way::call, answer)) check_news(*news);
        const auto calls = Telephone::read_list(Contact::Way::call, answer);
        require(!calls || status == 200);
        const auto messages = Telephone::read_received(answer);
        if (!messages) continue;
        for (const ListedMessage& each : *messages)
            require(is_clean(each.from) && is_clean(each.id) && mail::is_utf8(each.body));
    }
}

void check_text(const std::string& text) {
    const std::string words = spoken(text, 500);
    require(mail::is_utf8(words) && words.find_first_of("\r\n\t") == std::string::npos);
    const std::string document = call_document({text, text.substr(0, 5), "", true}, "https://a/", 4000);
    require(document.size() <= 4000 && mail::is_utf8(document) && document.ends_with("</Response>"));
    require(mail::is_utf8(sms_body(text, 17, "de")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<std::string> tokens{"a token that signs nothing", ""};
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::string url = "https://mail.example.com/call/0011/status";
    check_callback({"POST", url, "application/x-www-form-urlencoded", "AAAA", text}, tokens);
    check_callback({"GET", url + '?' + text, "", "AAAA", ""}, tokens);
    check_callback({"POST", text, "application/json", text, text}, tokens);
    read_reply(text);
    check_answer(text);
    check_text(text);
    return 0;
}
