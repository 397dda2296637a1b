#include "core/runtime/relay_terms.h"

#include <algorithm>
#include <span>

#include "core/mail/digest.h"

namespace mailrota::runtime {
namespace {

using std::chrono::seconds;

constexpr std::size_t id_bytes = 16;
// For the store's work before and after a call.
constexpr seconds margin{30};
constexpr seconds least_probe{120};

seconds timeout_of(const Carriers& carriers, std::string_view provider) {
    const Carrier* carrier = carriers.carrier(provider);
    return carrier == nullptr ? config::ProviderSettings{}.timeout : carrier->settings.timeout;
}

}  // namespace

policy::BreakerTerms breaker_terms(const Carriers& carriers, std::string_view provider) {
    const config::RelaySettings& settings = carriers.settings();
    policy::BreakerTerms terms;
    terms.failures = static_cast<int>(settings.failures);
    terms.open = settings.open;
    terms.longest_open = settings.longest_open;
    terms.probe = std::max(least_probe, patience_with(carriers, provider));
    return terms;
}

std::string attempt_id(std::string_view rota, std::string_view provider, std::vector<std::string> offers) {
    std::ranges::sort(offers);
    std::vector<std::string_view> fields{"mailrota relay attempt", rota, provider};
    fields.insert(fields.end(), offers.begin(), offers.end());
    const mail::Digest digest = mail::digest_of(fields);
    return mail::to_hex(std::span(digest).first(id_bytes));
}

seconds patience_with(const Carriers& carriers, std::string_view provider) {
    return 2 * timeout_of(carriers, provider) + margin;
}

std::vector<std::string> locks_of(const config::RelayRota& rota) {
    std::vector<std::string> names{rota.name};
    for (const auto& member : rota.members) names.push_back(member.provider);
    return names;
}

}  // namespace mailrota::runtime
