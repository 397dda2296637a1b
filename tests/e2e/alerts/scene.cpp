#include "tests/e2e/alerts/scene.h"

#include <memory>
#include <stdexcept>

#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {

using rig::MailrotaProgram;
using std::chrono::seconds;

namespace {

constexpr double fast = 300;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string person(const std::string& name, const std::string& number) {
    return "[rota." + name + "]\nmembers = [{ phone = " + quoted(number) + ", name = " + quoted(name) +
           " }]\n";
}

/// What is as it was when the fakes started, but quick.
rig::FakePhoneAccount new_account() {
    rig::FakePhoneAccount account;
    account.status = "active";
    account.trial = false;
    account.numbers = std::vector<std::string>{};
    account.refused = std::map<std::string, int>{};
    account.speed = fast;
    account.calls_a_second = 0;
    account.most_live = 0;
    account.latency = account.index_lag = std::chrono::milliseconds(0);
    account.sms_url = "";
    account.callbacks = rig::FakeCallbackFaults{};
    return account;
}

struct Fakes {
    rig::FakeProviders providers;
    rig::FakeTwilio first{providers};
    rig::FakeTwilio second{providers, "twilio2"};
};
std::unique_ptr<Fakes> shared_fakes;

}  // namespace

Scene::Scene(rig::FakeProviders& fakes, const SceneOptions& options)
    : fakes_(fakes),
      web_port_(rig::free_port()),
      store_(options.store.empty() ? "sqlite:" + (folder_ / "state.db").string() : options.store),
      text_(configuration(options)) {
    lmtp_.emplace("mailrota-lmtp", text_);
}

MailrotaProgram& Scene::web() {
    if (!web_) web_.emplace("mailrota-web", text_);
    return *web_;
}

MailrotaProgram& Scene::worker() {
    if (!worker_) worker_.emplace("mailrota-worker", text_);
    return *worker_;
}

MailrotaProgram& Scene::second_worker() {
    if (!second_) second_.emplace("mailrota-worker", text_);
    return *second_;
}

void Scene::reconfigure(const SceneOptions& options) {
    text_ = configuration(options);
    for (auto* program : {&lmtp_, &web_, &worker_, &second_}) {
        if (!*program) continue;
        const auto said = (*program)->log().size();
        (*program)->write_config(text_);
        (*program)->reload();
        if (!rig::wait_until([&] { return (*program)->log().find(" reload ", said) != std::string::npos; }))
            throw std::runtime_error("nothing was reloaded:\n" + (*program)->log());
    }
}

Scene& Scene::run() {
    web();
    worker();
    return *this;
}

std::string Scene::secret(const std::string& name, const std::string& value) const {
    const auto path = folder_ / name;
    rig::write_file(path, value + "\n");
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
    return "{ file = " + quoted(path.string()) + " }";
}

std::string Scene::tokens(const rig::FakeTwilio& fake, const SceneOptions& options) const {
    std::string all = "[" + secret(fake.name() + ".token", fake.auth_token());
    for (std::size_t i = 0; i < options.more_tokens.size(); ++i)
        all += ", " + secret(fake.name() + ".token" + std::to_string(i), options.more_tokens[i]);
    return all + "]";
}

std::string Scene::telephone(const std::string& account, const SceneOptions& options) const {
    const rig::FakeTwilio fake(fakes_, account);
    const auto nobody = "http://127.0.0.1:" + std::to_string(rig::free_port());
    const std::string quick = "pace = \"1ms\"\nin_flight = 20\n";
    return "\n[telephone." + account + "]\nkind = \"twilio\"\naccount = " + quoted(fake.account_sid()) +
           "\nuser = " + quoted(fake.key_sid()) +
           "\nsecret = " + secret(account + ".key", fake.key_secret()) +
           "\nauth_token = " + tokens(fake, options) + "\nfrom = " + quoted(our_number) +
           "\nbase_url = " + quoted(account == options.away ? nobody : fake.base_url()) + "\n" +
           (options.of_telephone.empty() ? quick : options.of_telephone) + "\n";
}

std::string Scene::configuration(const SceneOptions& options) const {
    std::string text = "hostname = \"alerts.example.com\"\n[control]\nsocket = \"{run}/control.sock\"\n" +
                       std::string("[store]\nbusy = \"25s\"\nurl = ") + quoted(store_) +
                       "\n[listener.in]\nprotocol = \"lmtp\"\nsocket = \"unix:{run}/lmtp.sock\"\n" +
                       "socket_mode = \"0666\"\nnext_hop = " + quoted(sink_.endpoint()) +
                       "\n[web]\nsockets = [\"inet:" + std::to_string(web_port_) + "@127.0.0.1\"]\n" +
                       "[worker]\nsubmit = " + quoted(sink_.endpoint()) +
                       "\nlease = \"10s\"\nfirst_retry = \"1s\"\nlast_retry = \"1s\"\n";
    for (const auto& account : options.accounts) text += telephone(account, options);
    text += "\n[calls]\n";
    if (options.reachable) text += "public_url = " + quoted(public_url) + "\n";
    text += options.of_calls + "\n" + person("ann", ann) + person("ben", ben) + person("cem", cem);
    return text + options.alerts + "\n" + options.more;
}

