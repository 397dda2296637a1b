#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/runtime/service.h"
#include "web/box_pages.h"
#include "web/call_pages.h"
#include "web/gate.h"
#include "web/hook_pages.h"
#include "web/late_store.h"
#include "web/server.h"
#include "web/service_pages.h"

namespace mailrota::web {

// All that mailrota-web adds to a Service. One a process, destroyed before the service; its functions belong
// to the main thread.
class Daemon {
  public:
    explicit Daemon(runtime::Service& service);
    ~Daemon();
    Daemon(const Daemon&) = delete;

    // Serves until a signal says stop. The exit code.
    int run();

  private:
    Result<void> start();
    void reloaded();
    std::string status() const;
    std::string metrics();
    Router router();

    runtime::Service& service_;
    const config::Config config_;  // with what the program was started
    LateStore store_;
    std::optional<Gate> gate_;
    std::optional<BoxPages> boxes_;
    std::optional<SnsCaller> sns_;
    std::optional<HookPages> hooks_;
    std::optional<CallPages> calls_;
    std::optional<ServicePages> watching_;
    std::shared_ptr<Site> site_;
    std::optional<Server> server_;
};

}  // namespace mailrota::web
