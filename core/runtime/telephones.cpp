#include "core/runtime/telephones.h"

#include "core/runtime/secrets.h"

namespace mailrota::runtime {
namespace {

constexpr std::uint64_t most_of_a_list = 4'000'000;  // bytes

Result<std::string> read(const config::SecretSource& source, const std::string& account,
                         std::string_view key) {
    auto secret = read_secret(source);
    if (secret) return secret;
    return tl::unexpected(Error{
        secret.error().kind, "[telephone." + account + "] " + std::string(key) + ": " + secret.error().text});
}

Result<providers::TelephoneKeys> read_keys(const config::TelephoneSettings& settings) {
    providers::TelephoneKeys keys;
    auto secret = read(settings.secret, settings.name, "secret");
    if (!secret) return tl::unexpected(secret.error());
    keys.secret = *std::move(secret);
    for (const auto& source : settings.auth_tokens) {
        auto token = read(source, settings.name, "auth_token");
        if (!token) return tl::unexpected(token.error());
        keys.auth_tokens.push_back(*std::move(token));
    }
    return keys;
}

}  // namespace

Result<std::shared_ptr<const Telephones>> Telephones::open(const config::Config& config) {
    auto telephones = std::make_shared<Telephones>();
    telephones->calls_ = config.calls;
    for (const auto& settings : config.telephones) {
        auto keys = read_keys(settings);
        if (!keys) return tl::unexpected(keys.error());
        auto tokens = keys->auth_tokens;
        telephones->accounts_.emplace(
            settings.name, Account{providers::Telephone(settings, *std::move(keys)), std::move(tokens)});
    }
    return telephones;
}

const providers::Telephone* Telephones::account(std::string_view name) const {
    const auto found = accounts_.find(name);
    return found == accounts_.end() ? nullptr : &found->second.telephone;
}

std::vector<std::string> Telephones::tokens() const {
    std::vector<std::string> all;
    for (const auto& [name, account] : accounts_)
        all.insert(all.end(), account.tokens.begin(), account.tokens.end());
    return all;
}

HttpTerms terms_of(const config::TelephoneSettings& settings) {
    HttpTerms terms;
    terms.connect = terms.silence = terms.whole = settings.timeout;
    terms.max_answer = most_of_a_list;
    terms.ca_file = settings.ca_file;
    terms.proxy = settings.proxy;
    return terms;
}

std::string telephone_scope(std::string_view account) { return "telephone/" + std::string(account); }

}  // namespace mailrota::runtime
