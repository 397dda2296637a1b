// tools/bench relay: what mailrota-lmtp makes of many sessions at once before a provider that takes its time,
// what a mail costs in memory while it waits for the provider, and how many events mailrota-web takes.

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "bench/hook_load.h"
#include "bench/lmtp_load.h"
#include "bench/relay_scene.h"
#include "bench/report.h"
#include "bench/rounds.h"
#include "tests/rig/wait.h"

namespace {

using namespace mailrota;
using bench::RelayWay;
using bench::Subject;
using std::chrono::milliseconds;

constexpr double kib = 1024;

struct Options {
    int rounds = 3;
    int waves = 20;  // mails of a session in a round
    std::vector<int> sessions = {100, 500, 2000};
    int latency = 200;  // milliseconds
    int posts = 100;    // webhooks in a round
    int connections = 16;
    std::string part = "all";
    std::string json;
};

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Processor time of this process (RUSAGE_SELF) or of the children that have ended (RUSAGE_CHILDREN).
double own_cpu(int whose) {
    rusage usage{};
    getrusage(whose, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

// Processor time of what stands around the measured program, round by round, the warm-up first.
class Surroundings {
  public:
    // `load`: whose time the load generator's is, as own_cpu() takes it; `other`: another process.
    Surroundings(int load, std::optional<pid_t> other) : load_(load), other_(other) {}

    void during(const std::function<void()>& work) {
        const double load = own_cpu(load_), other = other_cpu();
        work();
        loads_.push_back(own_cpu(load_) - load);
        others_.push_back(other_cpu() - other);
    }
    double load_ms(int messages) const { return each(loads_, messages); }
    double other_ms(int messages) const { return each(others_, messages); }

  private:
    double other_cpu() const { return other_ ? bench::cpu_seconds(*other_) : 0; }
    static double each(std::vector<double> rounds, int messages) {
        rounds.erase(rounds.begin());
        return 1000 * bench::median(std::move(rounds)) / messages;
    }

    int load_;
    std::optional<pid_t> other_;
    std::vector<double> loads_, others_;
};

// One way at one number of sessions.
struct Trial {
    RelayWay way;
    int sessions;
    int messages;
    std::unique_ptr<Subject> subject;
    std::unique_ptr<Surroundings> around;
};

void print_throughput(const Trial& trial, const bench::Series& series, const Options& options,
                      bench::Report& report) {
    const double limit = trial.sessions * 1000.0 / options.latency, rate = series.rate();
    const double ours = series.cpu_ms(), fake = trial.around->other_ms(trial.messages),
                 load = trial.around->load_ms(trial.messages);
    const double busy = (ours + fake + load) * rate / 1000;
    std::cout
        << fmt::format(
               "  {:<20} {:>8} {:>8.0f} {:>8.0f} {:>6.2f} {:>9.3f} {:>7.3f} {:>7.3f} {:>7.3f} {:>6.2f}\n",
               trial.way.name, trial.sessions, limit, rate, rate / limit, ours, fake, load,
               series.syncs_per_message(), busy)
        << std::flush;
    report.add({{"part", "throughput"},
                {"way", trial.way.name},
                {"sessions", static_cast<double>(trial.sessions)},
                {"limit", limit},
                {"rate", rate},
                {"of_limit", rate / limit},
                {"cpu_ms", ours},
                {"cpu_ms_fake", fake},
                {"cpu_ms_load", load},
                {"syncs", series.syncs_per_message()},
                {"cores_busy", busy}});
}

// Each way in turn within a round, so that a slow minute of the machine hits all of them.
void throughput(const Options& options, bench::Report& report) {
    std::cout << fmt::format(
        "\nRelaying 4 KB mails, the provider answers after {} ms; {} mails a session and round, {} rounds\n"
        "  {:<20} {:>8} {:>8} {:>8} {:>6} {:>9} {:>7} {:>7} {:>7} {:>6}\n",
        options.latency, options.waves, options.rounds, "provider", "sessions", "limit/s", "mails/s", "of it",
        "CPU ms", "fake's", "load's", "syncs", "cores");
    for (const int sessions : options.sessions) {
        const auto fakes = bench::lenient_fakes(milliseconds(options.latency));
        std::vector<Trial> trials;
        std::vector<bench::Variant> variants;
        for (const auto& way : bench::relay_ways())
            trials.push_back({way, sessions, sessions * options.waves, bench::relaying_lmtp(*fakes, way),
                              std::make_unique<Surroundings>(RUSAGE_CHILDREN, fakes->pid())});
        for (const auto& trial : trials)
            variants.push_back({trial.way.name, trial.subject.get(), trial.messages, [&trial] {
                                    trial.around->during([&trial] {
                                        bench::load_lmtp(trial.subject->socket(),
                                                         {trial.sessions, trial.messages, 4096, true});
                                    });
                                }});
        const auto all = bench::interleaved(variants, options.rounds);
        for (std::size_t i = 0; i < all.size(); ++i) print_throughput(trials[i], all[i], options, report);
    }
}

// What resident memory grows by for each mail that waits for its provider, its session and the connection to
// the provider included. A program of its own for each figure, which has seen one mail before.
void memory_of(const RelayWay& way, int mails, std::size_t bytes, bench::Report& report) {
    const auto fakes = bench::lenient_fakes(milliseconds(0));
    const auto subject = bench::relaying_lmtp(*fakes, way);
    rig::FakeAccount slow;
    slow.latency = std::chrono::minutes(10);
    fakes->set(way.kind, slow);
    const auto calls = [&] { return fakes->calls(way.kind).sending; };
    const auto wanted = calls() + static_cast<std::uint64_t>(mails);
    const double before = bench::settled_bytes(subject->pid());
    const bench::WaitingClients clients(subject->socket(), mails, bytes, true);
    if (!rig::wait_until([&] { return calls() >= wanted; }, std::chrono::minutes(2)))
        throw std::runtime_error(fmt::format("{} of {} mails are in flight", wanted - calls(), mails));
    const double growth = (bench::settled_bytes(subject->pid()) - before) / mails / kib;
    const double size = static_cast<double>(bytes) / kib, most = 3 * size + 64;
    std::cout << fmt::format("  {:<20} {:>8} {:>9.0f} {:>11.1f} {:>11.1f} {:>11.2f}\n", way.name, mails, size,
                             growth, most, growth / most)
              << std::flush;
    report.add({{"part", "memory"},
                {"way", way.name},
                {"mails", static_cast<double>(mails)},
                {"size_kb", size},
                {"growth_kb", growth},
                {"most_kb", most}});
}

void memory(bench::Report& report) {
    std::cout << fmt::format(
        "\nResident memory for each mail in flight\n  {:<20} {:>8} {:>9} {:>11} {:>11} {:>11}\n", "provider",
        "mails", "size KB", "growth KB", "at most KB", "share of it");
    for (const auto& way : bench::relay_ways()) {
        memory_of(way, 500, 4096, report);
        memory_of(way, 2000, 4096, report);
        memory_of(way, 100, std::size_t{1} << 20, report);
    }
}

// Webhooks of 100 events, each webhook twice: half of all events are known.
void webhooks(const Options& options, bench::Report& report) {
    constexpr int each = 100;
    std::cout << fmt::format(
        "\nWebhooks of {} events, each sent twice, {} connections, {} events a round, {} rounds\n"
        "  {:<20} {:>10} {:>12} {:>10} {:>10} {:>8} {:>6}\n",
        each, options.connections, 2 * each * options.posts, options.rounds, "provider", "events/s",
        "CPU us/event", "load's", "syncs/hook", "known", "cores");
    const auto fakes = bench::lenient_fakes(milliseconds(0));
    for (const std::string provider : {"sendgrid", "mandrill", "sparkpost"}) {
        const auto web = bench::hooked_web(*fakes);
        const int events = 2 * each * options.posts;
        Surroundings around(RUSAGE_SELF, {});
        std::vector<bench::Figures> rounds;
        for (int round = -1; round < options.rounds; ++round) {
            const auto batch = bench::make_hooks(*fakes, provider, options.posts, each);
            const auto figures = bench::measure(*web, events, [&] {
                around.during([&] { bench::load_hooks(web->socket(), batch, options.connections); });
            });
            if (round >= 0) rounds.push_back(figures);
        }
        const bench::Series series{provider, rounds};
        const double known = bench::duplicates_counted(web->socket(), provider) / (options.rounds + 1);
        const double load = around.load_ms(events);
        const double busy = (series.cpu_ms() + load) * series.rate() / 1000;
        std::cout << fmt::format("  {:<20} {:>10.0f} {:>12.1f} {:>10.1f} {:>10.3f} {:>8.2f} {:>6.2f}\n",
                                 provider, series.rate(), 1000 * series.cpu_ms(), 1000 * load,
                                 each * series.syncs_per_message(), known / events, busy)
                  << std::flush;
        report.add({{"part", "webhooks"},
                    {"provider", provider},
                    {"rate", series.rate()},
                    {"cpu_us", 1000 * series.cpu_ms()},
                    {"cpu_us_load", 1000 * load},
                    {"syncs", series.syncs_per_message()},
                    {"known", known / events},
                    {"cores_busy", busy}});
    }
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    CLI::App app("Measures relaying through providers, and their webhooks");
    app.add_option("--rounds", options.rounds, "rounds of each table")->check(CLI::Range(1, 100));
    app.add_option("--waves", options.waves, "mails of each session in a round")->check(CLI::Range(1, 1000));
    app.add_option("--sessions", options.sessions, "sessions at once")->check(CLI::Range(1, 5000));
    app.add_option("--latency", options.latency, "of the provider, milliseconds")
        ->check(CLI::Range(1, 60'000));
    app.add_option("--posts", options.posts, "webhooks of 100 events in a round")
        ->check(CLI::Range(1, 10'000));
    app.add_option("--connections", options.connections, "of webhooks")->check(CLI::Range(1, 200));
    app.add_option("--part", options.part, "all, throughput, memory or webhooks");
    app.add_option("--json", options.json, "file for the figures as JSON");
    CLI11_PARSE(app, count, arguments);
    try {
        bench::Report report;
        const auto wants = [&](const char* name) { return options.part == "all" || options.part == name; };
        if (wants("throughput")) throughput(options, report);
        if (wants("memory")) memory(report);
        if (wants("webhooks")) webhooks(options, report);
        report.write_to(options.json);
    } catch (const std::exception& error) {
        std::cerr << "The bench failed: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
