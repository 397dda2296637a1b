#include "core/runtime/service.h"
#include "lmtp/server.h"

int main(int argc, char** argv) {
    return mailrota::runtime::service_main(
        argc, argv, "mailrota-lmtp",
        "mailrota's LMTP target: settles for Postfix or Sendmail whose turn a mail is, and delivers it",
        [](mailrota::runtime::Service& service) {
            mailrota::lmtp::Server server(service);
            return service.run(server.program());
        });
}
