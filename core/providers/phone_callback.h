#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mail/result.h"
#include "core/providers/phone_news.h"

// What the other side sends us: callbacks, and what people answer. Untrusted: pure functions in bounded
// memory and linear time.
namespace mailrota::providers {

// A callback as it came. The URL is the public one, as the provider was given it.
struct CallbackRequest {
    std::string method;  // "GET", "POST"
    std::string url;     // with its query
    std::string type;    // Content-Type
    std::string signature;
    std::string body;
};
// Whether one of the tokens has signed it: over the URL with and without its port, form and JSON. Compares in
// constant time. No token: false.
bool genuine(const CallbackRequest& request, std::span<const std::string> tokens);

// The parameters of a callback: of a POST its form, of a GET its query. At most 200, 100 kB.
using Form = std::vector<std::pair<std::string, std::string>>;
Result<Form> callback_form(const CallbackRequest& request);
std::string_view value_of(const Form& form, std::string_view name);  // of the first; empty if there is none

PhoneNews read_call_status(const Form& form);
PhoneNews read_sms_status(const Form& form);

// What a pressed key, or the words of an SMS in reply, ask for.
struct Command {
    enum class Do { acknowledge, pass_on, resolve, repeat, stop, unknown };
    Do what = Do::unknown;
    std::optional<std::int64_t> incident;  // SMS: "ack 17"
};
Command read_digit(std::string_view digits);  // 1 acknowledge, 2 pass on, 3 resolve, * or 9 repeat
Command read_reply(std::string_view text);    // "1", "1 17", "ack", "ACK 17", "next", "resolve 17", "STOP"

}  // namespace mailrota::providers
