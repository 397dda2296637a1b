#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/provider_settings.h"

namespace mailrota::config {

// What is known of a kind of provider before anything is written of an account there: what settings may be
// left out, and what no setting can bring about. Facts of its documentation, as of 2026.
struct ProviderKind {
    ProviderSettings::Kind kind;
    std::string_view name;       // "sendgrid", as it is written
    bool regions;                // region = "eu" has servers of its own
    bool raw;                    // takes a mail as it is over HTTP; else only taken apart, as JSON
    bool tracking_switch;        // tracking can be turned on and off for each mail
    bool id_over_http;           // promises to keep the Message-ID of a mail that comes over HTTP
    bool id_over_smtp;           // the same over SMTP
    std::string_view signature;  // what its webhooks are signed with, in words; empty: nothing
};
const ProviderKind& provider_kind(ProviderSettings::Kind kind);
// Nothing if there is none of that name.
std::optional<ProviderSettings::Kind> find_provider_kind(std::string_view name);
std::vector<std::string> provider_kind_names();

// What an account has unless it is written. `region` is "eu", an AWS region, or empty.

// Without a slash at the end; empty for kind smtp.
std::string default_base_url(ProviderSettings::Kind kind, std::string_view region);
// Port 587 with STARTTLS; kind smtp has no host.
Endpoint default_smtp_host(ProviderSettings::Kind kind, std::string_view region);
// Empty where each account has its own: mailgun without `domain`, ses, smtp; and for postmark, which wants
// the password as the user, too.
std::string default_smtp_user(ProviderSettings::Kind kind, std::string_view domain);

}  // namespace mailrota::config
