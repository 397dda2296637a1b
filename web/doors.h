#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/mail/result.h"
#include "web/client.h"
#include "web/credentials.h"

namespace mailrota::web {

// Who may in at one box, with the secrets read.
struct Door {
    config::BoxSettings settings;
    std::vector<std::string> tokens;
    std::map<std::string, std::string, std::less<>> users;  // name → password
};

// The doors of all boxes. Immutable: a reload makes new ones. A box without tokens and users lets nobody in.
class Doors {
  public:
    // Reads the secrets; the error says which one of which box cannot be read.
    static Result<std::shared_ptr<const Doors>> open(const std::vector<config::BoxSettings>& boxes);

    enum class Answer { entered, wrong_credentials, wrong_address };
    struct Visit {
        Answer answer = Answer::wrong_credentials;
        std::shared_ptr<const Door> door;  // of one who entered
        std::string user;                  // "token 2", or the name as it was given; for the log
    };
    // The address is looked at only when the credentials are right, and a box that is not there is wrong
    // credentials, so that a stranger does not learn which boxes there are. Secrets are compared in a time
    // that does not tell how much of them is right; a box that is not there takes the same.
    Visit knock(std::string_view box, const Credentials& credentials, const Client& client) const;

  private:
    std::map<std::string, std::shared_ptr<const Door>, std::less<>> doors_;
};

}  // namespace mailrota::web
