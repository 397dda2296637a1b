#include "core/runtime/service.h"
#include "web/daemon.h"

int main(int argc, char** argv) {
    return mailrota::runtime::service_main(
        argc, argv, "mailrota-web", "mailrota's web server: hands mail out to remote pullers",
        [](mailrota::runtime::Service& service) { return mailrota::web::Daemon(service).run(); });
}
