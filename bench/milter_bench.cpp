// tools/bench milter: what mailrota-milter costs beside no milter, a null milter on libmilter that receives
// the same steps, and a bare event loop that speaks the same protocol. Variants take turns within every
// round, so that ratios hold on a noisy machine.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bench/figures.h"
#include "bench/milter_load.h"
#include "bench/milter_policies.h"
#include "bench/rounds.h"
#include "bench/subject.h"
#include "tests/rig/postfix.h"

namespace {

using namespace mailrota;
using bench::alert_rules;
using bench::body_rule;
using bench::interleaved;
using bench::Load;
using bench::print_heading;
using bench::print_rows;
using bench::recipient;
using bench::rotas;
using bench::rules;
using bench::Subject;
using bench::Variant;

struct Options {
    int rounds = 5;
    int messages = 2000;
};

// The same load on every subject in turn. With a Postfix the first is its port without a filter, and the
// others follow in the subjects' order.
std::vector<Variant> variants_of(const std::vector<Subject*>& subjects, const Load& load,
                                 const rig::Postfix* postfix = nullptr) {
    std::vector<Variant> variants;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        Subject* subject = subjects[i];
        std::function<void()> work = [subject, load] { bench::load_filter(subject->socket(), load); };
        if (postfix != nullptr)
            work = [port = postfix->port(i + 1), load] { bench::load_postfix(port, load); };
        variants.push_back({subject->name(), subject, load.messages, std::move(work)});
    }
    if (postfix != nullptr)
        variants.push_back({"no milter", nullptr, load.messages,
                            [port = postfix->port(0), load] { bench::load_postfix(port, load); }});
    return variants;
}

// The five filters that are compared, each its own process.
struct Filters {
    std::unique_ptr<Subject> other =
        Subject::mailrota("mailrota, does not match", rotas(1, "other@bench.test"));
    std::unique_ptr<Subject> match =
        Subject::mailrota("mailrota, rota matches (durable)", rotas(1, "orders@bench.test"));
    std::unique_ptr<Subject> body = Subject::mailrota("mailrota, body rule, does not match", body_rule());
    std::unique_ptr<Subject> null_same =
        Subject::peer("null milter, same steps", "bench-null-milter", other->steps(), false);
    std::unique_ptr<Subject> null_edit =
        Subject::peer("null milter, same steps and edits", "bench-null-milter", match->steps(), true);
    std::unique_ptr<Subject> null_body =
        Subject::peer("null milter, steps of the body rule", "bench-null-milter", body->steps(), false);
    std::unique_ptr<Subject> loop_same =
        Subject::peer("bare event loop, same steps", "bench-loop-milter", other->steps(), false);
    std::unique_ptr<Subject> loop_edit =
        Subject::peer("bare event loop, same steps and edits", "bench-loop-milter", match->steps(), true);

    std::vector<Subject*> all() const {
        return {null_same.get(), other.get(), match.get(),     null_edit.get(),
                null_body.get(), body.get(),  loop_same.get(), loop_edit.get()};
    }
};

void through_postfix(const Filters& filters, const Options& options) {
    rig::PostfixOptions setup;
    setup.listeners = {{}};
    for (const auto* subject : filters.all())
        setup.listeners.push_back({"smtpd_milters=" + subject->socket()});
    rig::Postfix postfix(setup);
    for (const std::size_t bytes : {std::size_t{4096}, std::size_t{200 * 1024}}) {
        const int messages = bytes > 10'000 ? options.messages / 4 : options.messages;
        print_heading(fmt::format("Through Postfix, 20 sessions, {} KB, {} messages, {} rounds", bytes / 1024,
                                  messages, options.rounds),
                      "the null milter with the same steps");
        const Load load{20, messages, bytes, recipient};
        print_rows(interleaved(variants_of(filters.all(), load, &postfix), options.rounds), 0);
    }
}

void straight(const Filters& filters, const Options& options) {
    for (const int sessions : {1, 10, 50}) {
        print_heading(fmt::format("Raw milter client, {} sessions, 4 KB, {} messages, {} rounds", sessions,
                                  options.messages, options.rounds),
                      "the null milter with the same steps");
        const Load load{sessions, options.messages, 4096, recipient};
        print_rows(interleaved(variants_of(filters.all(), load), options.rounds), 0);
    }
}

