#include "tests/rig/fake_json.h"

namespace mailrota::rig {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

std::string decode_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text.substr(0, text.find('='))) {
        bits = bits << 6 | static_cast<unsigned>(alphabet.find(c));
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xFF);
    }
    return bytes;
}

void put(json::object& order, const char* name, const std::optional<std::vector<std::string>>& words) {
    if (words) order[name] = json::array(words->begin(), words->end());
}
void put(json::object& order, const char* name, const std::optional<std::chrono::milliseconds>& time) {
    if (time) order[name] = time->count();
}
void put(json::object& order, const char* name, const std::string& text) {
    if (!text.empty()) order[name] = text;
}

}  // namespace mailrota::rig
