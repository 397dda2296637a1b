// A filter of a few lines on libmilter, taking the same arguments as mailrota-milter: mail for
// team@example.com goes to the address in the second line of the configuration; the first line is the socket.
// SIGUSR1 reads it again.

#include <libmilter/mfapi.h>
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

namespace {

constexpr char team[] = "<team@example.com>";
std::string config_path;
std::atomic<bool> reload_wanted{false};
std::string target;

std::string read_config() {
    std::ifstream file(config_path);
    std::string socket;
    std::getline(file, socket);
    std::getline(file, target);
    return socket;
}

sfsistat negotiate(SMFICTX*, unsigned long, unsigned long, unsigned long, unsigned long,
                   unsigned long* actions, unsigned long* steps, unsigned long*, unsigned long*) {
    *actions = SMFIF_ADDRCPT | SMFIF_DELRCPT | SMFIF_ADDHDRS;
    *steps = SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOUNKNOWN | SMFIP_NOHDRS | SMFIP_NOEOH |
             SMFIP_NOBODY;
    return SMFIS_CONTINUE;
}

sfsistat recipient(SMFICTX* session, char** arguments) {
    std::string_view address = arguments[0];
    if (address.starts_with('<')) address = address.substr(1, address.size() - 2);
    if (address == "team@example.com") smfi_setpriv(session, &config_path);
    return SMFIS_CONTINUE;
}

sfsistat end_of_message(SMFICTX* session) {
    if (reload_wanted.exchange(false)) read_config();
    char name[] = "X-Sample";
    char value[] = "seen";
    smfi_addheader(session, name, value);
    if (smfi_getpriv(session) == nullptr) return SMFIS_CONTINUE;
    smfi_setpriv(session, nullptr);
    smfi_addrcpt(session, target.data());
    std::string old = team;
    smfi_delrcpt(session, old.data());
    return SMFIS_CONTINUE;
}

sfsistat forget(SMFICTX* session) {
    smfi_setpriv(session, nullptr);
    return SMFIS_CONTINUE;
}

void want_reload(int) { reload_wanted = true; }

}  // namespace

int main(int count, char** arguments) {
    if (count != 3 || std::strcmp(arguments[1], "--config") != 0) return 2;
    config_path = arguments[2];
    std::string socket = read_config();
    char name[] = "sample";
    smfiDesc filter{};
    filter.xxfi_name = name;
    filter.xxfi_version = SMFI_VERSION;
    filter.xxfi_flags = SMFIF_ADDRCPT | SMFIF_DELRCPT | SMFIF_ADDHDRS;
    filter.xxfi_negotiate = negotiate;
    filter.xxfi_envrcpt = recipient;
    filter.xxfi_eom = end_of_message;
    filter.xxfi_abort = forget;
    filter.xxfi_close = forget;
    signal(SIGUSR1, want_reload);
    if (smfi_setconn(socket.data()) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS) return 1;
    if (smfi_opensocket(true) != MI_SUCCESS) return 1;
    std::puts("listening");
    std::fflush(stdout);
    std::fputs("the sample has started \n", stderr);
    return smfi_main() == MI_SUCCESS ? 0 : 1;
}
