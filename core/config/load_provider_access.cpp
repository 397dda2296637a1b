#include "core/config/load_provider_access.h"

#include <fmt/format.h>

#include "core/config/load_secret.h"
#include "core/config/load_sockets.h"
#include "core/config/provider_kinds.h"
#include "core/config/web_url.h"

namespace mailrota::config {

namespace {

using Kind = ProviderSettings::Kind;
using Security = Endpoint::Security;

std::string sample_of(std::string_view key, std::string_view name) {
    return fmt::format("write {} = {{ file = \"/etc/mailrota/secrets/{}\" }}", key, name);
}

std::optional<SecretSource> needed_secret(const Section& section, std::string_view key,
                                          const std::string& file, const ProviderSettings& provider) {
    if (!section.has(key)) section.error(key, "is missing", sample_of(key, provider.name));
    return load_secret(section, key, file);
}

// What a URL is told as wrong for never repeats it: a secret may stand in it.
std::optional<WebUrl> load_url(const Section& section, std::string_view key, std::string_view sample) {
    const auto text = section.text(key);
    if (!text) return std::nullopt;
    auto url = parse_web_url(*text);
    if (!url) {
        section.error(key, "is no URL: " + url.error().text, fmt::format("write as in \"{}\"", sample));
        return std::nullopt;
    }
    if (url->user) {
        section.error(key, "has a user or password in it, which does not belong there");
        return std::nullopt;
    }
    return *url;
}

bool crosses_network_readable(const Section& section, std::string_view key, const WebUrl& url) {
    if (url.tls || is_loopback_host(url.host)) return false;
    section.error(key, "is http://: keys and mails would cross the network readable",
                  "write https://; only 127.0.0.1, [::1] and localhost may go without");
    return true;
}

// "smtp.example.com:587"
std::optional<Endpoint> load_host(const Section& section) {
    const auto text = section.text("host");
    if (!text) return std::nullopt;
    auto endpoint = parse_endpoint("smtp:" + *text);
    if (endpoint && endpoint->path.empty()) return *std::move(endpoint);
    section.error("host",
                  fmt::format("{} is no mail server: {}", quoted(*text),
                              endpoint ? "a provider is not behind a unix socket" : endpoint.error().text),
                  "write as in host = \"smtp.example.com:587\"");
    return std::nullopt;
}

Security load_security(const Section& section, const Endpoint& host) {
    constexpr std::uint16_t submissions = 465;  // RFC 8314
    const bool tls_port = host.port == submissions;
    const auto choice = section.choice("security", {"none", "starttls", "tls"});
    if (!choice) return tls_port ? Security::tls : Security::starttls;
    const auto security = static_cast<Security>(*choice);
    if (security == Security::none && !is_loopback_host(host.host)) {
        section.error("security", "is none: passwords and mails would cross the network readable",
                      "write \"starttls\" or \"tls\"; only 127.0.0.1, [::1] and localhost may go without");
    } else if (security == Security::starttls && tls_port) {
        section.warning("security", "is starttls, but on port 465 TLS begins with the first byte",
                        "write \"tls\", or port 587");
    }
    return security;
}

std::string who_logs_in(const ProviderSettings& provider) {
    if (provider.kind == Kind::ses)
        return "write the SMTP user that SES made for the account, user = \"AKIA…\", and its password";
    if (provider.kind == Kind::mailgun) return "write as in user = \"postmaster@mg.example.com\"";
    return "write as in user = \"name\"";
}

// Without user and password a host of kind smtp may be spoken to; no other.
void load_login(const Section& section, const std::string& file, ProviderSettings& provider) {
    const std::string_view key = section.has("password") ? "password" : "api_key";
    if (section.has("password") && section.has("api_key"))
        section.error("api_key", "stands beside \"password\", which is the same", "write one of them");
    provider.user = section.text("user").value_or(default_smtp_user(provider.kind, provider.domain));
    provider.api_key = load_secret(section, key, file);
    const bool any = provider.kind == Kind::smtp;
    const bool given = section.has(key);
    if (!given && (!any || !provider.user.empty())) {
        const std::string_view missing = any || provider.kind == Kind::ses ? "password" : "api_key";
        section.error(missing, "is missing", sample_of(missing, provider.name));
    }
    const bool key_is_user = provider.kind == Kind::postmark;
    if (provider.user.empty() && !key_is_user && (given || !any))
        section.error("user", section.has("user") ? "is empty" : "is missing", who_logs_in(provider));
    if (provider.api_key) provider.host.account = provider.name;
}

}  // namespace

std::string load_safe_url(const Section& section, std::string_view key) {
    const auto url = load_url(section, key, "https://www.example.com/…");
    if (!url || crosses_network_readable(section, key, *url)) return {};
    return section.text(key).value_or("");
}

std::string load_base_url(const Section& section, const std::string& fallback) {
    const auto url = load_url(section, "base_url", fallback);
    if (!url || crosses_network_readable(section, "base_url", *url)) return fallback;
    if (url->query) {
        section.error("base_url", "has a query or fragment: it is what paths are written behind",
                      fmt::format("write as in \"{}\"", fallback));
    } else if (url->path.ends_with('/')) {
        section.error("base_url", "ends with a slash", "leave the slash out");
    }
    return section.text("base_url").value_or(fallback);
}

std::string load_proxy(const Section& section) {
    const auto url = load_url(section, "proxy", "http://proxy.example.com:3128");
    if (!url) return {};
    if (url->query || (!url->path.empty() && url->path != "/"))
        section.error("proxy", "has a path or query, which no proxy has");
    return section.text("proxy").value_or("");
}

void load_http_access(const Section& section, const std::string& file, ProviderSettings& provider) {
    refuse_keys(section, {"host", "security", "user", "password"}, "is of no use: mail goes by HTTP",
                "write transport = \"smtp\" to hand mail to an SMTP host");
    provider.base_url = load_base_url(section, default_base_url(provider.kind, provider.region));
    provider.proxy = load_proxy(section);
    if (provider.kind == Kind::ses) {
        refuse_keys(section, {"api_key"}, "is of no use: SES has an access key, of two parts",
                    "write access_key and secret_key");
        provider.access_key = needed_secret(section, "access_key", file, provider);
        provider.secret_key = needed_secret(section, "secret_key", file, provider);
        return;
    }
    refuse_keys(section, {"access_key", "secret_key"}, "is of no use: only SES has it", "write api_key");
    provider.api_key = needed_secret(section, "api_key", file, provider);
}

void load_smtp_access(const Section& section, const std::string& file, ProviderSettings& provider) {
    refuse_keys(section, {"base_url", "proxy"}, "is of no use: mail goes by SMTP",
                "write host, or transport = \"http\"");
    refuse_keys(section, {"access_key", "secret_key"}, "is of no use: mail goes by SMTP",
                "write user and password, as the account has them for SMTP");
    if (provider.kind == Kind::smtp && !section.has("host"))
        section.error("host", "is missing", "write as in host = \"smtp.example.com:587\"");
    provider.host = load_host(section).value_or(default_smtp_host(provider.kind, provider.region));
    provider.host.security = load_security(section, provider.host);
    load_login(section, file, provider);
}

}  // namespace mailrota::config
