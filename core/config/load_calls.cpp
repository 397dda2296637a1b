#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/load_phone_words.h"
#include "core/config/load_provider_access.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"
#include "core/config/web_url.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds shortest_ring{5};
constexpr seconds longest_ring{600};
constexpr seconds shortest_poll{1};
constexpr minutes longest_poll{10};
constexpr minutes shortest_expiry{10};
constexpr hours longest_expiry{24 * 30};
constexpr hours longest_limit{24 * 7};
constexpr std::int64_t most_calls = 10'000;

void load_accounts(const Section& section, const Draft& draft, CallSettings& calls) {
    const auto known = draft.telephone_names();
    if (is_empty_array(section.node("accounts"))) section.error("accounts", "is empty: nobody places calls");
    for (const Text& name : section.texts("accounts")) {
        const auto tell = [&](std::string_view text, std::string_view hint) {
            section.diagnostics().error(name.line, section.path("accounts"), text, hint);
        };
        if (std::find(known.begin(), known.end(), name.text) == known.end()) {
            const std::string near = suggestion(name.text, known);
            tell("there is no telephone " + quoted(name.text),
                 near.empty() ? fmt::format("write [telephone.{}]", name.text) : near);
        } else if (std::find(calls.accounts.begin(), calls.accounts.end(), name.text) !=
                   calls.accounts.end()) {
            tell(quoted(name.text) + " stands here twice", {});
        } else {
            calls.accounts.push_back(name.text);
        }
    }
}

// What the provider is told must be what it finds: it refuses names with an underscore and does not look
// behind a query.
void check_public_url(const Section& section, const WebUrl& url) {
    if (url.host.find('_') != std::string::npos) {
        section.error("public_url", "has an underscore in its host, which the provider refuses",
                      "give the host another name");
    } else if (url.query) {
        section.error("public_url", "has a query or fragment: it is what paths are written behind");
    } else if (url.path.ends_with('/')) {
        section.error("public_url", "ends with a slash", "leave the slash out");
    } else if (!url.path.ends_with("/call")) {
        section.warning("public_url", "does not end with /call, where mailrota-web answers",
                        "a proxy in between must put /call before what follows this URL");
    }
}

void load_public_url(const Section& section, Draft& draft) {
    if (!section.has("public_url")) return;
    draft.public_url_line = section.line("public_url");
    draft.config.calls.public_url = load_safe_url(section, "public_url");
    if (const auto url = parse_web_url(draft.config.calls.public_url)) check_public_url(section, *url);
}

void load_limit(const Section& section, policy::Burst& limit) {
    const auto table = section.section("limit");
    if (!table) return;
    limit.mails = static_cast<int>(table->integer("calls", 1, most_calls).value_or(limit.mails));
    limit.within = load_duration(*table, "within", minutes{1}, longest_limit).value_or(limit.within);
}

}  // namespace

void load_calls(const Section& top, Draft& draft) {
    CallSettings& calls = draft.config.calls;
    const auto section = top.section("calls");
    if (section) {
        load_accounts(*section, draft, calls);
        load_public_url(*section, draft);
        if (const auto language = load_language(*section); !language.empty()) calls.language = language;
        calls.voice = load_voice(*section);
        calls.ring = load_duration(*section, "ring", shortest_ring, longest_ring).value_or(calls.ring);
        calls.poll = load_duration(*section, "poll", shortest_poll, longest_poll).value_or(calls.poll);
        load_limit(*section, calls.limit);
        calls.expire =
            load_duration(*section, "expire", shortest_expiry, longest_expiry).value_or(calls.expire);
    }
    if (!section || !section->has("accounts")) calls.accounts = draft.telephone_names();
}

void check_calls(const Draft& draft, Diagnostics& diagnostics) {
    const auto& used = draft.config.calls.accounts;
    for (const TelephoneSettings& telephone : draft.config.telephones) {
        const std::uint32_t line = draft.telephone_lines.at(telephone.name);
        const std::string key = "telephone." + telephone.name;
        if (std::find(used.begin(), used.end(), telephone.name) == used.end()) {
            diagnostics.warning(line, key, "is never used: calls.accounts does not name it",
                                fmt::format("add {} to it", quoted(telephone.name)));
        } else if (draft.public_url_line != 0 && telephone.auth_tokens.empty() &&
                   telephone.user != telephone.account) {
            diagnostics.error(
                line, key + ".auth_token",
                "is missing: callbacks are signed with it, and an API key cannot tell them from forged ones",
                fmt::format("write auth_token = {{ file = \"/etc/mailrota/secrets/{}-token\" }}",
                            telephone.name));
        }
    }
}

}  // namespace mailrota::config
