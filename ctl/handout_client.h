#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "core/wire/handout.h"

namespace mailrota::ctl {

// Where the box is and how to get in. Without token and user no Authorization field is sent.
struct HandoutAccess {
    std::string url;  // of the box, BoxUrl::base
    std::string unix_socket;
    std::string ca;  // empty: the system's
    std::string client_cert;
    std::string client_key;
    std::string token;
    std::string user;
    std::string password;
    std::chrono::milliseconds connect{std::chrono::seconds{30}};
    std::chrono::seconds silence{30};
    std::chrono::milliseconds whole{std::chrono::minutes{10}};  // longest for one request
};

// Why the server's answer is none.
struct HandoutFault {
    enum class Kind {
        away,        // not reached, silent, or it said 5yz: later perhaps
        refused,     // 4yz: token, box or request are wrong
        lease_over,  // 404, 409 or 410 for something leased
        garbled,     // an answer that the protocol does not have
    };

    Kind kind = Kind::away;
    std::string text;

    bool operator==(const HandoutFault&) const = default;
};
template <class T>
using Handed = tl::expected<T, HandoutFault>;

// The puller's side of the hand-out (doc/handout.md), by libcurl: certificates are always verified, nothing
// is redirected, proxies are as the environment says, answers are bounded. Every call blocks, at most as long
// as HandoutAccess says. One thread.
class HandoutClient {
  public:
    explicit HandoutClient(HandoutAccess access);
    ~HandoutClient();
    HandoutClient(const HandoutClient&) = delete;
    HandoutClient& operator=(const HandoutClient&) = delete;

    Handed<wire::Lease> lease(const wire::LeaseRequest& request);
    // The mail's bytes: as many as the lease said, and with the digest that the server gave.
    Handed<std::string> message(const std::string& lease, const wire::HandedMail& mail);
    Handed<wire::AcknowledgementAnswer> acknowledge(const wire::Acknowledgement& acknowledgement);
    // How many mails the lease still holds, for as long again.
    Handed<std::uint64_t> renew(const std::string& lease);
    // Gives back what is not acknowledged.
    Handed<std::uint64_t> give_back(const std::string& lease);

  private:
    class Request;
    struct Answer;
    Handed<Answer> ask(const std::string& path, const std::string* body, std::size_t limit);
    Handed<std::uint64_t> ask_number(const std::string& path, const std::string& lease, const char* key);

    HandoutAccess access_;
    std::unique_ptr<void, void (*)(void*)> curl_;  // kept for its connection
};

}  // namespace mailrota::ctl