void message_size(const Filters& filters, const Options& options) {
    for (const std::size_t bytes : {std::size_t{4096}, std::size_t{200 * 1024}}) {
        print_heading(fmt::format("Recipient-only policy at {} KB, raw client, 10 sessions", bytes / 1024),
                      "not matching");
        const Load load{10, options.messages, bytes, recipient};
        print_rows(interleaved(variants_of({filters.other.get(), filters.match.get()}, load), options.rounds),
                   0);
    }
}

void many_rules(const Options& options) {
    const auto ten = Subject::mailrota("10 rotas", rotas(10, "orders@bench.test"));
    const auto many = Subject::mailrota("10,000 rotas", rotas(10'000, "orders@bench.test"));
    const auto ten_rules = Subject::mailrota("10 rules on exact addresses", rules(10));
    const auto many_rules = Subject::mailrota("10,000 rules on exact addresses", rules(10'000));
    const Load load{10, options.messages, 4096, recipient};
    print_heading("Many rotas, raw client, 10 sessions, the last matches", "ten");
    print_rows(interleaved(variants_of({ten.get(), many.get()}, load), options.rounds), 0);
    print_heading("Many rules, raw client, 10 sessions, none matches", "ten");
    print_rows(interleaved(variants_of({ten_rules.get(), many_rules.get()}, load), options.rounds), 0);
}

// None of the rules matches but in the last variant, where one raises an alert for every mail.
void alerts(const Options& options) {
    const auto ten = Subject::mailrota("10 alert rules", alert_rules(10));
    const auto many = Subject::mailrota("1,000 alert rules", alert_rules(1000));
    const auto raised =
        Subject::mailrota("10 alert rules, one matches (durable)", alert_rules(10, "Twelve chairs"));
    const auto null = Subject::peer("null milter, same steps", "bench-null-milter", ten->steps(), false);
    for (const std::size_t bytes : {std::size_t{4096}, std::size_t{200 * 1024}}) {
        const int messages = bytes > 10'000 ? options.messages / 4 : options.messages;
        print_heading(fmt::format("Alert rules on the body, raw client, 10 sessions, {} KB, {} messages",
                                  bytes / 1024, messages),
                      "the null milter with the same steps");
        const Load load{10, messages, bytes, recipient};
        print_rows(
            interleaved(variants_of({null.get(), ten.get(), many.get(), raised.get()}, load), options.rounds),
            0);
    }
}

void memory(int messages) {
    const auto subject = Subject::mailrota("mailrota, rota matches", rotas(1, "orders@bench.test"));
    std::cout << fmt::format(
        "\nResident memory, raw client, 20 sessions, 4 KB, a rota matches\n  {:>10} {:>12} {:>8}\n",
        "messages", "resident MB", "syncs");
    for (int done = 0; done < messages;) {
        const int step = std::max(1, messages / 10);
        bench::load_filter(subject->socket(), {20, step, 4096, recipient});
        done += step;
        std::cout << fmt::format("  {:>10} {:>12.1f} {:>8.2f}\n", done,
                                 bench::resident_bytes(subject->pid()) / 1048576.0,
                                 static_cast<double>(subject->syncs()) / done)
                  << std::flush;
    }
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    int memory_messages = 100'000;
    std::string part = "all";
    CLI::App app("Measures mailrota-milter beside its peers");
    app.add_option("--rounds", options.rounds, "rounds of each table")->check(CLI::Range(1, 100));
    app.add_option("--messages", options.messages, "messages a round")->check(CLI::Range(20, 1'000'000));
    app.add_option("--memory-messages", memory_messages, "messages of the memory run");
    app.add_option("--part", part, "all, postfix, raw, size, rules, alerts or memory");
    CLI11_PARSE(app, count, arguments);
    try {
        const auto wants = [&](const char* name) { return part == "all" || part == name; };
        std::optional<Filters> filters;
        if (wants("postfix") || wants("raw") || wants("size")) filters.emplace();
        if (wants("postfix")) through_postfix(*filters, options);
        if (wants("raw")) straight(*filters, options);
        if (wants("size")) message_size(*filters, options);
        if (wants("rules")) many_rules(options);
        if (wants("alerts")) alerts(options);
        if (wants("memory")) memory(memory_messages);
    } catch (const std::exception& error) {
        std::cerr << "The bench failed: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
