#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/mail/result.h"
#include "core/providers/telephone.h"
#include "core/runtime/http_client.h"

namespace mailrota::runtime {

// All telephone accounts of one configuration with their secrets read. Immutable: a reload makes new ones.
class Telephones {
  public:
    // The error says which secret of which account cannot be read.
    static Result<std::shared_ptr<const Telephones>> open(const config::Config& config);

    const providers::Telephone* account(std::string_view name) const;  // null: there is none
    const std::vector<std::string>& order() const { return calls_.accounts; }
    const config::CallSettings& calls() const { return calls_; }
    // What callbacks may be signed with: of this account, or of every one.
    std::vector<std::string> tokens() const;

  private:
    struct Account {
        providers::Telephone telephone;
        std::vector<std::string> tokens;
    };
    std::map<std::string, Account, std::less<>> accounts_;
    config::CallSettings calls_;
};

// How an account is asked: its own time-out for all of a request, certificates and proxy; room for long
// lists.
HttpTerms terms_of(const config::TelephoneSettings& settings);

// The scope of an account's breaker in the store.
std::string telephone_scope(std::string_view account);

}  // namespace mailrota::runtime
