#include "core/policy/condition.h"

#include <algorithm>
#include <array>

namespace mailrota::policy {
namespace {

bool any_about_recipient(const std::vector<Condition>& conditions) {
    return std::ranges::any_of(conditions, [](const Condition& c) { return c.about_recipient(); });
}

struct AboutRecipient {
    bool operator()(const All& all) const { return any_about_recipient(all.of); }
    bool operator()(const Any& any) const { return any_about_recipient(any.of); }
    bool operator()(const Not& negation) const { return negation.of->about_recipient(); }
    bool operator()(const FieldTest& test) const { return test.field == Field::rcpt; }
    template <class T>
    bool operator()(const T&) const {
        return false;
    }
};

}  // namespace

std::string_view to_string(Field field) {
    constexpr std::array<std::string_view, 20> names = {
        "sender",         "rcpt",     "client_ip", "client_name",     "helo",
        "auth",           "listener", "daemon",    "header",          "raw_header",
        "subject",        "dkim",     "body",      "body_quoted",     "body_forwarded",
        "body_signature", "body_all", "body_raw",  "attachment_name", "attachment_type"};
    return names.at(static_cast<std::size_t>(field));
}

bool Condition::about_recipient() const { return std::visit(AboutRecipient{}, node); }

}  // namespace mailrota::policy
