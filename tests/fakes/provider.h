#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/fakes/account.h"
#include "tests/fakes/api.h"
#include "tests/fakes/exchange.h"
#include "tests/fakes/faults.h"
#include "tests/fakes/hook.h"
#include "tests/fakes/post_office.h"
#include "tests/fakes/shape.h"

namespace mailrota::fakes {

/// How many calls came, and what became of them.
struct Calls {
    std::uint64_t sending = 0;
    std::uint64_t refused = 0;  ///< sending calls answered with another status than 2xx
    std::uint64_t others = 0;   ///< probes, look-ups, wrong paths
};

/// Plays the API of one provider: checks a request, delivers into the post office, answers and fails in the
/// provider's words. Belongs to one thread.
class Provider : public Api {
  public:
    Provider(std::string name, PostOffice& office, Faults& faults);

    Account& account() { return account_; }
    const Account& account() const { return account_; }
    const Calls& calls() const { return calls_; }
    virtual void reset();  ///< forgets calls and idempotency keys, not the account

    Reply answer(const Request& request) override;
    std::chrono::milliseconds latency() const override { return account_.latency; }

    /// The mail that the last answer() accepted; null if it accepted none.
    const MailPointer& last_accepted() const { return last_accepted_; }

    /// The events as posts in the provider's form, signed; providers that cannot batch make several.
    virtual std::vector<HookPost> posts(const std::vector<HookEvent>& events,
                                        const HookOrder& order) const = 0;

  protected:
    using Draft = std::variant<Reply, Mail>;

    /// Before the key is looked at: a path or method that there is not.
    virtual std::optional<Reply> route(const Request& request) const;
    virtual bool is_authorized(const Request& request) const = 0;
    /// What an authorized call that does not send is answered.
    virtual Reply look(const Request& request) = 0;
    /// Reads a sending call into a mail, its recipients in `to`, or refuses it.
    virtual Draft read(const Request& request) = 0;
    /// Which domain must be verified; empty: none.
    virtual std::string sending_domain(const Request& request, const Mail& mail) const;
    virtual Reply refusal(const Fault& fault) const = 0;
    /// Whether accepted() itself says what the fault wants (see current_fault()).
    virtual bool answers_itself(const Fault&) const { return false; }
    /// How the call ends when these recipients are bad or suppressed; nothing: the others are delivered to.
    virtual std::optional<Reply> turn_down(const Mail& mail, const std::vector<std::string>& bad,
                                           const std::vector<std::string>& suppressed) const;
    virtual Reply accepted(const Mail& mail) const = 0;
    /// The Idempotency-Key's replies, if the provider has such keys.
    virtual std::optional<Reply> replay(const Request&) { return {}; }
    virtual void remember(const Request&, const Reply&) {}

    bool is_bad(const std::string& recipient) const;
    bool is_suppressed(const std::string& recipient) const;
    std::vector<MailPointer> listed() const { return office_.listed(name(), account_.index_lag); }
    /// The fault that disturbs the call under way, for what accepted() says.
    const std::optional<Fault>& current_fault() const { return fault_; }

  private:
    Reply dispatch(const Request& request);
    Reply send(const Request& request);
    Reply deliver(const Request& request, Mail mail);
    Reply status_page() const;

    Account account_;
    PostOffice& office_;
    Faults& faults_;
    Calls calls_;
    std::optional<Fault> fault_;
    MailPointer last_accepted_;
};

/// A member of the raw kinds: metadata, From and subject are taken from these bytes.
void read_header(Mail& mail, std::string_view bytes);
/// Puts one delivery for each of Mail::to, in order, each address once.
void deliver_to_all(Mail& mail);

}  // namespace mailrota::fakes
