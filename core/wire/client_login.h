#pragma once

#include <optional>
#include <string>

#include "core/wire/reply.h"
#include "core/wire/server_features.h"

namespace mailrota::wire {

// The client's side of AUTH PLAIN (RFC 4616), or AUTH LOGIN where only that is announced. For connections
// that nobody can listen to: the password is readable in it.
class ClientLogin {
  public:
    ClientLogin(std::string user, std::string password);

    // The command, without CRLF; nothing if the server announces neither.
    std::optional<std::string> begin(const ServerFeatures& features);
    // What is said to 334; nothing if there is nothing left to say.
    std::optional<std::string> go_on();
    // The reply without what was said: some servers quote the line that they refuse.
    Reply without_secrets(Reply reply) const;

  private:
    enum class Next { user, password, nothing };

    std::string user_;
    std::string password_;
    Next next_ = Next::nothing;
};

}  // namespace mailrota::wire
