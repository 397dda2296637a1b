#include "ctl/event_filter.h"

#include "core/policy/safe_text.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

using Type = mail::MailEvent::Type;

std::string all_types() {
    std::string names;
    for (int type = 0; type <= static_cast<int>(Type::unknown); ++type)
        names += (names.empty() ? "" : ", ") + std::string(mail::to_string(static_cast<Type>(type)));
    return names;
}

}  // namespace

Result<store::Events::Filter> event_filter(const EventRequest& request) {
    store::Events::Filter filter;
    filter.provider = request.provider;
    filter.recipient = request.recipient;
    if (request.type) {
        filter.type = mail::parse_event_type(*request.type);
        if (!filter.type)
            return invalid("--type " + policy::quoted(*request.type) +
                           " is no type of events; there are: " + all_types());
    }
    if (request.since) {
        const auto since = parse_time(*request.since);
        if (!since) return tl::unexpected(since.error());
        filter.since = *since;
    }
    return filter;
}

}  // namespace mailrota::ctl
