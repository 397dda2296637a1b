#include "core/config/addresses.h"

#include <map>

#include "core/mail/address.h"

namespace mailrota::config {

std::vector<Text> load_addresses(const Section& section, std::string_view key) {
    std::vector<Text> valid;
    std::map<std::string, std::uint32_t> seen;
    for (Text& text : section.texts(key)) {
        const auto address = mail::parse_address(text.text);
        if (!address) {
            section.diagnostics().error(text.line, section.path(key), address.error().text);
            continue;
        }
        if (!seen.emplace(address->key(), text.line).second) {
            section.diagnostics().error(text.line, section.path(key),
                                        quoted(text.text) + " stands here twice");
            continue;
        }
        valid.push_back(std::move(text));
    }
    return valid;
}

std::vector<std::string> plain(const std::vector<Text>& texts) {
    std::vector<std::string> out;
    out.reserve(texts.size());
    for (const Text& text : texts) out.push_back(text.text);
    return out;
}

}  // namespace mailrota::config
