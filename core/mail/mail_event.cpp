#include "core/mail/mail_event.h"

#include <array>
#include <utility>

namespace mailrota::mail {
namespace {

using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

// The words stand in stores and in what is handed on: they never change.
constexpr std::array<std::pair<Type, std::string_view>, 14> types{{{Type::queued, "queued"},
                                                                   {Type::sent, "sent"},
                                                                   {Type::rejected, "rejected"},
                                                                   {Type::failed, "failed"},
                                                                   {Type::bounced, "bounced"},
                                                                   {Type::deferred, "deferred"},
                                                                   {Type::delivered, "delivered"},
                                                                   {Type::autoresponded, "autoresponded"},
                                                                   {Type::opened, "opened"},
                                                                   {Type::clicked, "clicked"},
                                                                   {Type::complained, "complained"},
                                                                   {Type::unsubscribed, "unsubscribed"},
                                                                   {Type::subscribed, "subscribed"},
                                                                   {Type::unknown, "unknown"}}};

constexpr std::array<std::pair<Reason, std::string_view>, 8> reasons{{{Reason::none, "none"},
                                                                      {Reason::invalid, "invalid"},
                                                                      {Reason::bounced, "bounced"},
                                                                      {Reason::timed_out, "timed_out"},
                                                                      {Reason::blocked, "blocked"},
                                                                      {Reason::spam, "spam"},
                                                                      {Reason::unsubscribed, "unsubscribed"},
                                                                      {Reason::other, "other"}}};

template <class Names, class Value>
std::string_view name_of(const Names& names, Value value) {
    for (const auto& [each, name] : names)
        if (each == value) return name;
    return "unknown";
}

template <class Value, std::size_t size>
std::optional<Value> named(const std::array<std::pair<Value, std::string_view>, size>& names,
                           std::string_view word) {
    for (const auto& [value, name] : names)
        if (name == word) return value;
    return std::nullopt;
}

// How near to its end a recipient stands; 0: no standing at all.
int rank(Type type) {
    switch (type) {
        case Type::queued:
            return 1;
        case Type::sent:
            return 2;
        case Type::deferred:
            return 3;
        case Type::delivered:
            return 4;
        case Type::rejected:
        case Type::failed:
        case Type::bounced:
            return 5;
        case Type::complained:
            return 6;
        case Type::autoresponded:
        case Type::opened:
        case Type::clicked:
        case Type::unsubscribed:
        case Type::subscribed:
        case Type::unknown:
            return 0;
    }
    return 0;
}

}  // namespace

std::string_view to_string(Type type) { return name_of(types, type); }

std::string_view to_string(Reason reason) { return name_of(reasons, reason); }

std::optional<Type> parse_event_type(std::string_view word) { return named(types, word); }

std::optional<Reason> parse_event_reason(std::string_view word) { return named(reasons, word); }

bool advances(Type standing, Type next) { return rank(next) > rank(standing); }

bool is_final_failure(Type type) {
    return type == Type::rejected || type == Type::failed || type == Type::bounced;
}

}  // namespace mailrota::mail
