#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/load_provider_access.h"
#include "core/config/load_sockets.h"
#include "core/config/load_webhook.h"
#include "core/config/provider_kinds.h"
#include "core/config/suggest.h"

namespace mailrota::config {

namespace {

using Kind = ProviderSettings::Kind;
using Transport = ProviderSettings::Transport;
using std::chrono::seconds;

constexpr std::int64_t most_of_anything = 100'000;
constexpr seconds longest_timeout{600};
constexpr std::string_view lower_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789-";

// "eu-west-1", "us-gov-east-1"
bool is_aws_region(std::string_view text) {
    return std::count(text.begin(), text.end(), '-') >= 2 && !text.starts_with('-') && !text.ends_with('-') &&
           text.find_first_not_of(lower_and_digits) == std::string_view::npos;
}

bool is_domain(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return text.find('.') != std::string_view::npos && !text.starts_with('.') && !text.ends_with('.') &&
           text.find_first_not_of(letters) == std::string_view::npos;
}

// Reads one [provider.NAME].
class ProviderReader {
  public:
    ProviderReader(const std::string& name, const Section& section, const std::string& file)
        : section_(section), file_(file) {
        provider_.name = name;
    }

    ProviderSettings read() {
        check_name();
        if (!read_kind()) return unknown();
        read_transport();
        read_region();
        read_domain();
        if (provider_.transport == Transport::http) {
            load_http_access(section_, file_, provider_);
        } else {
            load_smtp_access(section_, file_, provider_);
        }
        read_extras();
        read_limits();
        if (const auto webhook = section_.section("webhook"))
            provider_.webhook = load_webhook(*webhook, provider_.kind, file_);
        return std::move(provider_);
    }

  private:
    // One of which nothing more can be said.
    ProviderSettings unknown() {
        provider_.transport = Transport::smtp;
        return std::move(provider_);
    }

    // The name is the last part of its webhook's URL.
    void check_name() const {
        constexpr std::size_t longest = 64;
        const std::string& name = provider_.name;
        if (!name.starts_with('.') && name.size() <= longest) return;
        section_.diagnostics().error(section_.line(), section_.path(),
                                     name.starts_with('.') ? "begins with a dot, which is no path of a URL"
                                                           : "is too long a name: at most 64 bytes",
                                     "the provider's events come to /hook/NAME");
    }

    bool read_kind() {
        const auto names = provider_kind_names();
        if (!section_.has("kind")) {
            const auto near = nearest(provider_.name, names);
            section_.error(
                "kind", "is missing",
                near ? fmt::format("write kind = {}", quoted(*near)) : "write one of " + one_of(names));
            return false;
        }
        const auto kind = section_.choice("kind", names);
        if (!kind) return false;
        provider_.kind = *find_provider_kind(names[*kind]);
        return true;
    }

    void read_transport() {
        const bool only_smtp = provider_.kind == Kind::smtp;
        const auto choice = section_.choice("transport", {"http", "smtp"});
        if (only_smtp && choice == 0U)
            section_.error("transport", "is http, but a provider of kind smtp speaks SMTP", "leave it out");
        provider_.transport = only_smtp || choice == 1U ? Transport::smtp : Transport::http;
    }

    void read_region() {
        provider_.region = section_.text("region").value_or("");
        if (provider_.kind == Kind::ses) return read_aws_region();
        if (!section_.has("region") || !section_.text("region")) return;
        const ProviderKind& kind = provider_kind(provider_.kind);
        if (!kind.regions) {
            section_.error("region", fmt::format("is of no use: {} has none", kind.name));
        } else if (provider_.region != "eu") {
            section_.error("region",
                           fmt::format("{} is no region of {}", quoted(provider_.region), kind.name),
                           "write \"eu\" for an account in the EU; for any other leave it out");
        }
    }

    void read_aws_region() const {
        const std::string_view place = provider_.transport == Transport::http ? "base_url" : "host";
        const bool needed = provider_.transport == Transport::http || !section_.has(place);
        if (!section_.has("region") && needed) {
            section_.error("region", "is missing", "write the AWS region, as in region = \"eu-west-1\"");
        } else if (section_.text("region") && !is_aws_region(provider_.region)) {
            section_.error("region", quoted(provider_.region) + " is no AWS region",
                           "write as in region = \"eu-west-1\"");
        }
    }

    void read_domain() {
        if (provider_.kind != Kind::mailgun)
            return refuse_keys(section_, {"domain"}, "is of no use: only Mailgun asks for the domain");
        provider_.domain = section_.text("domain").value_or("");
        if (!section_.has("domain") && provider_.transport == Transport::http)
            section_.error("domain", "is missing",
                           "write the domain that sends, as in domain = \"mg.example.com\"");
        if (section_.text("domain") && !is_domain(provider_.domain))
            section_.error("domain", quoted(provider_.domain) + " is no domain",
                           "write as in domain = \"mg.example.com\"");
    }

    void read_extras() {
        if (provider_.kind != Kind::postmark)
            refuse_keys(section_, {"message_stream"}, "is of no use: only Postmark has streams");
        if (provider_.kind != Kind::ses)
            refuse_keys(section_, {"configuration_set"}, "is of no use: only SES has configuration sets");
        provider_.message_stream = read_word("message_stream");
        provider_.configuration_set = read_word("configuration_set");
        provider_.ca_file = load_path(section_, "ca_file");
        provider_.status_url = load_safe_url(section_, "status_url");
        provider_.tracking = section_.boolean("tracking").value_or(false);
        if (section_.choice("lossy", {"refuse", "send"}) == 1U)
            provider_.lossy = ProviderSettings::Lossy::send;
    }

    // It goes into a header field or into JSON as it is.
    std::string read_word(std::string_view key) const {
        constexpr std::string_view letters =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        const auto word = section_.text(key);
        if (word && (word->empty() || word->find_first_not_of(letters) != std::string::npos))
            section_.error(key, quoted(*word) + " is no name of letters, digits, - and _");
        return word.value_or("");
    }

    void read_limits() {
        load_count(section_, "max_recipients", most_of_anything, provider_.max_recipients);
        load_count(section_, "in_flight", most_of_anything, provider_.in_flight);
        provider_.max_size = section_.bytes("max_size").value_or(provider_.max_size);
        provider_.timeout =
            load_duration(section_, "timeout", seconds{1}, longest_timeout).value_or(provider_.timeout);
    }

    const Section& section_;
    const std::string& file_;
    ProviderSettings provider_;
};

}  // namespace

void load_providers(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("provider", "provider.NAME")) {
        draft.provider_lines.emplace(name, section.line());
        if (section.has("webhook")) draft.webhook_lines.emplace(name, section.line("webhook"));
        draft.config.providers.push_back(ProviderReader(name, section, draft.config.file).read());
    }
}

}  // namespace mailrota::config
