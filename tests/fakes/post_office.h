#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

/// What would lie in one recipient's mailbox.
struct Delivery {
    std::string recipient;
    std::string provider_id;  ///< of this recipient, as events name it
    std::string content;      ///< empty: the same as Mail::content
};

/// A mail that a provider has accepted.
struct Mail {
    std::string provider;
    std::string id;      ///< the provider's
    std::string our_id;  ///< what travelled as metadata mailrota_id; empty if nothing did
    std::string sender;  ///< address of From
    std::string subject;
    std::vector<std::string> to;  ///< as the call names recipients, those that are not delivered among them
    std::vector<Delivery> deliveries;
    std::string content;         ///< as it arrives
    std::string given;           ///< as the call had it, where the mail came as bytes
    boost::json::object extras;  ///< what else the call said: tags, options, idempotency key
    Seconds at{};
    std::chrono::steady_clock::time_point accepted;
};
using MailPointer = std::shared_ptr<const Mail>;

/// All mails that were accepted, in order.
class PostOffice {
  public:
    /// Without `keep` only the counts are kept.
    MailPointer accept(Mail mail, bool keep);

    const std::deque<MailPointer>& mails() const { return mails_; }
    /// Of this provider, older than the lag of its index; newest first.
    std::vector<MailPointer> listed(std::string_view provider, std::chrono::milliseconds lag) const;
    /// The newest with that id of the provider's or of ours; null if there is none.
    MailPointer find(std::string_view provider, std::string_view id) const;

    std::uint64_t accepted(std::string_view provider) const;
    void clear();

  private:
    std::deque<MailPointer> mails_;
    std::map<std::string, std::uint64_t, std::less<>> accepted_;
};

}  // namespace mailrota::fakes
