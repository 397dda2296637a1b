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

World::World(boost::asio::any_io_executor executor) {
    providers.push_back(std::make_unique<SendGrid>(office, faults, keys));
    providers.push_back(std::make_unique<Mailgun>(office, faults));
    providers.push_back(std::make_unique<Mandrill>(office, faults));
    providers.push_back(std::make_unique<Ses>(office, faults, keys));
    providers.push_back(std::make_unique<Postmark>(office, faults));
    providers.push_back(std::make_unique<SparkPost>(office, faults));
    providers.push_back(std::make_unique<Resend>(office, faults));
    for (const auto* name : {"twilio", "twilio2"})
        telephones.push_back(std::make_unique<Twilio>(name, executor, faults));
}

Provider* World::provider(std::string_view name) {
    const auto found = std::ranges::find(providers, name, [](const auto& one) { return one->name(); });
    return found == providers.end() ? nullptr : found->get();
}

Twilio* World::telephone(std::string_view name) {
    const auto found = std::ranges::find(telephones, name, [](const auto& one) { return one->name(); });
    return found == telephones.end() ? nullptr : found->get();
}

Api* World::api(std::string_view name) {
    if (Provider* found = provider(name)) return found;
    return telephone(name);
}

Api* World::receiver(Request& request) {
    const auto host = request.header("Host");
    for (const auto& [name, kind] : provider_hosts())
        if (host.substr(0, host.find(':')) == name) return api(kind);
    if (host.starts_with("sns.") && host.find(".amazonaws.com") != std::string::npos) return provider("ses");
    const std::string_view path = request.path;
    const auto step = path.substr(std::min<std::size_t>(1, path.size()), path.find('/', 1) - 1);
    Api* found = api(step);
    if (found) request.path.erase(0, step.size() + 1);
    return found;
}

}  // namespace mailrota::fakes
