#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

// How the hand-out's values are read out of JSON: strictly, and nothing larger than it has to be.
namespace mailrota::wire {

// RFC 3339 in UTC: "2024-02-29T23:05:09Z".
std::string time_text(std::chrono::sys_seconds time);

// UTF-8 as JSON must be: what is not becomes U+FFFD.
std::string clean_utf8(std::string_view text);

// One object as it is read. The first fault is kept; what is asked after it gives empty values, so that a
// reader checks once, at its end. Keys that nobody asks for are passed over. References only: the object and
// the fault must outlive it.
class JsonObject {
  public:
    JsonObject(const boost::json::object& object, std::string& fault) : object_(object), fault_(fault) {}

    // A string of at most 4 KB without NUL; missing, it is a fault, or empty where it is optional.
    std::string text(std::string_view key);
    std::string optional_text(std::string_view key);
    // A whole number from 0 to `most`.
    std::uint64_t number(std::string_view key);
    std::uint64_t optional_number(std::string_view key, std::uint64_t fallback,
                                  std::uint64_t most = std::numeric_limits<std::int64_t>::max());
    std::chrono::sys_seconds time(std::string_view key);
    // An array of at most `most` strings; empty if it is missing.
    std::vector<std::string> optional_texts(std::string_view key, std::size_t most);

    // An array of at most `most` objects, each read by `read`.
    template <class Value, class Read>
    std::vector<Value> objects(std::string_view key, std::size_t most, Read read) {
        std::vector<Value> values;
        const boost::json::array* items = array(key, most);
        if (items == nullptr) return values;
        for (const boost::json::value& item : *items) {
            if (!item.is_object()) refuse(key, "objects");
            if (!fault_.empty()) break;
            JsonObject object(item.get_object(), fault_);
            values.push_back(read(object));
        }
        return values;
    }

    // Notes that the value of `key` is not `wanted`, unless a fault is known.
    void refuse(std::string_view key, std::string_view wanted);

  private:
    const boost::json::value* find(std::string_view key);
    const boost::json::array* array(std::string_view key, std::size_t most);
    std::string read_text(std::string_view key, const boost::json::value& value);

    const boost::json::object& object_;
    std::string& fault_;
};

// The object that `text` holds; an error if it is no JSON, nested deeper than eight, or no object.
Result<boost::json::object> parse_object(std::string_view text);

// The value that `read` makes of the object in `text`.
template <class Value, class Read>
Result<Value> read_document(std::string_view text, Read read) {
    const auto parsed = parse_object(text);
    if (!parsed) return tl::unexpected(parsed.error());
    std::string fault;
    JsonObject object(*parsed, fault);
    Value value = read(object);
    if (!fault.empty()) return invalid(std::move(fault));
    return value;
}

}  // namespace mailrota::wire
