// tools/bench text: what it costs to decode, classify and match mails of several sizes with few and many
// alert rules, beside GMime alone and PCRE2 alone.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>

#include "bench/figures.h"
#include "bench/instructions.h"
#include "bench/report.h"
#include "bench/text_work.h"

using namespace mailrota;

namespace {

using bench::TextVariant;

struct Options {
    int rounds = 7;
    std::vector<std::string> mails = bench::text_mail_names();
    bool count = false;
    std::string json;
    std::vector<int> one;  // variant and passes: for ourselves under valgrind
};

// What one variant gave for one mail.
struct Trial {
    bench::TextWork work;
    int passes = 1;  // of a round
    bench::Series series{};
    std::optional<double> instructions = std::nullopt;  // of a pass
};

// The copies are there before the clock starts, as a listener has the mail in memory before it decides.
bench::Figures run(const Trial& trial, const std::string& bytes, int passes) {
    std::vector<std::string> copies(static_cast<std::size_t>(passes), bytes);
    const double before = bench::cpu_seconds(getpid());
    const auto begin = std::chrono::steady_clock::now();
    for (auto& copy : copies) trial.work.pass(std::move(copy));
    const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begin;
    return {lasted.count(), bench::cpu_seconds(getpid()) - before, 0, passes};
}

// So many passes that a round of the variant lasts long enough for the clock, within bounds of memory.
int passes_for(const bench::Figures& first, std::size_t bytes) {
    constexpr double wanted = 0.03;
    constexpr std::size_t most_copies = std::size_t{40} << 20;
    const double by_time = wanted / std::max(first.cpu, 1e-6);
    const double by_memory = static_cast<double>(most_copies) / static_cast<double>(bytes);
    return static_cast<int>(std::clamp(std::min(by_time, by_memory), 1.0, 5000.0));
}

// Every variant in turn within a round, so that a slow minute of the machine hits all of them.
std::vector<Trial> measured(const bench::TextMail& mail, int rounds) {
    const bench::InstructionCounter counter;
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < bench::text_variants; ++i) {
        trials.push_back({bench::text_work(mail, static_cast<TextVariant>(i))});
        run(trials.back(), mail.bytes, 1);
        trials.back().passes = passes_for(run(trials.back(), mail.bytes, 1), mail.bytes.size());
        trials.back().series.name = trials.back().work.name;
    }
    for (int round = 0; round < rounds; ++round)
        for (Trial& trial : trials) {
            const auto before = counter.read();
            trial.series.rounds.push_back(run(trial, mail.bytes, trial.passes));
            const auto after = counter.read();
            if (before && after) trial.instructions = static_cast<double>(*after - *before) / trial.passes;
        }
    return trials;
}

// The difference of a long run and a short one is what the passes alone cost.
double simulated(const std::string& mail, std::size_t bytes, std::size_t variant) {
    const int more = bytes < 100'000 ? 20 : bytes < 1'000'000 ? 3 : 1;
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    const auto count = [&](int passes) {
        return static_cast<double>(bench::simulated_instructions(
            {self, "--mail", mail, "--one", std::to_string(variant), std::to_string(passes)}));
    };
    return (count(1 + more) - count(1)) / more;
}

struct Row {
    double rate, us, to_gmime, to_ten;  // MB/s, a pass
    std::string instructions;           // a byte
};

Row row_of(const std::vector<Trial>& trials, const Trial& trial, std::size_t bytes) {
    const auto series = [&](TextVariant of) { return trials[static_cast<std::size_t>(of)].series; };
    const double seconds = trial.series.cpu_ms() / 1000;
    return {static_cast<double>(bytes) / 1e6 / seconds, seconds * 1e6,
            trial.series.cpu_ratio(series(TextVariant::gmime)),
            trial.series.cpu_ratio(series(TextVariant::ten_rules)),
            trial.instructions ? fmt::format("{:.1f}", *trial.instructions / static_cast<double>(bytes))
                               : "not available"};
}

void print(const bench::TextMail& mail, const std::vector<Trial>& trials, bench::Report& report) {
    std::cout << fmt::format("\n{}: {} bytes, {} of text\n  {:<40} {:>9} {:>11} {:>14} {:>9} {:>12}\n",
                             mail.name, mail.bytes.size(), bench::text_bytes(mail), "variant", "MB/s",
                             "us a mail", "instr. a byte", "to GMime", "to 10 rules");
    for (const Trial& trial : trials) {
        const Row row = row_of(trials, trial, mail.bytes.size());
        std::cout << fmt::format("  {:<40} {:>9.1f} {:>11.1f} {:>14} {:>9.2f} {:>12.2f}\n", trial.work.name,
                                 row.rate, row.us, row.instructions, row.to_gmime, row.to_ten);
        bench::Report::Row values{
            {"part", "text"}, {"mail", mail.name},        {"variant", trial.work.name}, {"mb_s", row.rate},
            {"us", row.us},   {"to_gmime", row.to_gmime}, {"to_ten_rules", row.to_ten}};
        if (trial.instructions)
            values.emplace_back("instructions_per_byte",
                                *trial.instructions / static_cast<double>(mail.bytes.size()));
        report.add(std::move(values));
    }
}

// What the figures are for, in one line each.
void print_aims(const std::vector<Trial>& trials) {
    const auto to = [&](TextVariant of, TextVariant other) {
        return trials[static_cast<std::size_t>(of)].series.cpu_ratio(
            trials[static_cast<std::size_t>(other)].series);
    };
    std::cout
        << fmt::format(
               "  1,000 rules to 10 (aim: at most 3): {:.2f}\n"
               "  a mail that matches nothing to GMime (aim: at most 2): {:.2f} without rules, {:.2f} with "
               "10, {:.2f} with 1,000\n",
               to(TextVariant::many_rules, TextVariant::ten_rules),
               to(TextVariant::no_rules, TextVariant::gmime), to(TextVariant::ten_rules, TextVariant::gmime),
               to(TextVariant::many_rules, TextVariant::gmime))
        << std::flush;
}

void measure(const Options& options) {
    bench::Report report;
    for (const auto& name : options.mails) {
        const auto mail = bench::text_mail(name);
        auto trials = measured(mail, options.rounds);
        constexpr double longest = 500;  // ms: a pass is slowed down some fifty times
        for (std::size_t i = 0; options.count && i < trials.size(); ++i)
            if (trials[i].series.cpu_ms() < longest)
                trials[i].instructions = simulated(name, mail.bytes.size(), i);
        print(mail, trials, report);
        print_aims(trials);
    }
    report.write_to(options.json);
}

void pass_one(const Options& options) {
    const auto mail = bench::text_mail(options.mails.front());
    const auto work = bench::text_work(mail, static_cast<TextVariant>(options.one.at(0)));
    for (int i = 0; i < options.one.at(1); ++i) work.pass(mail.bytes);
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    CLI::App app("Measures decoding, classifying and matching");
    app.add_option("--rounds", options.rounds, "rounds of each table")->check(CLI::Range(1, 100));
    app.add_option("--mail", options.mails, "which mails")->check(CLI::IsMember(bench::text_mail_names()));
    app.add_flag("--count", options.count,
                 "count instructions with valgrind, but for what takes half a second: slow");
    app.add_option("--json", options.json, "file for the figures as JSON");
    app.add_option("--one", options.one, "do this variant so many times, measure nothing")->expected(2);
    CLI11_PARSE(app, count, arguments);
    try {
        options.one.empty() ? measure(options) : pass_one(options);
    } catch (const std::exception& error) {
        std::cerr << "The bench failed: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
