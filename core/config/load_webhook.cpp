#include "core/config/load_webhook.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/config/load_secret.h"
#include "core/config/load_sockets.h"
#include "core/config/provider_kinds.h"
#include "core/config/web_url.h"

namespace mailrota::config {

namespace {

using Kind = ProviderSettings::Kind;

constexpr std::string_view secret_sample = "{ file = \"/etc/mailrota/secrets/NAME\" }";

// "arn:aws:sns:REGION:ACCOUNT:NAME"
bool is_topic(std::string_view text) {
    constexpr int colons = 5;
    return text.starts_with("arn:aws") && text.find(":sns:") != std::string_view::npos &&
           std::count(text.begin(), text.end(), ':') == colons && !text.ends_with(':') &&
           text.find_first_of(" \t\r\n*") == std::string_view::npos;
}

// Reads one [provider.NAME.webhook].
class WebhookReader {
  public:
    WebhookReader(const Section& section, const ProviderKind& kind, const std::string& file)
        : section_(section), kind_(kind), file_(file) {}

    WebhookSettings read() {
        if (kind_.kind == Kind::smtp) {
            section_.diagnostics().error(section_.line(), section_.path(),
                                         "is of no use: a provider of kind smtp tells no events");
            return {};
        }
        webhook_.users = load_users(section_, file_);
        webhook_.allow = load_networks(section_, "allow").value_or(webhook_.allow);
        if (is_empty_array(section_.node("allow"))) section_.error("allow", "is empty: no event could come");
        read_secrets();
        read_url();
        read_topics();
        check_users();
        return std::move(webhook_);
    }

  private:
    bool given(std::string_view key) const {
        return section_.has(key) && !is_empty_array(section_.node(key));
    }

    void missing(std::string_view key, std::string_view hint) const {
        section_.error(key, "is missing: anybody could send events", hint);
    }

    void read_secrets() {
        const bool signs = !kind_.signature.empty() && kind_.kind != Kind::ses;
        if (!signs) {
            return refuse_keys(
                section_, {"secret", "secrets"},
                fmt::format("is of no use: {}", kind_.kind == Kind::ses
                                                    ? "SNS signs with a certificate of its own"
                                                    : fmt::format("{} signs nothing", kind_.name)),
                kind_.kind == Kind::ses ? "write topics" : "write users");
        }
        if (!given("secret") && !given("secrets")) {
            missing("secret", fmt::format("{} signs them: write secret = {}, which holds {}", kind_.name,
                                          secret_sample, kind_.signature));
        }
        webhook_.secrets = load_secrets(section_, "secret", "secrets", file_);
    }

    // It may hold a user and password, as it does at the provider: nothing of it is ever told.
    void read_url() {
        if (kind_.kind != Kind::mandrill)
            return refuse_keys(section_, {"url"}, "is of no use: only Mandrill signs the URL");
        const auto url = section_.text("url");
        if (!section_.has("url")) {
            section_.error("url", "is missing: Mandrill signs the webhook's URL, too",
                           "write it exactly as it stands at Mandrill, as in "
                           "\"https://mail.example.com/hook/mandrill\"");
        }
        if (!url) return;
        if (auto parsed = parse_web_url(*url); !parsed)
            section_.error("url", "is no URL: " + parsed.error().text);
        webhook_.url = *url;
    }

    void read_topics() {
        if (kind_.kind != Kind::ses)
            return refuse_keys(section_, {"topics"}, "is of no use: only SES has topics");
        if (!given("topics"))
            missing("topics", "write as in topics = \"arn:aws:sns:eu-west-1:123456789012:mail\"");
        for (const Text& topic : section_.texts("topics")) {
            if (!is_topic(topic.text)) {
                section_.diagnostics().error(topic.line, section_.path("topics"),
                                             quoted(topic.text) + " is no ARN of an SNS topic",
                                             "write as in \"arn:aws:sns:eu-west-1:123456789012:mail\"");
            }
            webhook_.topics.push_back(topic.text);
        }
    }

    void check_users() const {
        if (!kind_.signature.empty() || given("users")) return;
        missing("users",
                fmt::format("{} signs nothing: write users = [{{ name = \"events\", password = {} }}], "
                            "and there https://events:PASSWORD@HOST/hook/NAME",
                            kind_.name, secret_sample));
    }

    const Section& section_;
    const ProviderKind& kind_;
    const std::string& file_;
    WebhookSettings webhook_;
};

}  // namespace

WebhookSettings load_webhook(const Section& section, Kind kind, const std::string& file) {
    return WebhookReader(section, provider_kind(kind), file).read();
}

}  // namespace mailrota::config
