// The least that a filter on libmilter can be: it receives the steps that it is told to and, with --edit,
// makes the edits of a turn. What mailrota-milter costs beyond it is mailrota's own.
//
//   bench-null-milter SOCKET STEPS [--edit]      STEPS: SMFIP_* bits in hexadecimal, as mailrota negotiated
//   them

#include <libmilter/mfapi.h>

#include <cstdlib>
#include <cstring>

namespace {

unsigned long wanted_steps = 0;
bool with_edits = false;

sfsistat answer(unsigned long no_reply) {
    return (wanted_steps & no_reply) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

sfsistat on_negotiate(SMFICTX*, unsigned long, unsigned long f1, unsigned long, unsigned long,
                      unsigned long* pf0, unsigned long* pf1, unsigned long* pf2, unsigned long* pf3) {
    *pf0 = with_edits ? (SMFIF_ADDHDRS | SMFIF_ADDRCPT | SMFIF_DELRCPT) : 0;
    wanted_steps &= f1;
    *pf1 = wanted_steps;
    *pf2 = *pf3 = 0;
    return SMFIS_CONTINUE;
}
sfsistat on_connect(SMFICTX*, char*, _SOCK_ADDR*) { return answer(SMFIP_NR_CONN); }
sfsistat on_helo(SMFICTX*, char*) { return answer(SMFIP_NR_HELO); }
sfsistat on_mail(SMFICTX*, char**) { return answer(SMFIP_NR_MAIL); }
sfsistat on_rcpt(SMFICTX*, char**) { return answer(SMFIP_NR_RCPT); }
sfsistat on_header(SMFICTX*, char*, char*) { return answer(SMFIP_NR_HDR); }
sfsistat on_end_of_header(SMFICTX*) { return answer(SMFIP_NR_EOH); }
sfsistat on_body(SMFICTX*, unsigned char*, std::size_t) { return answer(SMFIP_NR_BODY); }
sfsistat on_end(SMFICTX* context) {
    if (with_edits) {
        char name[] = "X-Bench", value[] = "turn", added[] = "<ann@bench.test>",
             removed[] = "<orders@bench.test>";
        if (smfi_addrcpt(context, added) != MI_SUCCESS ||
            smfi_addheader(context, name, value) != MI_SUCCESS ||
            smfi_delrcpt(context, removed) != MI_SUCCESS)
            return SMFIS_TEMPFAIL;
    }
    return SMFIS_CONTINUE;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) return 2;
    wanted_steps = std::strtoul(arguments[2], nullptr, 16);
    with_edits = count > 3 && std::strcmp(arguments[3], "--edit") == 0;
    char name[] = "bench-null-milter";
    smfiDesc description{};
    description.xxfi_name = name;
    description.xxfi_version = SMFI_VERSION;
    description.xxfi_flags = SMFIF_ADDHDRS | SMFIF_ADDRCPT | SMFIF_DELRCPT;
    description.xxfi_connect = on_connect;
    description.xxfi_helo = on_helo;
    description.xxfi_envfrom = on_mail;
    description.xxfi_envrcpt = on_rcpt;
    description.xxfi_header = on_header;
    description.xxfi_eoh = on_end_of_header;
    description.xxfi_body = on_body;
    description.xxfi_eom = on_end;
    description.xxfi_negotiate = on_negotiate;
    if (smfi_setconn(arguments[1]) != MI_SUCCESS || smfi_register(description) != MI_SUCCESS) return 1;
    return smfi_main() == MI_SUCCESS ? 0 : 1;
}
