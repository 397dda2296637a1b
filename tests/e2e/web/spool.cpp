#include "tests/e2e/web/spool.h"

#include <sqlite3.h>

#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

std::string configuration(const std::filesystem::path& shared, int port, const std::string& box,
                          const std::string& web) {
    const auto folder = shared.string();
    return "[store]\nurl = \"sqlite:" + folder + "/state.db\"\n[control]\nsocket = \"{run}/milter.ctl\"\n" +
           "[listener.mailbox]\nprotocol = \"lmtp\"\nsocket = \"unix:{run}/lmtp.sock\"\nmax_size = "
           "200000000\nreinject = \"smtp:127.0.0.1:1\"\n" +
           "[box.web]\ntoken = { file = \"" + folder + "/token\" }\n" + box +
           "\n[[box.web.users]]\nname = \"ann\"\npassword = { file = \"" + folder + "/password\" }\n" +
           "[web]\nsockets = [\"unix:{run}/web.sock\", \"inet:" + std::to_string(port) + "@127.0.0.1\"]\n" +
           web + "\n[[rule]]\nname = \"out\"\nthen = [{ spool = \"web\" }]\n";
}

void write_secret(const std::filesystem::path& path, std::string_view text) {
    write_file(path, text);
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
}

}  // namespace

Spool::Spool(const std::string& box, const std::string& web) : port_(free_port()) {
    write_secret(folder_ / "token", "secret\n");
    write_secret(folder_ / "password", "pass:word\n");
    const auto text = configuration(folder_.path(), port_, box, web);
    lmtp_.emplace("mailrota-lmtp", text);
    // AddressSanitizer keeps freed memory; a test measures ours.
    web_.emplace("mailrota-web", text, std::vector<std::string>{"ASAN_OPTIONS=quarantine_size_mb=1"});
}

void Spool::put(std::string_view data, const std::vector<std::string>& recipients,
                const std::string& sender) {
    SmtpClient client(Connection::to_path(lmtp_path()), SmtpClient::Protocol::lmtp);
    client.hello();
    if (!client.send_mail(sender, recipients, data).accepted())
        throw std::runtime_error("mailrota-lmtp took no mail:\n" + lmtp_->log());
}

HttpClient Spool::stranger(const std::string& authorization) const {
    if (authorization.empty()) return HttpClient(inet_address());
    return HttpClient(inet_address(), {{"Authorization", authorization}});
}

std::string Spool::sql(const std::string& query) const {
    sqlite3* database = nullptr;
    sqlite3_open((folder_ / "state.db").c_str(), &database);
    std::string rows;
    const auto add = [](void* into, int columns, char** values, char**) {
        for (int i = 0; i < columns; ++i)
            static_cast<std::string*>(into)
                ->append(i == 0 ? "" : "|")
                .append(values[i] == nullptr ? "" : values[i]);
        static_cast<std::string*>(into)->append("\n");
        return 0;
    };
    const int result = sqlite3_exec(database, query.c_str(), add, &rows, nullptr);
    const std::string error = sqlite3_errmsg(database);
    sqlite3_close(database);
    if (result != SQLITE_OK) throw std::runtime_error(query + ": " + error);
    return rows;
}

Batch lease(HttpClient& puller, const std::string& wish) {
    const auto answer = puller.post("/boxes/web/lease", wish);
    if (answer.status != 200)
        throw std::runtime_error("no lease: " + std::to_string(answer.status) + answer.body);
    const auto parsed = boost::json::parse(answer.body);
    Batch batch{std::string(parsed.at("lease").as_string()), {}, parsed.at("left").to_number<std::size_t>()};
    for (const auto& mail : parsed.at("mails").as_array()) {
        Handed handed{std::string(mail.at("id").as_string()),
                      std::string(mail.at("sender").as_string()),
                      {},
                      mail.at("size").to_number<std::size_t>()};
        for (const auto& recipient : mail.at("recipients").as_array())
            handed.recipients.emplace_back(recipient.at("address").as_string());
        batch.mails.push_back(std::move(handed));
    }
    return batch;
}

HttpAnswer fetch(HttpClient& puller, const Batch& batch, const Handed& mail) {
    return puller.get("/boxes/web/messages/" + mail.id + "?lease=" + batch.token);
}

HttpAnswer acknowledge(HttpClient& puller, const Batch& batch, const std::vector<Handed>& mails,
                       std::string_view outcome, std::string_view reply) {
    boost::json::array results;
    for (const auto& mail : mails)
        for (const auto& recipient : mail.recipients)
            results.push_back(
                {{"id", mail.id}, {"recipient", recipient}, {"outcome", outcome}, {"reply", reply}});
    const boost::json::value said{{"lease", batch.token}, {"results", results}};
    return puller.post("/boxes/web/acknowledge", boost::json::serialize(said));
}

std::size_t peak_memory(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
    throw std::runtime_error("no VmHWM");
}

}  // namespace mailrota::rig
