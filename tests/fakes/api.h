#pragma once

#include <chrono>
#include <string>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// An HTTP API that this program plays. Belongs to one thread.
class Api {
  public:
    explicit Api(std::string name) : name_(std::move(name)) {}
    virtual ~Api() = default;
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// The first step of its paths, and what faults and control calls name it by.
    const std::string& name() const { return name_; }

    /// Whether the request orders something (a mail, a call), which is what faults apply to.
    virtual bool is_sending(const Request& request) const = 0;
    virtual Reply answer(const Request& request) = 0;
    /// Before each answer of a sending call.
    virtual std::chrono::milliseconds latency() const = 0;

  private:
    std::string name_;
};

}  // namespace mailrota::fakes
