#include "milter/libmilter_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <variant>

#include "milter/libmilter_ending.h"

namespace mailrota::milter {

Connection* connection_of(SMFICTX* context) { return static_cast<Connection*>(smfi_getpriv(context)); }

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : text; }

std::vector<std::string> strings(char** arguments) {
    std::vector<std::string> result;
    for (; arguments != nullptr && *arguments != nullptr; ++arguments) result.emplace_back(*arguments);
    return result;
}

std::string client_address(const sockaddr* address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address != nullptr && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof text);
    if (address != nullptr && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text, sizeof text);
    return text;
}

sfsistat status_of(SMFICTX* context, const Connection& connection, const StepAnswer& answer) {
    struct Status {
        SMFICTX* context;
        bool can_skip;
        sfsistat operator()(const Continue&) const { return SMFIS_CONTINUE; }
        sfsistat operator()(const SkipRest&) const { return can_skip ? SMFIS_SKIP : SMFIS_CONTINUE; }
        sfsistat operator()(const AcceptMail&) const { return SMFIS_ACCEPT; }
        sfsistat operator()(const TempFail&) const { return SMFIS_TEMPFAIL; }
        sfsistat operator()(const policy::Reply& reply) const { return answer_with(context, reply); }
    };
    return std::visit(Status{context, connection.can_skip}, answer);
}

}  // namespace mailrota::milter
