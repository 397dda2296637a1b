#include "tests/fakes/world.h"

#include <algorithm>

#include "tests/fakes/mailgun.h"
#include "tests/fakes/mandrill.h"
#include "tests/fakes/postmark.h"
#include "tests/fakes/resend.h"
#include "tests/fakes/sendgrid.h"
#include "tests/fakes/ses.h"
#include "tests/fakes/sparkpost.h"

namespace mailrota::fakes {

World::World() {
    providers.push_back(std::make_unique<SendGrid>(office, faults, keys));
    providers.push_back(std::make_unique<Mailgun>(office, faults));
    providers.push_back(std::make_unique<Mandrill>(office, faults));
    providers.push_back(std::make_unique<Ses>(office, faults, keys));
    providers.push_back(std::make_unique<Postmark>(office, faults));
    providers.push_back(std::make_unique<SparkPost>(office, faults));
    providers.push_back(std::make_unique<Resend>(office, faults));
}

Provider* World::provider(std::string_view name) {
    const auto found = std::ranges::find(providers, name, [](const auto& one) { return one->name(); });
    return found == providers.end() ? nullptr : found->get();
}

Provider* World::receiver(Request& request) {
    const auto host = request.header("Host");
    for (const auto& [name, kind] : provider_hosts())
        if (host.substr(0, host.find(':')) == name) return provider(kind);
    if (host.starts_with("sns.") && host.find(".amazonaws.com") != std::string::npos) return provider("ses");
    const std::string_view path = request.path;
    const auto step = path.substr(std::min<std::size_t>(1, path.size()), path.find('/', 1) - 1);
    Provider* found = provider(step);
    if (found) request.path.erase(0, step.size() + 1);
    return found;
}

}  // namespace mailrota::fakes
