#include "core/runtime/service.h"
#include "worker/worker.h"

int main(int argc, char** argv) {
    return mailrota::runtime::service_main(
        argc, argv, "mailrota-worker",
        "mailrota's worker: sends what is left to it, and tells senders of what cannot be delivered",
        [](mailrota::runtime::Service& service) {
            mailrota::worker::Worker worker(service);
            return service.run(worker.program());
        });
}
