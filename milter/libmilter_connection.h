#pragma once

#include <libmilter/mfapi.h>
#include <sys/socket.h>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "milter/session.h"

namespace mailrota::milter {

// One session, in libmilter's private pointer from negotiation to close. Whoever clears the pointer owns it.
struct Connection {
    Connection(const Services& services, std::atomic<std::size_t>& count)
        : session(services), sessions(count) {
        ++sessions;
    }
    ~Connection() { --sessions; }
    Connection(const Connection&) = delete;

    Session session;
    std::atomic<std::size_t>& sessions;
    StepSet unanswered;
    bool can_skip = false;
};

// Nothing before the negotiation: after a bare connect, or garbage.
Connection* connection_of(SMFICTX* context);

// libmilter's macros, valid during one callback.
class LibmilterMacros : public Macros {
  public:
    explicit LibmilterMacros(SMFICTX* context) : context_(context) {}
    std::string_view get(const char* name) const override {
        const char* value = smfi_getsymval(context_, const_cast<char*>(name));
        return value == nullptr ? std::string_view() : value;
    }

  private:
    SMFICTX* context_;
};

// libmilter's words for what it hands over, null pointers included, and ours for what it wants back.
std::string_view view(const char* text);
std::vector<std::string> strings(char** arguments);
std::string client_address(const sockaddr* address);  // without port; empty if the client has none
sfsistat status_of(SMFICTX* context, const Connection& connection, const StepAnswer& answer);

}  // namespace mailrota::milter
