#include "core/mail/envelope.h"

#include "core/mail/header_text.h"

namespace mailrota::mail {

std::optional<std::string_view> Recipient::parameter(std::string_view name) const {
    for (const std::string& text : parameters) {
        const std::string_view whole = text;
        const std::size_t equals = whole.find('=');
        if (same_name(whole.substr(0, equals), name)) {
            return equals == std::string_view::npos ? std::string_view() : whole.substr(equals + 1);
        }
    }
    return std::nullopt;
}

}  // namespace mailrota::mail
