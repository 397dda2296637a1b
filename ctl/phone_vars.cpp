#include "ctl/phone_vars.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "core/config/load_phone_words.h"
#include "core/policy/safe_text.h"

namespace mailrota::ctl {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr int usual_wait = 300;  // seconds
constexpr int longest_wait = 86'400;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string value_in(std::string_view text) {
    text = trimmed(text);
    const char quote = text.empty() ? '\0' : text.front();
    if (quote == '"' || quote == '\'') return std::string(text.substr(1, text.find(quote, 1) - 1));
    return std::string(trimmed(text.substr(0, text.find('#'))));
}

// "+15550101" out of "+1 (555) 0101"; ten digits are taken for a number of North America, which is said.
std::optional<std::string> number_in(const std::string& text, std::vector<std::string>& remarks) {
    std::string digits;
    for (const char c : text)
        if (c == '+' || (c >= '0' && c <= '9')) digits += c;
    constexpr std::size_t national = 10;
    if (digits.size() == national && !digits.starts_with('+')) {
        remarks.push_back(fmt::format("{}: taken for a number of North America", digits));
        digits = "+1" + digits;
    }
    if (!digits.starts_with('+')) digits = "+" + digits;
    return config::is_phone_number(digits) ? std::optional(digits) : std::nullopt;
}

class Settings {
  public:
    explicit Settings(const PhoneVars& vars) : vars_(vars) {}

    PhoneSettings run() {
        write_account();
        write_rotas();
        return std::move(settings_);
    }

  private:
    std::string value(std::string_view name) const {
        const auto found = vars_.find(name);
        return found == vars_.end() ? std::string() : found->second;
    }
    void remark(std::string text) { settings_.remarks.push_back(std::move(text)); }

    std::string number(const char* name, const char* instead) {
        if (auto found = number_in(value(name), settings_.remarks)) return fmt::format("\"{}\"", *found);
        remark(fmt::format("{}: no telephone number is known; change the one in its place", name));
        return fmt::format("\"{}\"  # change", instead);
    }

    void write_account() {
        std::string account = value("account_sid");
        constexpr std::size_t length = 34;
        const bool known = account.size() == length && account.starts_with("AC") &&
                           account.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string::npos;
        if (!known) {
            remark(
                "account_sid: no account is known (AC and 32 hexadecimal digits); change the one in its "
                "place");
            account = "AC" + std::string(length - 2, '0');
        }
        if (!value("auth_token").empty())
            remark("auth_token: it is not copied; write it into /etc/mailrota/secrets/twilio-token");
        settings_.toml += fmt::format(
            "[telephone.twilio]\nkind    = \"twilio\"\naccount = \"{}\"\n"
            "secret  = {{ file = \"/etc/mailrota/secrets/twilio-token\" }}  # the account's auth token\n"
            "from    = {}\n",
            account, number("twilionumber", "+15550100100"));
    }

    void write_rotas() {
        struct Step {
            const char* name;
            int tries;
        };
        constexpr std::array<Step, 3> steps = {{{"oncall", 3}, {"backup", 2}, {"tertiary", 2}}};
        std::vector<std::string> written;
        const int wait = wait_time();
        for (const Step& step : steps) {
            // Somebody must be called first.
            if (value(step.name).empty() && !written.empty()) continue;
            settings_.toml +=
                fmt::format("\n[rota.{}]\nmembers = [{{ phone = {} }}]\n", step.name, phone(step.name));
            written.push_back(
                fmt::format("    {{ rota = \"{}\", tries = {}, wait = \"{}s\", redial = \"{}s\" }},\n",
                            step.name, step.tries, wait, wait));
        }
        settings_.escalate = fmt::format("[\n{}]", fmt::join(written, ""));
    }

    // A comment would hide the brackets behind it.
    std::string phone(const char* name) {
        const std::string text = number(name, "+15550100101");
        return text.substr(0, text.find("  #"));
    }

    int wait_time() {
        const std::string text = value("waittime");
        int seconds = usual_wait;
        if (text.empty()) return seconds;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (fault == std::errc{} && end == text.data() + text.size() && seconds >= 1 &&
            seconds <= longest_wait)
            return seconds;
        remark(fmt::format("waittime: {} is no number of seconds; {} stands in its place",
                           policy::quoted(text), usual_wait));
        return usual_wait;
    }

    const PhoneVars& vars_;
    PhoneSettings settings_;
};

}  // namespace

Result<void> read_phone_vars(std::string_view text, PhoneVars& vars) {
    if (text.starts_with("$ANSIBLE_VAULT"))
        return invalid(
            "it is encrypted; decrypt a copy of it (ansible-vault decrypt), and remove that afterwards");
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with("export ")) line = trimmed(line.substr(7));
        const auto mark = line.find_first_of(":=");
        if (line.empty() || line.front() == '#' || mark == std::string_view::npos) continue;
        vars[std::string(trimmed(line.substr(0, mark)))] = value_in(line.substr(mark + 1));
    }
    return {};
}

PhoneSettings phone_settings(const PhoneVars& vars) { return Settings(vars).run(); }

}  // namespace mailrota::ctl
