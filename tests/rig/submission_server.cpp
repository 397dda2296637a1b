#include "tests/rig/submission_server.h"

#include <utility>

namespace mailrota::rig {

namespace {

/// The socket that smtpd asks, as user postfix; refused logins do not slow down those that follow.
const std::vector<std::string> logins = {
    "auth_mechanisms = plain login",
    "auth_failure_delay = 0 secs",
    "service auth {\n  unix_listener auth-client {\n    mode = 0666\n  }\n}",
    "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}",
};

}  // namespace

SubmissionServer::SubmissionServer(PostfixOptions options)
    : dovecot_({"ann"}, logins), postfix_(with_logins(std::move(options))) {}

PostfixOptions SubmissionServer::with_logins(PostfixOptions options) const {
    const auto socket = dovecot_.socket().parent_path() / "auth-client";
    options.listeners = {{"smtpd_tls_security_level=encrypt"}, {"smtpd_tls_wrappermode=yes"}};
    const std::vector<std::string> lines = {
        "smtpd_tls_cert_file = " + certificates_.certificate().string(),
        "smtpd_tls_key_file = " + certificates_.key().string(),
        "smtpd_tls_auth_only = yes",
        "smtpd_sasl_auth_enable = yes",
        "smtpd_error_sleep_time = 0",
        "smtpd_sasl_type = dovecot",
        "smtpd_sasl_path = " + socket.string(),
        "smtpd_relay_restrictions = permit_sasl_authenticated, reject",
        "smtpd_recipient_restrictions = permit_sasl_authenticated, reject",
    };
    options.main_lines.insert(options.main_lines.end(), lines.begin(), lines.end());
    return options;
}

}  // namespace mailrota::rig
