#include "tests/e2e/relay/scene.h"

#include <unistd.h>
#include <algorithm>

#include <fstream>
#include <memory>
#include <stdexcept>

#include "tests/rig/sql.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {

using rig::MailrotaProgram;
using std::chrono::seconds;

namespace {

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string all_to(const std::string& rota) {
    return "\n[[rule]]\nname = \"outgoing\"\nthen = [{ relay = " + quoted(rota) + " }]\n";
}

/// What is as it was when the fakes started.
rig::FakeAccount new_account(const std::string& kind) {
    rig::FakeAccount account;
    account.bad = account.suppressed = account.bouncing = std::vector<std::string>{};
    account.latency = account.index_lag = account.hook_delay = std::chrono::milliseconds(0);
    account.most_calls_a_second = 0;
    account.hook_url = account.signed_url = "";
    account.indicator = "none";
    account.domains = std::vector<std::string>{};
    if (kind == "mailgun") account.domains = {"example.com", "example.net"};
    return account;
}

std::unique_ptr<rig::FakeProviders> shared_fakes;

}  // namespace

const std::vector<std::string>& http_kinds() {
    static const std::vector<std::string> all = {"sendgrid", "mailgun",   "mandrill", "ses",
                                                 "postmark", "sparkpost", "resend"};
    return all;
}

std::string rota_of_each(const std::vector<std::string>& kinds, const std::string& then) {
    std::string text;
    for (const auto& kind : kinds) {
        const std::string second = then.empty() ? "" : ", { provider = " + quoted(then) + " }";
        text += "\n[rota.only-" + kind + "]\nmembers = [{ provider = " + quoted(kind) + " }" + second +
                "]\n[[rule]]\nwhen.rcpt = \"@" + kind + ".example.net\"\nthen = [{ relay = \"only-" + kind +
                "\" }]\n";
    }
    return text;
}

Scene::Scene(const rig::FakeProviders& fakes, SceneOptions options)
    : fakes_(fakes), web_port_(rig::free_port()), no_quarantine_(options.no_quarantine) {
    text_ = configuration(options);
    start(lmtp_, "mailrota-lmtp");
}

std::string Scene::secret(const std::string& kind, const std::string& name) const {
    const auto path = folder_ / (kind + "." + name);
    rig::write_file(path, fakes_.secret(kind, name) + "\n");
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
    return "{ file = " + quoted(path.string()) + " }";
}

std::string Scene::provider(const std::string& kind, const std::string& more) const {
    std::string text = "\n[provider." + kind + "]\nkind = " + quoted(kind) +
                       "\nbase_url = " + quoted(fakes_.base_url(kind)) + "\n" + more + "\n";
    if (kind == "ses")
        text += "region = " + quoted(fakes_.secret(kind, "region")) +
                "\naccess_key = " + secret(kind, "access_key") +
                "\nsecret_key = " + secret(kind, "secret_key") + "\nproxy = " + quoted(fakes_.proxy()) +
                "\nca_file = " + quoted(fakes_.ca_file().string()) + "\n";
    else
        text += "api_key = " + secret(kind, "key") + "\n";
    if (kind == "mailgun") text += "domain = \"example.com\"\n";
    text += "[provider." + kind + ".webhook]\n";
    if (kind == "sendgrid") return text + "secret = " + secret(kind, "public_key") + "\n";
    if (kind == "ses") return text + "topics = [" + quoted(fakes_.secret(kind, "topic")) + "]\n";
    if (kind == "postmark" || kind == "sparkpost")
        return text + "users = [{ name = " + quoted(fakes_.secret(kind, "webhook_user")) +
               ", password = " + secret(kind, "webhook_password") + " }]\n";
    text += "secret = " + secret(kind, "webhook_key") + "\n";
    return kind != "mandrill" ? text : text + "url = \"https://relay.example.com/hook/mandrill\"\n";
}

std::string Scene::configuration(const SceneOptions& options) const {
    const std::string folder = folder_.path().string();
    std::string text =
        "hostname = \"relay.example.com\"\n[control]\nsocket = \"{run}/control.sock\"\n" +
        std::string("[store]\nbusy = \"25s\"\nurl = \"sqlite:") + folder + "/state.db\"\n" +
        "[listener.relay]\nprotocol = \"lmtp\"\nsocket = \"unix:{run}/lmtp.sock\"\n" +
        "socket_mode = \"0666\"\nmax_size = 100000000\nreinject = " + quoted(sink_.endpoint()) + "\n" +
        options.of_listener + "\n" + "[web]\nsockets = [\"inet:" + std::to_string(web_port_) +
        "@127.0.0.1\"]\n" + "[worker]\nsubmit = " + quoted(sink_.endpoint()) +
        "\nfirst_retry = \"1s\"\nlast_retry = \"1s\"\n";
    std::string members;
    for (const auto& kind : options.providers) {
        text += provider(kind, options.of_each);
        members += "{ provider = " + quoted(kind) + " }, ";
    }
    text += "\n[rota.outbound]\nmembers = [" + members + "]\n" + options.of_rota + "\n" + options.more;
    constexpr std::string_view keys = "{keys}";
    for (auto at = text.find(keys); at != std::string::npos; at = text.find(keys))
        text.replace(at, keys.size(), folder);
    const bool ruled = options.more.find("[[rule]]") != std::string::npos;
    return ruled ? text : text + all_to("outbound");
}

