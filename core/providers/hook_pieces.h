#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Webhooks' bodies in pieces: each event's JSON text where it stands, so that it can be read by itself (one
// that is malformed costs no other) and kept as it came. Linear in time; views into what is given.
namespace mailrota::providers {

// What is looked at of one body: more elements than that are only counted.
inline constexpr std::size_t most_elements = 10'000;

struct JsonElements {
    std::vector<std::string_view> texts;  // most_elements at most; any of them may be no JSON, or empty
    std::size_t left_out = 0;
};
// The elements of a JSON array. Nothing if brackets and quotes do not show one that ends with the text.
std::optional<JsonElements> array_elements(std::string_view text);

// The members of a JSON object by the first level's keys, which are not unescaped; of a repeated key the last
// counts. Nothing as above, and for more than 1,000 members.
class JsonMembers {
  public:
    static std::optional<JsonMembers> of(std::string_view text);

    bool empty() const { return members_.empty(); }
    std::string_view value(std::string_view key) const;  // its JSON text; empty if there is none
    std::string text(std::string_view key) const;        // of a string, unescaped; else empty

  private:
    std::vector<std::pair<std::string_view, std::string_view>> members_;
};

// A JSON string unescaped; empty if `json` is none, or no valid one.
std::string unquoted(std::string_view json);

// The fields of application/x-www-form-urlencoded (decoded), in order; at most 1,000 are looked at.
using FormFields = std::vector<std::pair<std::string, std::string>>;
FormFields form_fields(std::string_view body);
// The first field of that name; empty if there is none.
std::string_view form_field(const FormFields& fields, std::string_view name);

}  // namespace mailrota::providers
