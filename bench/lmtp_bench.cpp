// tools/bench lmtp: what mailrota-lmtp makes of a load of mail, beside the same load straight to a sink (the
// floor: load generator and sink alone) and to Dovecot's LMTP. Variants take turns within every round, so
// that ratios hold on a noisy machine.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <future>
#include <iostream>
#include <memory>
#include <vector>

#include "bench/lmtp_load.h"
#include "bench/rounds.h"
#include "bench/subject.h"
#include "core/runtime/scripted_server_fixture.h"
#include "tests/rig/dovecot.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/wait.h"

namespace {

using namespace mailrota;
using bench::MailLoad;
using bench::Subject;
using bench::Variant;

constexpr std::string_view all_mail = "[[rule]]\nname = \"all\"\nwhen.rcpt = \"*@bench.test\"\n";

// A listener on a unix socket and one on `port`, both with `next_hop` if it is not empty; then the rules.
std::string configuration(int port, const std::string& next_hop, const std::string& rules) {
    const std::string to = next_hop.empty() ? "" : "next_hop = \"" + next_hop + "\"\n";
    return fmt::format(R"(hostname = "mx.bench.test"
[store]
url = "sqlite:{{folder}}/state.db"
[control]
socket = "{{folder}}/ctl"
[log]
target = "file"
file = "{{folder}}/mailrota.log"
level = "info"
[listener.unix]
protocol = "lmtp"
socket = "{{socket}}"
{0}[listener.inet]
protocol = "lmtp"
socket = "inet:{1}@127.0.0.1"
{0}{2})",
                       to, port, rules);
}

// A server of mail with both of its addresses.
struct Target {
    std::string name;
    std::string unix_socket;
    std::string inet_socket;
    const Subject* subject = nullptr;
    int share = 1;  // it gets one mail of so many: it is slow
};

// mailrota-lmtp with one way for all of its mail.
class Lmtp {
  public:
    Lmtp(std::string name, const std::string& next_hop, const std::string& rules)
        : subject_(Subject::mailrota(name, configuration(port_, next_hop, rules), "mailrota-lmtp")) {}

    // The store comes up a moment after the sockets.
    Target target() const {
        const std::string inet = "inet:127.0.0.1:" + std::to_string(port_);
        if (!rig::wait_until([this] { return bench::takes_mail(subject_->socket()); }))
            throw std::runtime_error(subject_->name() + " takes no mail");
        return {subject_->name(), subject_->socket(), inet, subject_.get()};
    }
    const Subject& subject() const { return *subject_; }

  private:
    int port_ = rig::free_port();
    std::unique_ptr<Subject> subject_;
};

rig::SmtpSinkOptions sink_on(rig::SmtpSinkOptions::Socket socket) {
    return {.lmtp = true, .socket = socket, .switches = {}, .keep_mails = false};
}

const std::string drop_rule = std::string(all_mail) + "then = [{ discard = true }]\n";
const std::string drop_warm_up =
    fmt::format("[[rule]]\nwhen.rcpt = \"{}\"\nthen = [{{ discard = true }}]\n", bench::warm_up_recipient);
const std::string spool_rule = "[box.web]\ntoken = { file = \"{folder}/token\" }\n" + std::string(all_mail) +
                               "then = [{ spool = \"web\" }]\n";

// Everything that is compared. Made anew for each size, so that no database gets large.
class Contest {
  public:
    std::vector<Target> targets() const {
        const std::string inet = "inet:127.0.0.1:" + std::to_string(dovecot_.port());
        return {{"straight to the sink (floor)", unix_sink_.socket(), inet_sink_.socket()},
                drop_.target(),
                keep_.target(),
                spool_.target(),
                {"Dovecot", "unix:" + dovecot_.socket().string(), inet, nullptr, 10}};
    }
    static constexpr std::size_t floor = 0, spool = 3, dovecot = 4;  // their places

  private:
    rig::SmtpSink unix_sink_{sink_on(rig::SmtpSinkOptions::Socket::unix_path)};
    rig::SmtpSink inet_sink_{sink_on(rig::SmtpSinkOptions::Socket::inet)};
    Lmtp drop_{"mailrota, drop", "", drop_rule};
    Lmtp keep_{"mailrota, keep, to the sink (durable)", unix_sink_.endpoint(), ""};
    Lmtp spool_{"mailrota, spool (durable)", "", spool_rule};
    rig::Dovecot dovecot_{{"orders"}};
};

struct Options {
    int rounds = 5;
    int messages = 3000;
};

