#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/config/draft.h"
#include "core/config/load_phone_words.h"
#include "core/config/load_provider_access.h"
#include "core/config/load_secret.h"
#include "core/config/load_sockets.h"
#include "core/config/web_url.h"

namespace mailrota::config {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest_timeout{120};
constexpr milliseconds longest_pace{60'000};
constexpr std::int64_t most_in_flight = 1000;

// "AC", "SK" or "MG" and 32 hexadecimal digits.
bool is_sid(std::string_view prefix, std::string_view text) {
    constexpr std::size_t digits = 32;
    constexpr std::string_view hexadecimal = "0123456789abcdefABCDEF";
    return text.starts_with(prefix) && text.size() == prefix.size() + digits &&
           text.find_first_not_of(hexadecimal, prefix.size()) == std::string_view::npos;
}

// What another service with the same interface may have for an id: something that stands in a path as it is.
bool is_opaque_id(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    constexpr std::size_t most = 100;
    return !text.empty() && text.size() <= most && text.front() != '.' &&
           text.find_first_not_of(letters) == std::string_view::npos;
}

// "1s", "2m" or "200ms"
std::optional<milliseconds> parse_pace(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (fault == std::errc{} && unit == "ms") return milliseconds{number};
    const auto duration = policy::parse_duration(text);
    if (!duration || *duration > longest_pace) return std::nullopt;
    return *duration;
}

// Reads one [telephone.NAME].
class TelephoneReader {
  public:
    TelephoneReader(const std::string& name, const Section& section, const std::string& file)
        : section_(section), file_(file) {
        telephone_.name = name;
    }

    TelephoneSettings read() {
        section_.choice("kind", {"twilio"});
        read_address();
        read_account();
        read_secrets();
        read_sender();
        telephone_.ca_file = load_path(section_, "ca_file");
        telephone_.proxy = load_proxy(section_);
        const auto timeout = load_duration(section_, "timeout", seconds{1}, longest_timeout);
        telephone_.timeout = timeout.value_or(telephone_.timeout);
        read_pace();
        load_count(section_, "in_flight", most_in_flight, telephone_.in_flight);
        telephone_.detect_machines = section_.boolean("detect_machines").value_or(false);
        return std::move(telephone_);
    }

  private:
    void read_address() {
        const std::string region = read_place("region", "ie1");
        const std::string edge = read_place("edge", "dublin");
        std::string standard = "https://api.twilio.com";
        if (section_.has("region") != section_.has("edge")) {
            const std::string_view missing = section_.has("region") ? "edge" : "region";
            section_.error(missing, "is missing: one without the other is another region than is meant",
                           "write both, as in region = \"ie1\" and edge = \"dublin\"");
        } else if (!region.empty() && !edge.empty()) {
            standard = fmt::format("https://api.{}.{}.twilio.com", edge, region);
        }
        if (section_.has("base_url")) {
            refuse_keys(section_, {"region", "edge"}, "is of no use beside a base_url",
                        "leave one of the two out");
        }
        telephone_.base_url = load_base_url(section_, standard);
    }

    std::string read_place(std::string_view key, std::string_view sample) const {
        const auto text = section_.text(key);
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
        if (!text) return {};
        if (!text->empty() && text->find_first_not_of(letters) == std::string::npos) return *text;
        section_.error(key, quoted(*text) + " is no name of one", fmt::format("write as in \"{}\"", sample));
        return {};
    }

    // Others have ids of their own form.
    bool is_twilio() const {
        const auto url = parse_web_url(telephone_.base_url);
        return url && (url->host == "twilio.com" || url->host.ends_with(".twilio.com"));
    }

    std::string read_id(std::string_view key, std::string_view prefix) const {
        const auto text = section_.text(key);
        if (!text) return {};
        if (is_twilio() ? is_sid(prefix, *text) : is_opaque_id(*text)) return *text;
        section_.error(key, quoted(*text) + " is no such id",
                       is_twilio() ? fmt::format("write \"{}\" and 32 hexadecimal digits, as the provider's "
                                                 "console shows it",
                                                 prefix)
                                   : "an id has 1 to 100 letters, digits, _ . and -");
        return {};
    }

    void read_account() {
        telephone_.account = read_id("account", "AC");
        if (!section_.has("account"))
            section_.error("account", "is missing", "write as in account = \"AC…\"");
        const bool own = section_.text("user") == section_.text("account");
        telephone_.user = section_.has("user") && !own ? read_id("user", "SK") : telephone_.account;
    }

    // An API key signs no callbacks; the account's auth token does both.
    void read_secrets() {
        telephone_.auth_tokens = load_secrets(section_, {}, "auth_token", file_);
        if (is_empty_array(section_.node("auth_token"))) section_.error("auth_token", "is empty");
        if (!section_.has("secret")) {
            return section_.error(
                "secret", "is missing",
                fmt::format("write secret = {{ file = \"/etc/mailrota/secrets/{}\" }}", telephone_.name));
        }
        const auto secret = load_secret(section_, "secret", file_);
        if (!secret) return;
        telephone_.secret = *secret;
        if (!section_.has("auth_token") && telephone_.user == telephone_.account)
            telephone_.auth_tokens = {*secret};
    }

    void read_sender() {
        telephone_.from = load_phone_number(section_, "from");
        if (!section_.has("from"))
            section_.error("from", "is missing: who calls?", "write as in from = \"+15550100\"");
        telephone_.messaging_service = read_id("messaging_service", "MG");
    }

    void read_pace() {
        const auto text = section_.text("pace");
        if (!text) return;
        const auto pace = parse_pace(*text);
        if (pace && *pace > milliseconds{0} && *pace <= longest_pace) {
            telephone_.pace = *pace;
        } else {
            section_.error("pace", quoted(*text) + " is no pace: from \"1ms\" to \"60s\"",
                           "write as in \"1s\" or \"200ms\"");
        }
    }

    const Section& section_;
    const std::string& file_;
    TelephoneSettings telephone_;
};

}  // namespace

void load_telephones(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("telephone", "telephone.NAME")) {
        draft.telephone_lines.emplace(name, section.line());
        draft.config.telephones.push_back(TelephoneReader(name, section, draft.config.file).read());
    }
}

}  // namespace mailrota::config
