#include "tests/e2e/spool/origin.h"

#include <fstream>
#include <stdexcept>

#include "tests/rig/sql.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {

using rig::MailrotaProgram;

namespace {

void write_secret(const std::filesystem::path& path, std::string_view text) {
    rig::write_file(path, text);
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
}

void make_certificate(const std::filesystem::path& folder) {
    rig::run_or_throw({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                       "-nodes", "-days", "2", "-subj", "/CN=mail.example.com", "-addext",
                       "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out",
                       folder / "cert.pem"});
}

std::string port_text(int port) { return std::to_string(port); }

}  // namespace

Origin::Origin(OriginOptions options)
    : smtp_port_(rig::free_port()), web_port_(rig::free_port()), options_(std::move(options)) {
    write_secret(folder_ / "token", "secret\n");
    write_secret(folder_ / "password", "pass:word\n");
    if (options_.own_tls) make_certificate(folder_.path());
    text_ = configuration(options_);
    start(lmtp_, "mailrota-lmtp");
}

std::string Origin::configuration(const OriginOptions& options) const {
    const std::string folder = folder_.path().string();
    const std::string tls = options.own_tls ? "tls = { certificate = \"" + folder + "/cert.pem\", key = \"" +
                                                  folder + "/key.pem\" }\n"
                                            : "";
    return "hostname = \"origin.internal.test\"\n[control]\nsocket = \"{run}/milter.ctl\"\n[store]\nurl = "
           "\"sqlite:" +
           folder +
           "/state.db\"\n[listener.mailbox]\nprotocol = \"lmtp\"\nsocket = \"unix:{run}/lmtp.sock\"\n" +
           "socket_mode = \"0666\"\n[listener.relay]\nprotocol = \"smtp\"\nsocket = \"inet:" +
           port_text(smtp_port_) + "@127.0.0.1\"\nclients = [\"127.0.0.0/8\"]\nmax_size = 100000000\n" +
           options.relay + "\n[box.web]\ntoken = { file = \"" + folder + "/token\" }\n" + options.box +
           "\n[[box.web.users]]\nname = \"ann\"\npassword = { file = \"" + folder + "/password\" }\n" +
           "[web]\nsockets = [\"unix:{run}/web.sock\", \"inet:" + port_text(web_port_) + "@127.0.0.1\"]\n" +
           tls + "[worker]\nsubmit = \"smtp:127.0.0.1:" + port_text(options.submit) +
           "\"\nfirst_retry = \"1s\"\nlast_retry = \"1s\"\nlease = \"10s\"\n" + options.rules;
}

void Origin::start(std::optional<MailrotaProgram>& program, const std::string& name) const {
    std::vector<std::string> environment;
    if (options_.no_quarantine) environment.emplace_back("ASAN_OPTIONS=quarantine_size_mb=1");
    program.emplace(name, text_, environment);
}

MailrotaProgram& Origin::web() {
    if (!web_) start(web_, "mailrota-web");
    return *web_;
}

MailrotaProgram& Origin::worker() {
    if (!worker_) start(worker_, "mailrota-worker");
    return *worker_;
}

int Origin::web_port() {
    web();
    return web_port_;
}

std::string Origin::url() {
    const std::string scheme = options_.own_tls ? "https" : "http";
    return scheme + "://127.0.0.1:" + port_text(web_port()) + "/boxes/web";
}

std::string Origin::web_path() { return web().run_folder() / "web.sock"; }

rig::SmtpTransaction Origin::send(const std::string& text, const std::vector<std::string>& recipients,
                                  const std::string& sender) const {
    auto client = rig::SmtpClient::to_port(smtp_port_);
    return client.send_mail(sender, recipients, text);
}

void Origin::put(const std::string& text, const std::vector<std::string>& recipients,
                 const std::string& sender) const {
    if (!send(text, recipients, sender).accepted())
        throw std::runtime_error("mailrota-lmtp took no mail:\n" + lmtp_->log());
}

std::size_t Origin::in_box() const { return std::stoul(sql("SELECT count(*) FROM box_item")); }

std::size_t Origin::jobs() const { return std::stoul(sql("SELECT count(*) FROM job WHERE state < 2")); }

std::size_t Origin::jobs_put_off() const {
    return std::stoul(sql("SELECT count(*) FROM job WHERE state = 0 AND attempts > 0"));
}

/// The first column of the first row, if there is one.
std::string Origin::sql(const std::string& query) const {
    return rig::sql_value("sqlite:" + (folder_ / "state.db").string(), query);
}

std::size_t peak_memory(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
    throw std::runtime_error("no VmHWM");
}

}  // namespace mailrota::e2e