std::vector<Variant> variants_of(const std::vector<Target>& targets, bool by_unix, const MailLoad& load) {
    std::vector<Variant> variants;
    for (const auto& target : targets) {
        MailLoad own = load;
        own.messages = std::max(load.messages / target.share, load.sessions);
        const auto address = by_unix ? target.unix_socket : target.inet_socket;
        variants.push_back(
            {target.name, target.subject, own.messages, [address, own] { bench::load_lmtp(address, own); }});
    }
    return variants;
}

void compare(const std::vector<Target>& targets, bool by_unix, const MailLoad& load, int rounds) {
    bench::print_heading(
        fmt::format("{} sessions, {} KB, {}, {}, {} messages a round, {} rounds", load.sessions,
                    load.bytes / 1024, by_unix ? "unix" : "TCP",
                    load.reuse ? "connections reused" : "a connection for each mail", load.messages, rounds),
        "the floor");
    const auto all = bench::interleaved(variants_of(targets, by_unix, load), rounds);
    bench::print_rows(all, Contest::floor);
    std::cout << fmt::format("  spool is {:.1f} times Dovecot\n",
                             all[Contest::spool].rate_ratio(all[Contest::dovecot]))
              << std::flush;
}

// The table that the aims are about, and the same with a connection for each mail.
void compare_at_most(const Options& options) {
    const Contest contest;
    const auto targets = contest.targets();
    for (const bool reuse : {true, false})
        compare(targets, true, {50, options.messages, 4096, reuse}, options.rounds);
}

void compare_all(const Options& options) {
    for (const std::size_t bytes : {std::size_t{4096}, std::size_t{200 * 1024}}) {
        const Contest contest;
        const auto targets = contest.targets();
        const int messages = bytes > 10'000 ? options.messages / 10 : options.messages;
        for (const bool by_unix : {true, false})
            for (const int sessions : {1, 10, 50})
                compare(targets, by_unix, {sessions, messages, bytes, true}, options.rounds);
    }
}

// Takes no mail: greets, accepts sender and recipient, and reads nothing of the data until it is let go.
class DeafServer {
  public:
    ~DeafServer() { let_go_.set_value(); }
    std::string endpoint() const { return "lmtp:unix:" + server_.path(); }

  private:
    void serve(rig::Connection& connection) const {
        const std::vector<std::string> dialogue = {"220 deaf",      "<", "250 deaf", "<", "250 sender", "<",
                                                   "250 recipient", "<", "354 go on"};
        if (runtime::play(connection, dialogue)) released_.wait();
    }

    std::promise<void> let_go_;
    std::shared_future<void> released_ = let_go_.get_future().share();
    runtime::ScriptedServer server_{[this](rig::Connection& connection, int) { serve(connection); }};
};

void print_memory(const char* what, int mails, std::size_t bytes, double growth) {
    constexpr double kib = 1024;
    const double each = growth / mails;
    std::cout << fmt::format("  {:<44} {:>9} {:>9} {:>12.1f} {:>12.1f}\n", what, mails,
                             static_cast<double>(bytes) / kib, each / kib,
                             (each - static_cast<double>(bytes)) / kib)
              << std::flush;
}

// What resident memory grows by for each mail, its session included. A program of its own for each figure,
// which has seen one mail before.
void memory(int mails) {
    std::cout << fmt::format(
        "\nResident memory for each mail in flight\n  {:<44} {:>9} {:>9} {:>12} {:>12}\n", "mails", "mails",
        "size KB", "growth KB", "beyond it KB");
    for (const std::size_t bytes : {std::size_t{4096}, std::size_t{1} << 20}) {
        for (const bool whole : {false, true}) {
            const DeafServer deaf;
            const Lmtp lmtp("memory", deaf.endpoint(), drop_warm_up);
            const auto target = lmtp.target();
            const double before = bench::settled_bytes(lmtp.subject().pid());
            const bench::WaitingClients clients(target.unix_socket, mails, bytes, whole);
            const double after = bench::settled_bytes(lmtp.subject().pid());
            print_memory(whole ? "waiting for a next hop that reads nothing" : "stalled before the final dot",
                         mails, bytes, after - before);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    int mails = 50;
    std::string part = "all";
    CLI::App app("Measures mailrota-lmtp beside its peers");
    app.add_option("--rounds", options.rounds, "rounds of each table")->check(CLI::Range(1, 100));
    app.add_option("--messages", options.messages, "messages a round")->check(CLI::Range(100, 1'000'000));
    app.add_option("--mails", mails, "mails in flight of the memory run")->check(CLI::Range(1, 1000));
    app.add_option("--part", part, "all, aims, tables or memory");
    CLI11_PARSE(app, count, arguments);
    try {
        const auto wants = [&](const char* name) { return part == "all" || part == name; };
        if (wants("aims")) compare_at_most(options);
        if (wants("tables")) compare_all(options);
        if (wants("memory")) memory(mails);
    } catch (const std::exception& error) {
        std::cerr << "The bench failed: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
