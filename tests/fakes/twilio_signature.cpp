#include "tests/fakes/twilio_signature.h"

#include <algorithm>

#include "tests/fakes/signing.h"

namespace mailrota::fakes {

std::string twilio_signature(std::string_view token, std::string_view url, Fields parameters) {
    std::sort(parameters.begin(), parameters.end());
    parameters.erase(std::unique(parameters.begin(), parameters.end()), parameters.end());
    std::string data(url);
    for (const auto& [name, value] : parameters) data += name + value;
    return to_base64(hmac_sha1(token, data));
}

std::string urlencoded(const Fields& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        if (!text.empty()) text += '&';
        text += percent_encoded(name) + '=' + percent_encoded(value);
    }
    return text;
}

}  // namespace mailrota::fakes
