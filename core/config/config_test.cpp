#include "core/config/config.h"

#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using namespace std::chrono_literals;

std::string sample(const std::string& name) {
    std::ifstream file(std::string(MAILROTA_SOURCE_DIR) + "/conf/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Config, TheThreeLinesAreEnough) {
    const Loaded loaded = load_text(sample("minimal.toml"));
    EXPECT_THAT(loaded.diagnostics, IsEmpty());
    ASSERT_TRUE(loaded.ok());
    ASSERT_EQ(loaded.policy->rotas().size(), 1U);
    const policy::Rota& rota = loaded.policy->rotas().front();
    EXPECT_EQ(rota.name, "orders");
    EXPECT_THAT(rota.addresses, ElementsAre("orders@example.com"));
    EXPECT_EQ(rota.strategy, policy::Strategy::round_robin);
    EXPECT_THAT(rota.members, ElementsAre(Field(&policy::Member::id, "ann@example.com"),
                                          Field(&policy::Member::id, "ben@example.com"),
                                          Field(&policy::Member::id, "cho@example.com")));
    EXPECT_FALSE(rota.pass_on_error);
    EXPECT_EQ(rota.members[0].weight, 1);
}

TEST(Config, DefaultsServeOneMachineWithPostfix) {
    const Loaded loaded = load_text("");
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->store.url, "sqlite:/var/lib/mailrota/state.db");
    EXPECT_EQ(loaded.config->store.keep, 7 * 24h);
    EXPECT_EQ(loaded.config->store.busy, 5s);
    ASSERT_EQ(loaded.config->listeners.size(), 1U);
    EXPECT_EQ(loaded.config->listeners[0].name, "inbound");
    EXPECT_EQ(loaded.config->listeners[0].socket, "unix:/var/spool/postfix/mailrota/milter.sock");
    EXPECT_EQ(loaded.config->listeners[0].socket_mode, 0660U);
    EXPECT_FALSE(loaded.config->listeners[0].trusted);
    EXPECT_EQ(loaded.config->control.socket, "/run/mailrota/milter.ctl");
    EXPECT_EQ(loaded.config->log.target, LogSettings::Target::stderr_);
    EXPECT_EQ(loaded.config->log.level, LogSettings::Level::info);
}

TEST(Config, EverySettingIsRead) {
    const Loaded loaded = load_text(R"(
[store]
url = "postgresql://mailrota@db.example.com/mailrota"
keep = "10d"
busy = "1m30s"
[listener.house]
protocol = "milter"
socket = "inet:127.0.0.1:10025"
trusted = true
drain = "2m"
[control]
socket = ""
[log]
target = "file"
file = "/var/log/mailrota.log"
level = "debug"
[limits]
text_bytes = "1MB"
depth = 3
parts = 4
[list.vip]
file = "vip.list"
)");
    ASSERT_TRUE(loaded.config);
    const Config& config = *loaded.config;
    EXPECT_EQ(config.file, "m.toml");
    EXPECT_EQ(config.store.url, "postgresql://mailrota@db.example.com/mailrota");
    EXPECT_EQ(config.store.keep, 240h);
    EXPECT_EQ(config.store.busy, 90s);
    ASSERT_EQ(config.listeners.size(), 1U);
    EXPECT_EQ(config.listeners[0].name, "house");
    EXPECT_EQ(config.listeners[0].socket, "inet:10025@127.0.0.1");
    EXPECT_TRUE(config.listeners[0].trusted);
    EXPECT_EQ(config.listeners[0].drain, 2min);
    EXPECT_EQ(config.control.socket, "");
    EXPECT_EQ(config.log.target, LogSettings::Target::file);
    EXPECT_EQ(config.log.file, "/var/log/mailrota.log");
    EXPECT_EQ(config.log.level, LogSettings::Level::debug);
    EXPECT_EQ(config.limits.text_bytes, 1U << 20);
    EXPECT_EQ(config.limits.depth, 3U);
    EXPECT_EQ(loaded.policy->decode_limits().parts, 4U);
    EXPECT_THAT(config.lists, ElementsAre(testing::AllOf(Field(&ListSettings::name, "vip"),
                                                         Field(&ListSettings::file, "vip.list"),
                                                         Field(&ListSettings::where, "m.toml:22"))));
}

