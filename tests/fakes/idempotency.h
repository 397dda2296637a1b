#pragma once

#include <chrono>
#include <map>
#include <string>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// The replies given to calls with an Idempotency-Key.
class Idempotency {
  public:
    enum class Standing {
        fresh,     ///< the key was not seen
        same,      ///< the same body was answered: see reply()
        other,     ///< another body came with that key
        under_way  ///< the first call is not answered yet
    };

    Standing standing(const std::string& key, const std::string& body) const;
    const Reply& reply(const std::string& key) const { return seen_.at(key).reply; }
    /// `latency`: for how long from now the call is still under way.
    void remember(const std::string& key, const std::string& body, const Reply& reply,
                  std::chrono::milliseconds latency);
    void clear() { seen_.clear(); }

  private:
    struct Seen {
        std::string digest;
        Reply reply;
        std::chrono::steady_clock::time_point answered;
    };
    std::map<std::string, Seen> seen_;
};

}  // namespace mailrota::fakes