void Scene::start(std::optional<MailrotaProgram>& program, const std::string& name) const {
    std::vector<std::string> environment;
    if (no_quarantine_) environment.emplace_back("ASAN_OPTIONS=quarantine_size_mb=1");
    program.emplace(name, text_, environment);
}

MailrotaProgram& Scene::web() {
    if (!web_) start(web_, "mailrota-web");
    return *web_;
}

MailrotaProgram& Scene::worker() {
    if (!worker_) start(worker_, "mailrota-worker");
    return *worker_;
}

std::vector<std::string> Scene::send(const std::string& mail, const std::vector<std::string>& recipients,
                                     const std::string& sender) const {
    rig::SmtpClient client(rig::Connection::to_path(socket()), rig::SmtpClient::Protocol::lmtp);
    client.connection().set_timeout(seconds(60));
    client.hello();
    const auto sent = client.send_mail(sender, recipients, mail);
    if (sent.results.size() != recipients.size())
        throw std::runtime_error("mailrota-lmtp took no mail:\n" + sent.mail.text + "\n" + sent.data.text +
                                 "\n" + lmtp_->log());
    std::vector<std::string> replies;
    for (const auto& reply : sent.results) replies.push_back(std::to_string(reply.code) + " " + reply.text);
    return replies;
}

std::string Scene::send_one(const std::string& mail, const std::string& recipient,
                            const std::string& sender) const {
    return send(mail, {recipient}, sender).front();
}

std::string Scene::hook(std::string_view provider) {
    web();
    return "http://127.0.0.1:" + std::to_string(web_port_) + "/hook/" + std::string(provider);
}

rig::HttpClient Scene::hook_client() {
    web();
    return rig::HttpClient("inet:127.0.0.1:" + std::to_string(web_port_));
}

bool Scene::settled() const {
    return rig::wait_until([this] { return sql("SELECT count(*) FROM event WHERE settled = 0") == "0"; },
                           seconds(30));
}

std::vector<rig::SinkMail> Scene::notices(std::size_t count) const {
    // The sink makes a mail's file before it has all of the mail: a report ends with its boundary.
    const auto whole = [](const rig::SinkMail& mail) {
        const auto end = mail.content.find_last_not_of("\r\n");
        return end != std::string::npos && mail.content.substr(0, end + 1).ends_with("--");
    };
    std::vector<rig::SinkMail> mails;
    rig::wait_until(
        [&] {
            mails = sink_.mails();
            return mails.size() >= count && std::ranges::all_of(mails, whole);
        },
        seconds(30));
    return mails;
}

std::string Scene::ask(const std::vector<std::string>& arguments) const {
    const auto result = lmtp_->mailrota(arguments);
    return result.output + result.errors;
}

std::string Scene::sql(const std::string& query) const {
    return rig::sql_value("sqlite:" + (folder_ / "state.db").string(), query);
}

std::string Scene::logs() const {
    return lmtp_->log() + (web_ ? web_->log() : "") + (worker_ ? worker_->log() : "");
}

std::string fresh_mail(std::string_view subject, std::string_view more_headers) {
    static int count = 0;
    return "From: Ann Example <ann@example.com>\nTo: Bob <bob@example.net>\nSubject: " +
           std::string(subject) + "\nDate: Mon, 02 Mar 2026 09:00:00 +0000\nMessage-ID: <" +
           std::to_string(::getpid()) + "." + std::to_string(++count) + "@example.com>\n" +
           std::string(more_headers) + "\nHello.\n";
}

std::string message_id_of(const std::string& mail) {
    constexpr std::string_view name = "Message-ID: <";
    const auto begin = mail.find(name) + name.size();
    return mail.substr(begin, mail.find('>', begin) - begin);
}

std::size_t peak_memory(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
    throw std::runtime_error("no VmHWM");
}

void RelayTest::SetUpTestSuite() {
    if (!shared_fakes) shared_fakes = std::make_unique<rig::FakeProviders>();
}

void RelayTest::SetUp() {
    fakes().heal();
    for (const auto& kind : http_kinds()) fakes().set(kind, new_account(kind));
    fakes().clear();
}

rig::FakeProviders& RelayTest::fakes() { return *shared_fakes; }

Scene& RelayTest::scene(SceneOptions options) { return scene_.emplace(fakes(), std::move(options)); }

std::vector<std::string> RelayTest::recipients_of(const std::vector<rig::FakeMail>& mails) const {
    std::vector<std::string> all;
    for (const auto& mail : mails) all.push_back(mail.recipient);
    return all;
}

}  // namespace mailrota::e2e