TEST(Config, UnixSocketHasModeAndGroup) {
    const Loaded loaded = load_text("[listener.a]\nsocket_mode = \"0666\"\nsocket_group = \"postfix\"\n");
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->listeners[0].socket_mode, 0666U);
    EXPECT_EQ(loaded.config->listeners[0].socket_group, "postfix");
}

TEST(Config, ListFilesAreBesideTheConfiguration) {
    std::vector<std::string> asked;
    const auto read_file = [&](const std::string& path) -> Result<std::string> {
        asked.push_back(path);
        return std::string();
    };
    load("[list.a]\nfile = \"a.list\"\n[list.b]\nfile = \"/b.list\"\n", "/etc/mailrota/mailrota.toml",
         read_file);
    EXPECT_THAT(asked, ElementsAre("/etc/mailrota/a.list", "/b.list"));
}

TEST(Config, UnreadableListIsAWarningOnly) {
    const Loaded loaded =
        load("[list.a]\nfile = \"a.list\"\n[[rule]]\nwhen.sender = { list = \"a\" }\nthen = \"stop\"\n",
             "m.toml", {});
    EXPECT_TRUE(loaded.ok());
    ASSERT_EQ(loaded.diagnostics.size(), 1U);
    EXPECT_EQ(loaded.diagnostics[0].severity, Diagnostic::Severity::warning);
}

TEST(Config, WithAnErrorThereIsNeitherConfigNorPolicy) {
    const Loaded loaded = load_text("[rota.orders]\n");
    EXPECT_FALSE(loaded.ok());
    EXPECT_FALSE(loaded.config);
}

TEST(Config, SecretsOfAStoreAreNeverTold) {
    for (const std::string& message : messages("[store]\nurl = \"postgres:user:secret@host\"\n")) {
        EXPECT_THAT(message, testing::Not(testing::HasSubstr("secret")));
    }
}

// The sample with the # taken from every line that is a setting.
std::string uncommented(const std::string& text) {
    return std::regex_replace(text, std::regex("(^|\n)# (?=\\[|[a-z][a-z_.]* *=)"), "$1");
}

TEST(Sample, LoadsAsItStandsAndWithEveryLineTakenIn) {
    const Loaded as_it_stands = load_text(sample("mailrota.toml"));
    EXPECT_THAT(
        as_it_stands.diagnostics,
        ElementsAre(Field(&Diagnostic::text,
                          "nothing to do: there is no rota and no rule, every mail passes as it came")));
    const Loaded taken_in = load_text(uncommented(sample("mailrota.toml")));
    EXPECT_THAT(
        taken_in.diagnostics,
        ElementsAre(Field(&Diagnostic::text, testing::StartsWith("the envelope sender does not stay"))));
    ASSERT_TRUE(taken_in.ok());
    EXPECT_EQ(taken_in.policy->rotas().size(), 2U);
    EXPECT_EQ(taken_in.policy->rules().size(), 3U);
    EXPECT_EQ(taken_in.config->listeners.size(), 3U);
    EXPECT_EQ(taken_in.config->providers.size(), 2U);
    EXPECT_EQ(taken_in.config->relay_rotas.size(), 1U);
    EXPECT_EQ(taken_in.config->boxes.size(), 1U);
}

