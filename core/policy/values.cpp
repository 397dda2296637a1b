#include "core/policy/values.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/mail/authentication_results.h"
#include "core/policy/fold.h"

namespace mailrota::policy {
namespace {

// A value that may be absent: empty matches nothing.
Values optional(std::string_view value) {
    Values values;
    if (!value.empty()) values.items = {value};
    return values;
}

Values owning(std::vector<std::string> owned) {
    Values values;
    values.owned = std::move(owned);
    values.items.assign(values.owned.begin(), values.owned.end());
    return values;
}

Values of_text(const mail::Text& text) {
    Values values;
    values.items = {text.utf8};
    if (text.truncated) values.incomplete = "the mail has more text than is decoded";
    return values;
}

// The lines of one class, of each text that has some; without copying where all are of it.
Values of_class(const mail::Message& message, mail::LineClass wanted) {
    Values values;
    const auto is_wanted = [&](const mail::ClassifiedLine& line) { return line.of == wanted; };
    const auto& texts = message.classified();
    values.owned.reserve(texts.size());
    for (const mail::ClassifiedText& text : texts) {
        if (text.truncated) values.incomplete = "the mail has more text than is decoded";
        if (std::ranges::all_of(text.lines, is_wanted)) {
            if (!text.utf8.empty()) values.items.emplace_back(text.utf8);
        } else if (std::ranges::any_of(text.lines, is_wanted)) {
            values.items.emplace_back(values.owned.emplace_back(text.text_of(wanted)));
        }
    }
    // A mail without words still has a text.
    if (values.items.empty() && wanted == mail::LineClass::fresh) values.items.emplace_back("");
    return values;
}

Values of_attachments(const mail::Message& message, std::string mail::Attachment::*part) {
    Values values;
    for (const auto& attachment : message.attachments())
        if (!(attachment.*part).empty()) values.items.emplace_back(attachment.*part);
    if (message.attachments_truncated()) values.incomplete = "the mail has more parts than are looked at";
    return values;
}

Values raw_headers(const mail::Message& message, std::string_view name) {
    Values values;
    for (const auto& field : message.headers())
        if (equal_folded(field.name, name)) values.items.emplace_back(field.value);
    return values;
}

Values subject(const mail::Message& message) {
    auto all = message.header("Subject");
    if (all.size() > 1) all.resize(1);
    return owning(std::move(all));
}

Values signers(const mail::Message& message, std::string_view authserv_id) {
    std::vector<std::string> domains;
    for (const auto field : message.raw_headers("Authentication-Results"))
        for (auto& domain : mail::dkim_passes(field, authserv_id)) domains.push_back(std::move(domain));
    return owning(std::move(domains));
}

Values of_message(const mail::Message& message, Field field, std::string_view header_name) {
    switch (field) {
        case Field::header:
            return owning(message.header(header_name));
        case Field::raw_header:
            return raw_headers(message, header_name);
        case Field::subject:
            return subject(message);
        case Field::dkim:
            return signers(message, header_name);
        case Field::body:
            return of_class(message, mail::LineClass::fresh);
        case Field::body_quoted:
            return of_class(message, mail::LineClass::quoted);
        case Field::body_forwarded:
            return of_class(message, mail::LineClass::forwarded);
        case Field::body_signature:
            return of_class(message, mail::LineClass::signature);
        case Field::body_all:
            return of_text(message.text());
        case Field::body_raw:
            return Values{{}, {message.body()}, {}, false};
        case Field::attachment_name:
            return of_attachments(message, &mail::Attachment::name);
        case Field::attachment_type:
            return of_attachments(message, &mail::Attachment::type);
        default:
            return {};
    }
}

Values of_envelope(const Seen& seen, Field field, const mail::Address* recipient) {
    const auto& client = seen.envelope.client;
    switch (field) {
        case Field::sender:
            return Values{{}, {seen.envelope.sender.text()}, {}, false};
        case Field::rcpt:
            return recipient ? Values{{}, {recipient->text()}, {}, false} : Values{};
        case Field::client_ip:
            return optional(client.ip);
        case Field::client_name:
            return optional(client.name);
        case Field::helo:
            return optional(client.helo);
        case Field::auth:
            return optional(client.auth_user);
        case Field::listener:
            return optional(seen.origin.listener);
        case Field::daemon:
            return optional(seen.envelope.daemon);
        default:
            return {};
    }
}

Match certain(bool yes) { return {yes ? Answer::yes : Answer::no, Doubt::none, {}, {}}; }

// Compares addresses, which mostly stand in a configuration as their key, without making one.
bool same_address(std::string_view written, std::string_view value) {
    if (equal_folded(written, value)) return true;
    const bool plain = written.find_first_of("<>\" \t") == std::string_view::npos &&
                       value.find_first_of("<>\" \t") == std::string_view::npos;
    return !plain && mail::Address::from_envelope(written) == mail::Address::from_envelope(value);
}

std::string list_key(Field field, std::string_view value) {
    return is_address(field) ? mail::Address::from_envelope(value).key() : folded(value);
}

struct Matching {
    Field field;
    std::string_view value;

    Match operator()(const Exact& exact) const {
        return certain(is_address(field) ? same_address(exact.text, value) : equal_folded(exact.text, value));
    }
    Match operator()(const Glob& glob) const { return certain(glob_match(glob.text, value)); }
    Match operator()(const Pattern& pattern) const { return pattern.match(value); }
    Match operator()(const Network& network) const { return certain(network.holds(value)); }
    Match operator()(const InList& in) const {
        if (in.list->readable()) return certain(in.list->holds(list_key(field, value)));
        return {Answer::unknown,
                Doubt::passing,
                fmt::format("list \"{}\" could not be read: {}", in.list->name(), in.list->why()),
                {}};
    }
};

}  // namespace

Values gather(const Seen& seen, Field field, std::string_view header_name, const mail::Address* recipient) {
    if (!is_content(field)) return of_envelope(seen, field, recipient);
    if (seen.message) return of_message(*seen.message, field, header_name);
    Values values;
    values.unseen = true;
    return values;
}

Match match_value(const Matcher& matcher, Field field, std::string_view value) {
    return std::visit(Matching{field, value}, matcher);
}

bool is_body(Field field) { return field >= Field::body; }
bool is_content(Field field) { return field >= Field::header; }
bool is_address(Field field) { return field == Field::sender || field == Field::rcpt; }

}  // namespace mailrota::policy
