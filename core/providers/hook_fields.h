#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace mailrota::providers {

// A JSON value as a webhook's reader sees it: whatever is not there, or of another type, is empty. A view;
// the value must outlive it.
class HookFields {
  public:
    explicit HookFields(const boost::json::value* value) : value_(value) {}

    HookFields in(std::string_view key) const;  // a member; empty if this is no object
    HookFields at(std::size_t index) const;     // an element; empty if this is no array
    HookFields last() const;                    // the last element
    std::size_t size() const;                   // of an array
    const boost::json::object* object() const;  // null if it is none

    // A string, or a number or boolean in digits or words: one line of well-formed UTF-8 without control
    // characters, cut at `most` bytes. Of objects, arrays and null: empty.
    std::string text(std::size_t most = 1'000) const;
    // The text of the first of these members that is not empty.
    std::string first(std::initializer_list<std::string_view> keys) const;
    bool is(bool wanted) const;  // a boolean of that value
    // Seconds since 1970 as a number or its digits, or ISO 8601; the epoch if it is neither.
    std::chrono::sys_seconds time() const;

  private:
    const boost::json::value* value_;
};

// One line of well-formed UTF-8 without control characters, at most `most` bytes.
std::string line_of(std::string_view text, std::size_t most = 1'000);

}  // namespace mailrota::providers
