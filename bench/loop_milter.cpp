// The limit: the same protocol answered by one bare event loop without libmilter. It knows only what a bench
// sends.
//
//   bench-loop-milter unix:PATH STEPS [--edit]     STEPS: SMFIP_* bits in hexadecimal

#include <arpa/inet.h>
#include <libmilter/mfdef.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

std::uint32_t wanted_steps = 0;
bool with_edits = false;

void append_number(std::string& out, std::uint32_t number) {
    const std::uint32_t wire = htonl(number);
    out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void append_packet(std::string& out, char command, std::string_view payload = {}) {
    append_number(out, static_cast<std::uint32_t>(payload.size() + 1));
    out.push_back(command);
    out.append(payload);
}

void negotiate(std::string& out, std::string_view offer) {
    std::uint32_t offered = 0;
    std::memcpy(&offered, offer.data() + 8, sizeof offered);
    std::string payload;
    append_number(payload, 6);
    append_number(payload, with_edits ? 0x1 | 0x4 | 0x8 : 0);
    append_number(payload, wanted_steps & ntohl(offered));
    append_packet(out, SMFIC_OPTNEG, payload);
}

void end_of_message(std::string& out) {
    if (with_edits) {
        append_packet(out, SMFIR_ADDRCPT, std::string_view("<ann@bench.test>\0", 17));
        append_packet(out, SMFIR_ADDHEADER, std::string_view("X-Bench\0turn\0", 13));
        append_packet(out, SMFIR_DELRCPT, std::string_view("<orders@bench.test>\0", 20));
    }
    append_packet(out, SMFIR_CONTINUE);
}

std::uint32_t unanswered(char command) {
    switch (command) {
        case SMFIC_CONNECT:
            return 0x1000;
        case SMFIC_HELO:
            return 0x2000;
        case SMFIC_MAIL:
            return 0x4000;
        case SMFIC_RCPT:
            return 0x8000;
        case SMFIC_DATA:
            return 0x10000;
        case SMFIC_UNKNOWN:
            return 0x20000;
        case SMFIC_EOH:
            return 0x40000;
        case SMFIC_BODY:
            return 0x80000;
        case SMFIC_HEADER:
            return 0x80;
        default:
            return 0;
    }
}

// Answers one packet. False: the peer says goodbye.
bool answer(std::string& out, char command, std::string_view payload) {
    switch (command) {
        case SMFIC_OPTNEG:
            negotiate(out, payload);
            return true;
        case SMFIC_BODYEOB:
            end_of_message(out);
            return true;
        case SMFIC_MACRO:
        case SMFIC_ABORT:
            return true;
        case SMFIC_QUIT:
            return false;
        default:
            if ((wanted_steps & unanswered(command)) == 0) append_packet(out, SMFIR_CONTINUE);
            return true;
    }
}

// Answers every whole packet in `in` with one write. False: the connection is over.
bool serve(int descriptor, std::string& in) {
    std::size_t used = 0;
    std::string out;
    bool open = true;
    while (open && in.size() - used >= 5) {
        std::uint32_t length = 0;
        std::memcpy(&length, in.data() + used, sizeof length);
        length = ntohl(length);
        if (in.size() - used < 4 + std::size_t{length}) break;
        open = answer(out, in[used + 4], std::string_view(in).substr(used + 5, length - 1));
        used += 4 + std::size_t{length};
    }
    in.erase(0, used);
    if (!out.empty() && write(descriptor, out.data(), out.size()) != static_cast<ssize_t>(out.size()))
        return false;
    return open;
}

int listen_on(const char* path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    unlink(path);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener, 1024) != 0)
        std::exit(1);
    return listener;
}

void watch(int loop, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event);
}

[[noreturn]] void run(int listener) {
    const int loop = epoll_create1(0);
    watch(loop, listener);
    std::unordered_map<int, std::string> connections;
    static char chunk[1 << 17];
    for (;;) {
        epoll_event events[64];
        const int ready = epoll_wait(loop, events, 64, -1);
        for (int i = 0; i < ready; ++i) {
            const int descriptor = events[i].data.fd;
            if (descriptor == listener) {
                watch(loop, accept(listener, nullptr, nullptr));
                continue;
            }
            const ssize_t got = read(descriptor, chunk, sizeof chunk);
            auto& in = connections[descriptor];
            if (got > 0) in.append(chunk, static_cast<std::size_t>(got));
            if (got <= 0 || !serve(descriptor, in)) {
                connections.erase(descriptor);
                close(descriptor);
            }
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) return 2;
    wanted_steps = static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 16));
    with_edits = count > 3 && std::strcmp(arguments[3], "--edit") == 0;
    run(listen_on(arguments[1] + std::strlen("unix:")));
}