TEST(Settings, EveryDefaultThatIsDocumentedIsTheOneInForce) {
    const std::string written = R"(
[store]
url = "$store.url"
keep = "$store.keep"
busy = "$store.busy"
[listener.inbound]
protocol = "$listener.NAME.protocol"
socket = "$listener.NAME.socket"
socket_mode = "$listener.NAME.socket_mode"
drain = "$listener.NAME.drain"
trusted = $listener.NAME.trusted
[listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
max_size = $listener.NAME.max_size
max_recipients = $listener.NAME.max_recipients
max_connections = $listener.NAME.max_connections
timeout = "$listener.NAME.timeout"
deadline = "$listener.NAME.deadline"
dsn = $listener.NAME.dsn
[box.web]
token = { env = "A" }
lease = "$box.NAME.lease"
lease_count = $box.NAME.lease_count
lease_bytes = $box.NAME.lease_bytes
expire = "$box.NAME.expire"
legacy = $box.NAME.legacy
[web]
socket = "$web.socket"
socket_mode = "$web.socket_mode"
max_connections = $web.max_connections
max_body = $web.max_body
timeout = "$web.timeout"
idle = "$web.idle"
[worker]
submit = "$worker.submit"
in_flight = $worker.in_flight
lease = "$worker.lease"
first_retry = "$worker.first_retry"
last_retry = "$worker.last_retry"
expire = "$worker.expire"
[control]
socket = "$control.socket"
[log]
target = "$log.target"
level = "$log.level"
[limits]
text_bytes = "$limits.text_bytes"
depth = $limits.depth
parts = $limits.parts
)";
    std::string text = written;
    for (const SettingDoc& doc : settings()) {
        const auto at =
            text.find("$" + doc.key + (text.find("$" + doc.key + "\"") != std::string::npos ? "\"" : "\n"));
        if (at != std::string::npos) text.replace(at, doc.key.size() + 1, doc.fallback);
    }
    ASSERT_EQ(text.find('$'), std::string::npos) << text;
    const Loaded explicit_ones = load_text(text);
    const Loaded defaults = load_text(
        "[listener.inbound]\n[listener.mailbox]\nprotocol = \"lmtp\"\n"
        "next_hop = \"lmtp:unix:/run/dovecot/lmtp\"\n[box.web]\ntoken = { env = \"A\" }\n");
    ASSERT_TRUE(explicit_ones.config && defaults.config);
    EXPECT_EQ(explicit_ones.config->listeners, defaults.config->listeners);
    EXPECT_EQ(explicit_ones.config->boxes.size(), 1U);
    auto box = explicit_ones.config->boxes[0];
    box.tokens = defaults.config->boxes[0].tokens;  // which know their lines
    EXPECT_EQ(box, defaults.config->boxes[0]);
    EXPECT_EQ(explicit_ones.config->web, defaults.config->web);
    EXPECT_EQ(explicit_ones.config->worker, defaults.config->worker);
    EXPECT_EQ(explicit_ones.config->store.url, defaults.config->store.url);
    EXPECT_EQ(explicit_ones.config->store.keep, defaults.config->store.keep);
    EXPECT_EQ(explicit_ones.config->store.busy, defaults.config->store.busy);
    EXPECT_EQ(explicit_ones.config->control.socket, defaults.config->control.socket);
    EXPECT_EQ(explicit_ones.config->log.target, defaults.config->log.target);
    EXPECT_EQ(explicit_ones.config->log.level, defaults.config->log.level);
    EXPECT_EQ(explicit_ones.config->limits.text_bytes, defaults.config->limits.text_bytes);
    EXPECT_EQ(explicit_ones.config->limits.depth, defaults.config->limits.depth);
    EXPECT_EQ(explicit_ones.config->limits.parts, defaults.config->limits.parts);
}

TEST(Settings, EveryOneIsDescribed) {
    for (const SettingDoc& doc : settings()) {
        EXPECT_FALSE(doc.type.empty()) << doc.key;
        EXPECT_FALSE(doc.text.empty()) << doc.key;
    }
}

TEST(Diagnostic, IsOneLineWithPlaceKeyAndHint) {
    const Diagnostic full{Diagnostic::Severity::error, "m.toml", 12, "rota.orders", "is wrong", "mend it"};
    EXPECT_EQ(full.to_string(), "m.toml:12: error: rota.orders: is wrong (hint: mend it)");
    const Diagnostic bare{Diagnostic::Severity::warning, "m.toml", 0, "", "is empty", ""};
    EXPECT_EQ(bare.to_string(), "m.toml: warning: is empty");
}

}  // namespace
}  // namespace mailrota::config
