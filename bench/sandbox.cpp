// Runs a program under the restrictions of mailrota-milter.service that cost anything while it runs: no new
// privileges, one architecture, and a system call filter of the size that systemd's makes. What it denies,
// the measured programs never call.
//
//   bench-sandbox PROGRAM [ARGUMENT…]

#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

namespace {

constexpr const char* denied[] = {"acct",
                                  "add_key",
                                  "adjtimex",
                                  "bpf",
                                  "chroot",
                                  "clock_adjtime",
                                  "clock_settime",
                                  "delete_module",
                                  "fanotify_init",
                                  "finit_module",
                                  "fsconfig",
                                  "fsmount",
                                  "fsopen",
                                  "fspick",
                                  "init_module",
                                  "ioperm",
                                  "iopl",
                                  "kcmp",
                                  "kexec_file_load",
                                  "kexec_load",
                                  "keyctl",
                                  "lookup_dcookie",
                                  "mount",
                                  "move_mount",
                                  "nfsservctl",
                                  "open_by_handle_at",
                                  "open_tree",
                                  "perf_event_open",
                                  "personality",
                                  "pivot_root",
                                  "process_vm_readv",
                                  "process_vm_writev",
                                  "ptrace",
                                  "quotactl",
                                  "reboot",
                                  "request_key",
                                  "setdomainname",
                                  "sethostname",
                                  "setns",
                                  "settimeofday",
                                  "swapoff",
                                  "swapon",
                                  "syslog",
                                  "umount2",
                                  "unshare",
                                  "userfaultfd",
                                  "vhangup",
                                  "vm86",
                                  "vm86old"};

bool restrict_calls() {
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == nullptr) return false;
    for (const char* name : denied) {
        const int call = seccomp_syscall_resolve_name(name);
        if (call >= 0 && seccomp_rule_add(filter, SCMP_ACT_ERRNO(1), call, 0) != 0) return false;
    }
    return seccomp_load(filter) == 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) return 2;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !restrict_calls()) {
        std::perror("bench-sandbox");
        return 1;
    }
    execv(arguments[1], arguments + 1);
    std::perror(arguments[1]);
    return 1;
}
