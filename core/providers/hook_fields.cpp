#include "core/providers/hook_fields.h"

#include "core/mail/text_encoding.h"
#include "core/policy/safe_text.h"
#include "core/providers/hook_time.h"

namespace mailrota::providers {

namespace json = boost::json;

HookFields HookFields::in(std::string_view key) const {
    const json::object* members = object();
    return HookFields(members == nullptr ? nullptr : members->if_contains(key));
}

HookFields HookFields::at(std::size_t index) const {
    const json::array* array = value_ == nullptr ? nullptr : value_->if_array();
    return HookFields(array == nullptr ? nullptr : array->if_contains(index));
}

HookFields HookFields::last() const {
    const std::size_t elements = size();
    return elements == 0 ? HookFields(nullptr) : at(elements - 1);
}

std::size_t HookFields::size() const {
    const json::array* array = value_ == nullptr ? nullptr : value_->if_array();
    return array == nullptr ? 0 : array->size();
}

const json::object* HookFields::object() const { return value_ == nullptr ? nullptr : value_->if_object(); }

std::string HookFields::text(std::size_t most) const {
    if (value_ == nullptr) return {};
    if (const json::string* string = value_->if_string())
        return line_of({string->data(), string->size()}, most);
    if (value_->is_number() || value_->is_bool()) return line_of(json::serialize(*value_), most);
    return {};
}

std::string HookFields::first(std::initializer_list<std::string_view> keys) const {
    for (const std::string_view key : keys)
        if (auto found = in(key).text(); !found.empty()) return found;
    return {};
}

bool HookFields::is(bool wanted) const {
    const bool* value = value_ == nullptr ? nullptr : value_->if_bool();
    return value != nullptr && *value == wanted;
}

std::chrono::sys_seconds HookFields::time() const {
    if (value_ == nullptr) return {};
    const double* fraction = value_->if_double();  // serialised it could be in exponents
    if (fraction != nullptr && *fraction >= 0 && *fraction < 1e11)
        return std::chrono::sys_seconds(std::chrono::seconds(static_cast<std::int64_t>(*fraction)));
    return read_time(text(64)).value_or(std::chrono::sys_seconds());
}

std::string line_of(std::string_view text, std::size_t most) {
    // What is cut off need not be cleaned; a character that the first cut splits is left to the second.
    std::string line = policy::without_controls(text.substr(0, most + 4));
    mail::cut_utf8(line, most);
    return line;
}

}  // namespace mailrota::providers
