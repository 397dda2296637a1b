#include "core/mail/header_edit.h"

#include <algorithm>

#include "core/mail/header_block.h"
#include "core/mail/header_text.h"
#include "core/mail/keys.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view crlf = "\r\n";

// The names whose fields go.
class Removals {
  public:
    Removals(std::span<const HeaderEdit> edits, bool trace) {
        for (const HeaderEdit& edit : edits) {
            if (edit.kind == HeaderEdit::Kind::remove) names_.push_back(clean_header_name(edit.name));
        }
        if (trace) names_.emplace_back(trace_header);
        std::erase(names_, std::string());
    }

    bool has(std::string_view name) const {
        return std::ranges::any_of(names_, [name](std::string_view pattern) {
            if (!pattern.ends_with('*')) return same_name(name, pattern);
            pattern.remove_suffix(1);
            return same_name(name.substr(0, pattern.size()), pattern);
        });
    }

  private:
    std::vector<std::string> names_;
};

void append_field(std::string& header, std::string_view name, std::string_view value) {
    const std::string clean_name = clean_header_name(name);
    if (clean_name.empty()) return;
    header.append(clean_name).append(":");
    header.append(value.empty() ? "" : " ");
    for (const char c : clean_header_value(clean_name, value)) {
        if (c == '\n') header += '\r';
        header += c;
    }
    header.append(crlf);
}

std::string additions(std::span<const HeaderEdit> edits, const std::optional<std::string>& trace) {
    std::string fields;
    for (const HeaderEdit& edit : edits) {
        if (edit.kind == HeaderEdit::Kind::add) append_field(fields, edit.name, edit.value);
    }
    if (trace) append_field(fields, trace_header, *trace);
    return fields;
}

}  // namespace

std::string edited_header(const Message& message, std::span<const HeaderEdit> edits,
                          const std::optional<std::string>& trace) {
    const Removals removals(edits, trace.has_value());
    const std::string_view bytes = message.bytes().substr(0, message.bytes().size() - message.body().size());
    const std::string added = additions(edits, trace);
    std::string header;
    header.reserve(bytes.size() + added.size() + 2 * crlf.size());
    HeaderReader reader(bytes);
    while (const auto field = reader.next()) {
        if (!removals.has(field->name)) header.append(field->bytes);
    }
    const std::string_view empty_line = bytes.substr(reader.position());
    if (added.empty()) return header.append(empty_line);
    if (!header.empty() && !header.ends_with('\n')) header.append(crlf);
    header.append(added);
    return header.append(empty_line.empty() ? crlf : empty_line);
}

}  // namespace mailrota::mail
