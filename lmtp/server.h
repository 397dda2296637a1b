#pragma once

#include <memory>
#include <vector>

#include "core/runtime/service.h"
#include "lmtp/front.h"
#include "lmtp/lane.h"
#include "lmtp/listener.h"

namespace mailrota::lmtp {

// mailrota-lmtp: the listeners of the configuration that speak LMTP or SMTP, and a lane for each thread.
// Lives on the main thread; the service outlives it.
class Server {
  public:
    explicit Server(runtime::Service& service);

    // What the service is to do with it.
    runtime::Service::Program program();

  private:
    Result<void> start();
    void reloaded();
    void stop();
    bool idle();
    std::string status() const;

    runtime::Service& service_;
    std::vector<config::ListenerSettings> settings_;  // of the listeners that are ours
    Front front_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    bool closing_ = false;
};

}  // namespace mailrota::lmtp
