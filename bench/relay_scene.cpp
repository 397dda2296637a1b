#include "bench/relay_scene.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "bench/lmtp_load.h"
#include "tests/rig/wait.h"

namespace mailrota::bench {

namespace {

constexpr std::string_view common = R"(hostname = "relay.bench.test"
[store]
url = "sqlite:{folder}/state.db"
[control]
socket = "{folder}/ctl"
[log]
target = "file"
file = "{folder}/mailrota.log"
level = "info"
)";

// Longer than any mail of the memory run is in flight.
constexpr std::string_view lmtp_part = R"([listener.relay]
protocol = "lmtp"
socket = "{socket}"
max_connections = 5000
[rota.outbound]
members = [{ provider = "carrier" }]
[[rule]]
name = "outgoing"
then = [{ relay = "outbound" }]
)";

constexpr std::string_view web_part = R"([web]
sockets = ["{socket}"]
[provider.sendgrid]
kind = "sendgrid"
api_key = { env = "BENCH_KEY" }
[provider.sendgrid.webhook]
secret = { env = "BENCH_SENDGRID" }
[provider.mandrill]
kind = "mandrill"
api_key = { env = "BENCH_KEY" }
[provider.mandrill.webhook]
secret = { env = "BENCH_MANDRILL" }
url = "https://relay.bench.test/hook/mandrill"
[provider.sparkpost]
kind = "sparkpost"
api_key = { env = "BENCH_KEY" }
[provider.sparkpost.webhook]
users = [{ name = "events", password = { env = "BENCH_SPARKPOST" } }]
)";

// The program that is started next reads it.
void give(const char* name, const std::string& secret) {
    if (setenv(name, secret.c_str(), 1) != 0) throw std::runtime_error("no room for a variable");
}

std::string provider_part(const rig::FakeProviders& fakes, const RelayWay& way) {
    std::string text = fmt::format(
        "[provider.carrier]\nkind = \"{}\"\nbase_url = \"{}\"\napi_key = {{ env = \"BENCH_KEY\" }}\n"
        "timeout = \"280s\"\n",
        way.kind, way.tls ? fakes.tls_base_url(way.kind) : fakes.base_url(way.kind));
    if (way.tls) text += "ca_file = \"" + fakes.ca_file().string() + "\"\n";
    if (way.kind == "mailgun") text += "domain = \"example.net\"\n";
    return text;
}

}  // namespace

std::vector<RelayWay> relay_ways() {
    return {{"JSON (SendGrid)", "sendgrid", false},
            {"raw (Mailgun)", "mailgun", false},
            {"JSON over TLS", "sendgrid", true}};
}

std::unique_ptr<rig::FakeProviders> lenient_fakes(std::chrono::milliseconds latency) {
    auto fakes = std::make_unique<rig::FakeProviders>();
    rig::FakeAccount account;
    account.latency = latency;
    account.check = account.keep = false;
    for (const auto& way : relay_ways()) fakes->set(way.kind, account);
    return fakes;
}

std::unique_ptr<Subject> relaying_lmtp(const rig::FakeProviders& fakes, const RelayWay& way) {
    give("BENCH_KEY", fakes.secret(way.kind));
    auto subject = Subject::mailrota(
        way.name, std::string(common) + provider_part(fakes, way) + std::string(lmtp_part), "mailrota-lmtp");
    // The store comes up a moment after the socket.
    if (!rig::wait_until([&] { return takes_mail(subject->socket()); }, std::chrono::seconds(30)))
        throw std::runtime_error(way.name + " takes no mail:\n" + subject->log());
    return subject;
}

std::unique_ptr<Subject> hooked_web(const rig::FakeProviders& fakes) {
    give("BENCH_KEY", "unused");
    give("BENCH_SENDGRID", fakes.secret("sendgrid", "public_key"));
    give("BENCH_MANDRILL", fakes.secret("mandrill", "webhook_key"));
    give("BENCH_SPARKPOST", fakes.secret("sparkpost", "webhook_password"));
    std::string text = std::string(common) + std::string(web_part);
    const auto name = text.find("\"events\"");
    text.replace(name, 8, "\"" + fakes.secret("sparkpost", "webhook_user") + "\"");
    return Subject::mailrota("mailrota-web", text, "mailrota-web");
}

std::string mandrill_url() { return "https://relay.bench.test/hook/mandrill"; }

}  // namespace mailrota::bench
