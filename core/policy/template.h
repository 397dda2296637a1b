#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/mail/envelope.h"
#include "core/mail/message.h"
#include "core/policy/pattern.h"

namespace mailrota::policy {

// What the names of a template stand for. Views only: it must not outlive what it was made of.
struct TemplateValues {
    const mail::Envelope& envelope;
    const mail::Message* message = nullptr;  // null: not seen yet, {subject} and {header.NAME} are empty
    std::string_view queue_id;
    std::span<const mail::Address* const> recipients;  // {rcpt}: of more than one, all with ", " between
    const Captures& captures;
};

// A text with {names} in it; {{ and }} are braces. A name is a capture of the rule's patterns, or one of
// sender, rcpt, subject, header.NAME, client (the address of it), queue_id; a capture goes before the
// built-in name. A value.
class Template {
  public:
    // The error names the offset of a brace without its partner, or the name that is none.
    static Result<Template> parse(std::string_view text);

    // The names in it, in order, each as often as it stands there.
    std::vector<std::string> names() const;
    // The text with values in place of names; what has no value is empty. Values are cleaned of control
    // characters and of what is no UTF-8; the text's own characters stand as they were written.
    std::string fill(const TemplateValues& values) const;

  private:
    struct Name {
        std::string text;
    };
    std::vector<std::variant<std::string, Name>> pieces_;
};

// Whether `text` is a template whose every name is built in or one of `captures`; the error is what a person
// needs to mend it.
Result<Template> check_template(std::string_view text, std::span<const std::string> captures);

// Fills the template; a text that is none (core/config refuses those) is taken as it stands.
std::string fill_template(std::string_view text, const TemplateValues& values);

}  // namespace mailrota::policy
