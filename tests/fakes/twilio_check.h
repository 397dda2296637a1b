#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/exchange.h"
#include "tests/fakes/phone_account.h"

namespace mailrota::fakes {

/// A parameter of a form, and what its values must be.
struct FormRule {
    enum class Kind { text, url, callback, method, number, boolean, word, words };

    std::string name;
    Kind kind = Kind::text;
    int code = 20422;  ///< of the refusal of a wrong value
    long least = 0;    ///< number; text: characters
    long most = 1'000'000;
    std::vector<std::string> words;  ///< word; `words` may be given several times
};

/// What a form may have.
const std::vector<FormRule>& call_rules();
const std::vector<FormRule>& call_change_rules();
const std::vector<FormRule>& message_rules();
const std::vector<FormRule>& message_change_rules();

/// Reads a form by its rules into `fields`; the refusal if it is none, or breaks one.
std::optional<Reply> read_form(const Request& request, const std::vector<FormRule>& rules, Fields& fields);

/// What stands against calling or writing `to` from `from`: numbers that are none, that are not the
/// account's, that are refused.
std::optional<Reply> check_call_numbers(const PhoneAccount& account, const Fields& fields);
std::optional<Reply> check_message_numbers(const PhoneAccount& account, const Fields& fields);

bool is_e164(const std::string& number);
/// http or https, with a host that is a name without underscores or an address.
bool is_public_url(const std::string& url);

/// Characters, not bytes.
std::size_t length_of(const std::string& utf8);

}  // namespace mailrota::fakes
