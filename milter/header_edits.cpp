#include "milter/header_edits.h"

#include <algorithm>
#include <set>

#include "core/mail/header_edit.h"
#include "core/mail/header_text.h"

namespace mailrota::milter {

namespace {

void remove_all(HeaderEdits& edits, const mail::Message& message, const std::string& name) {
    const auto fields = std::ranges::count_if(
        message.headers(), [&name](const auto& field) { return mail::same_name(field.name, name); });
    for (auto index = static_cast<int>(fields); index > 0; --index) edits.remove.push_back({name, index});
}

std::string folded_case(std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name;
}

}  // namespace

HeaderEdits header_edits(const mail::Message& message, const std::vector<policy::HeaderEdit>& edits,
                         const std::optional<std::string>& trace) {
    HeaderEdits result;
    std::set<std::string> removed;
    const auto remove = [&](const std::string& name) {
        if (removed.insert(folded_case(name)).second) remove_all(result, message, name);
    };
    for (const auto& edit : edits) {
        const auto name = mail::clean_header_name(edit.name);
        if (edit.kind == policy::HeaderEdit::Kind::remove)
            remove(name);
        else
            result.add.push_back({name, mail::clean_header_value(name, edit.value)});
    }
    if (trace) {
        const std::string name(mail::trace_header);
        result.add.push_back({name, mail::clean_header_value(name, *trace)});
        remove(name);
    }
    return result;
}

}  // namespace mailrota::milter