void Scene::send(const std::string& mail, const std::string& alert) const {
    rig::SmtpClient client(rig::Connection::to_path(socket()), rig::SmtpClient::Protocol::lmtp);
    client.connection().set_timeout(seconds(60));
    client.hello();
    const auto sent = client.send_mail("redmine@example.com", {alert + "@example.com"}, mail);
    if (!sent.accepted())
        throw std::runtime_error("mailrota-lmtp took no mail:\n" + sent.mail.text + "\n" + sent.data.text +
                                 "\n" + lmtp_->log());
}

std::string Scene::console(const std::vector<std::string>& arguments) const {
    const auto said = lmtp_->mailrota(arguments);
    if (said.exit_code != 0) throw std::runtime_error("mailrota: " + said.errors + said.output);
    return said.output;
}

std::string Scene::state_of(std::int64_t incident) const {
    return value(
        "SELECT CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'acknowledged' WHEN 2 THEN 'resolved' ELSE "
        "'exhausted' END FROM incident WHERE number = " +
        std::to_string(incident));
}

bool Scene::wait_for_state(std::int64_t incident, std::string_view state,
                           std::chrono::milliseconds deadline) const {
    return rig::wait_until([&] { return state_of(incident) == state; }, deadline);
}

int Scene::incidents() const { return std::stoi(value("SELECT count(*) FROM incident")); }

bool Scene::at_rest(std::chrono::milliseconds deadline) const {
    return rig::wait_until([this] { return sql("SELECT 1 FROM job WHERE ready IS NOT NULL").empty(); },
                           deadline);
}

std::string Scene::story(std::int64_t incident) const {
    std::string all;
    for (const auto& row :
         sql("SELECT CAST(event AS TEXT), CAST(text AS TEXT) FROM incident_line WHERE incident = " +
             std::to_string(incident) + " ORDER BY seq"))
        all += row[0] + " " + row[1] + "\n";
    return all;
}

std::string Scene::logs() const {
    std::string all;
    for (const auto* program : {&lmtp_, &web_, &worker_, &second_})
        if (*program) all += (*program)->log();
    return all;
}

void AlertTest::SetUpTestSuite() {
    if (!shared_fakes) shared_fakes = std::make_unique<Fakes>();
}

void AlertTest::SetUp() {
    fakes().heal();
    for (auto* account : {&twilio(), &second_twilio()}) {
        account->clear();
        account->set(new_account());
    }
}

void AlertTest::TearDown() {
    if (HasFailure() && scene_) std::cout << scene_->story() << scene_->logs() << std::endl;
    // What a mail says is for telephones only.
    EXPECT_EQ((scene_ ? scene_->logs() : "").find("raised by"), std::string::npos);
    scene_.reset();
    if (notices_expected_) return;
    for (auto* account : {&twilio(), &second_twilio()})
        for (const auto& notice : account->notices())
            ADD_FAILURE() << account->name() << ": " << notice.code << " " << notice.words << " "
                          << notice.url;
}

rig::FakeProviders& AlertTest::fakes() { return shared_fakes->providers; }
rig::FakeTwilio& AlertTest::twilio() { return shared_fakes->first; }
rig::FakeTwilio& AlertTest::second_twilio() { return shared_fakes->second; }

Scene& AlertTest::scene(const SceneOptions& options) {
    scene_.emplace(fakes(), options);
    rig::FakePhoneAccount paths;
    paths.routes = {{"https://mail.example.com", "http://127.0.0.1:" + std::to_string(scene_->web_port())}};
    if (options.reachable) paths.sms_url = std::string(public_url) + "/sms";
    for (auto* account : {&twilio(), &second_twilio()}) account->set(paths);
    return *scene_;
}

std::vector<std::string> AlertTest::called() {
    std::vector<std::string> numbers;
    for (const auto& call : twilio().calls()) numbers.push_back(call.to);
    return numbers;
}

std::optional<rig::FakeCall> AlertTest::call_in(const std::string& status, const std::string& number) {
    const auto found = twilio().wait_for_calls(
        1, [&](const rig::FakeCall& call) { return call.to == number && call.status == status; },
        seconds(40));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

}  // namespace mailrota::e2e
