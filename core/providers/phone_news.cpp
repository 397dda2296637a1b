#include <algorithm>
#include <array>

#include "core/providers/answer_text.h"
#include "core/providers/phone_answer.h"
#include "core/providers/phone_callback.h"
#include "core/providers/phone_codes.h"

// What becomes of a contact by what the provider tells of it.
namespace mailrota::providers {
namespace {

using policy::Contact;
using State = Contact::State;

// A state of the provider's: what it makes of the contact, and how far on its way it is.
struct Stage {
    std::string_view status;
    int rank = 0;
    State state = State::placed;
};

constexpr std::array call_stages{
    Stage{"queued", 1, State::placed},    Stage{"initiated", 2, State::placed},
    Stage{"ringing", 3, State::placed},   Stage{"in-progress", 4, State::placed},
    Stage{"answered", 4, State::placed},  Stage{"completed", 5, State::done},
    Stage{"busy", 5, State::unreached},   Stage{"no-answer", 5, State::unreached},
    Stage{"failed", 5, State::unreached}, Stage{"canceled", 5, State::cancelled},
};
constexpr std::array sms_stages{
    Stage{"accepted", 1, State::placed},
    Stage{"scheduled", 1, State::placed},
    Stage{"queued", 2, State::placed},
    Stage{"sending", 3, State::placed},
    Stage{"sent", 5, State::done},
    Stage{"delivered", 5, State::done},
    Stage{"read", 5, State::done},
    Stage{"partially_delivered", 5, State::done},
    Stage{"undelivered", 5, State::unreached},
    Stage{"failed", 5, State::unreached},
    Stage{"canceled", 5, State::cancelled},
};

// Nothing for a state that nobody knows.
std::optional<Stage> stage_of(Contact::Way way, std::string_view status) {
    const auto in = [status](const auto& stages) -> std::optional<Stage> {
        const auto* found = std::find_if(stages.begin(), stages.end(),
                                         [status](const Stage& each) { return each.status == status; });
        return found == stages.end() ? std::nullopt : std::optional(*found);
    };
    return way == Contact::Way::call ? in(call_stages) : in(sms_stages);
}

// Whether the number is at fault, and not a network that may be away for a while.
bool is_of_number(int code) {
    const PhoneCode* known = phone_code(code);
    return known != nullptr && known->outcome == PhoneOutcome::number && !known->may_pass;
}

// "failed, SIP 480, error 30006: landline"; the status of what went well says enough.
std::string words_of(const PhoneNews& news, State state) {
    std::string words = news.status;
    if (state == State::done && !news.answered_by.empty()) words += ", answered by " + news.answered_by;
    if (state != State::unreached) return clean_words(words);
    if (!news.sip.empty()) words += ", SIP " + news.sip;
    if (news.sip == "480") words += " (could not be reached)";
    if (news.code != 0) words += ", error " + std::to_string(news.code);
    if (!news.words.empty()) words += ": " + news.words;
    return clean_words(words);
}

void end(Contact& contact, const PhoneNews& news, State state, std::chrono::sys_seconds now) {
    const bool barred = state == State::unreached && is_of_number(news.code);
    contact.state = barred ? State::barred : state;
    contact.ended = now;
    contact.words = words_of(news, state);
}

// Whether the news are older than what is known of the contact, or of another call.
bool is_past(const Contact& contact, const PhoneNews& news, const std::optional<Stage>& stage) {
    const bool of_another =
        !contact.provider_id.empty() && !news.provider_id.empty() && contact.provider_id != news.provider_id;
    if (contact.over() || of_another) return true;
    if (news.sequence >= 0 && news.sequence < contact.sequence) return true;
    const auto known = stage_of(contact.way, contact.status);
    return stage && known && stage->rank < known->rank;
}

int sequence_of(std::string_view text) {
    const auto count = read_count(text);
    return count ? static_cast<int>(*count) : -1;
}

// An id that can be kept whole, else none.
std::string id_of(std::string_view text) {
    const bool kept = text.size() <= longest_phone_id && clean_words(text) == text;
    return kept ? std::string(text) : std::string();
}

std::string_view first_of(const Form& form, std::string_view name, std::string_view other) {
    const std::string_view value = value_of(form, name);
    return value.empty() ? value_of(form, other) : value;
}

PhoneNews read_status(const Form& form, std::string_view id, std::string_view status) {
    PhoneNews news;
    news.provider_id = id_of(id);
    news.status = short_words(status, longest_status);
    news.code = static_cast<int>(read_count(value_of(form, "ErrorCode")).value_or(0));
    news.words = clean_words(value_of(form, "ErrorMessage"));
    return news;
}

}  // namespace

std::optional<Contact> after(const Contact& contact, const PhoneNews& news, std::chrono::sys_seconds now) {
    const auto stage = stage_of(contact.way, news.status);
    if (is_past(contact, news, stage)) return std::nullopt;
    Contact next = contact;
    if (next.provider_id.empty()) next.provider_id = news.provider_id;
    if (!news.answered_by.empty()) next.answered_by = news.answered_by;
    next.sequence = std::max(next.sequence, news.sequence);
    if (stage) next.status = news.status;
    const bool known_there = stage || !news.provider_id.empty();
    if (known_there) next.state = State::placed;
    if (stage && stage->state != State::placed) {
        PhoneNews whole = news;
        whole.answered_by = next.answered_by;
        end(next, whole, stage->state, now);
    }
    if (next == contact) return std::nullopt;
    return next;
}

PhoneNews read_call_status(const Form& form) {
    PhoneNews news = read_status(form, value_of(form, "CallSid"), value_of(form, "CallStatus"));
    news.sequence = sequence_of(value_of(form, "SequenceNumber"));
    news.answered_by = short_words(value_of(form, "AnsweredBy"), longest_status);
    if (const auto sip = read_count(value_of(form, "SipResponseCode"))) news.sip = std::to_string(*sip);
    return news;
}

PhoneNews read_sms_status(const Form& form) {
    return read_status(form, first_of(form, "MessageSid", "SmsSid"),
                       first_of(form, "MessageStatus", "SmsStatus"));
}

}  // namespace mailrota::providers
