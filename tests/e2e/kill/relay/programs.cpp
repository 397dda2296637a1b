#include "tests/e2e/kill/relay/programs.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

constexpr std::array kinds = {RelayPrograms::idempotent, RelayPrograms::looked_up, RelayPrograms::forgetful};

constexpr std::string_view configuration = R"(
hostname = "relay.example.com"
[control]
socket = "{run}/milter.ctl"
[store]
url  = "sqlite:{folder}/state.db"
busy = "20s"
[listener.relay]
protocol = "lmtp"
socket   = "unix:{run}/lmtp.sock"
[web]
sockets = ["unix:{run}/web.sock"]
[worker]
submit      = "{sink}"
lease       = "10s"
first_retry = "1s"
last_retry  = "1s"
[relay]
open         = "1s"
longest_open = "2s"
[rota.outbound]
strategy       = "round-robin"
uncertain      = "hold"
uncertain_hold = "60s"
members        = [{ provider = "resend" }, { provider = "mailgun" }, { provider = "sendgrid" }]
)";

constexpr std::string_view all_others = R"(
[[rule]]
then = [{ relay = "outbound" }]
)";

constexpr std::string_view rota_of_one = R"(
[rota.only-{kind}]
uncertain_hold = "60s"
members        = [{ provider = "{kind}" }]
[[rule]]
when.rcpt = "*@{kind}.example.net"
then      = [{ relay = "only-{kind}" }]
)";

std::string filled(std::string text, std::string_view name, std::string_view value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

}  // namespace

RelayPrograms::RelayPrograms()
    : lmtp_("lmtp", program_command("mailrota-lmtp")),
      web_("web", program_command("mailrota-web")),
      worker_("worker", program_command("mailrota-worker")) {
    FakeAccount account;
    account.latency = std::chrono::milliseconds(20);
    account.most_calls_a_second = 0;
    for (const auto kind : kinds) fakes_.set(kind, account);
    write_file(folder_ / "mailrota.toml", config_text());
}

std::string RelayPrograms::secret(std::string_view kind, std::string_view name) const {
    const auto path = folder_ / (std::string(kind) + "." + std::string(name));
    write_file(path, fakes_.secret(kind, name) + "\n");
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
    return "{ file = \"" + path.string() + "\" }\n";
}

std::string RelayPrograms::provider_text(std::string_view kind) const {
    const std::string name(kind);
    return "\n[provider." + name + "]\nkind = \"" + name + "\"\nbase_url = \"" + fakes_.base_url(kind) +
           "\"\ntimeout = \"3s\"\napi_key = " + secret(kind, "key") +
           (kind == looked_up ? "domain = \"example.com\"\n" : "") + "[provider." + name +
           ".webhook]\nsecret = " + secret(kind, kind == forgetful ? "public_key" : "webhook_key") +
           filled(std::string(rota_of_one), "{kind}", kind);
}

std::string RelayPrograms::config_text() const {
    std::string text(configuration);
    for (const auto kind : kinds) text += provider_text(kind);
    text = filled(text + std::string(all_others), "{folder}", folder_.path().native());
    return filled(filled(text, "{run}", run_.path().native()), "{sink}", sink_.endpoint());
}

Command RelayPrograms::program_command(const std::string& name) const {
    Command command;
    command.argv = {program(name), "--config", folder_ / "mailrota.toml"};
    command.output = folder_ / (name + ".log");
    return command;
}

void RelayPrograms::start_serving(Victim& victim) const {
    victim.start();
    const auto socket = "unix:" + (run_ / (victim.name() + ".ctl")).string();
    if (!wait_until([&] { return !victim.running() || accepts(socket); }, std::chrono::seconds(30)) ||
        !victim.running())
        throw std::runtime_error(victim.name() + " does not start:\n" + victim.log());
}

void RelayPrograms::trouble(unsigned seed) {
    const std::vector<std::pair<FakeFault, double>> faults = {
        {{.fault = "unavailable"}, 0.02},
        {{.fault = "rate_limited"}, 0.01},
        {{.fault = "reset"}, 0.015},
        {{.fault = "reset", .after = true}, 0.015},
        {{.fault = "silent"}, 0.01},
        {{.fault = "silent", .after = true}, 0.015},
        {{.fault = "server_error", .after = true}, 0.015},
    };
    for (auto [fault, probability] : faults) {
        fault.probability = probability;
        fault.seed = seed++;
        fakes_.fail(fault);
    }
}

Rows RelayPrograms::sql(const std::string& query) const {
    return rig::sql("sqlite:" + (folder_ / "state.db").string(), query);
}

std::size_t RelayPrograms::note_death() {
    std::size_t fresh = 0;
    for (const auto& row : sql("SELECT id || ' ' || tries FROM relay_attempt WHERE state = 0"))
        if (open_at_death_.insert(row[0]).second) ++fresh;
    return fresh;
}

void RelayPrograms::note_worker_death() {
    constexpr int leased = 1;
    const auto rows =
        sql("SELECT substr(CAST(key AS TEXT), length('notify bounce ') + 34) FROM job "
            "WHERE CAST(key AS TEXT) LIKE 'notify bounce %' AND state = " +
            std::to_string(leased));
    for (const auto& row : rows) ++in_hand_at_death_[row[0]];
}

int RelayPrograms::deaths_in_hand(const std::string& recipient) const {
    const auto found = in_hand_at_death_.find(recipient);
    return found == in_hand_at_death_.end() ? 0 : found->second;
}

void RelayPrograms::let_time_pass() const {
    sql("UPDATE relay_attempt SET last = last - 20, begun = begun - 20 WHERE state IN (0, 3) AND "
        "last BETWEEN unixepoch() - 65 AND unixepoch() - 10");
}

std::string RelayPrograms::logs() const {
    std::string all;
    for (const Victim* victim : {&lmtp_, &web_, &worker_}) {
        const auto log = victim->log();
        all +=
            "--- " + victim->name() + '\n' + log.substr(log.size() - std::min<std::size_t>(log.size(), 3000));
    }
    return all;
}

}  // namespace mailrota::rig
