#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::rig {

// How the control API of mailrota-fake-providers is spoken.

/// Throws if there is no such text.
std::string text_at(const boost::json::object& object, std::string_view name);
/// Of well-formed base64 only, as the program writes it.
std::string decode_base64(std::string_view text);

/// Members that are put only if there is something to say.
template <class T>
void put(boost::json::object& order, const char* name, const std::optional<T>& value) {
    if (value) order[name] = *value;
}
void put(boost::json::object& order, const char* name, const std::optional<std::vector<std::string>>& words);
void put(boost::json::object& order, const char* name, const std::optional<std::chrono::milliseconds>& time);
void put(boost::json::object& order, const char* name, const std::string& text);

}  // namespace mailrota::rig
