#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/mail/offer.h"
#include "core/runtime/http_client_fixture.h"
#include "core/runtime/intake_fixture.h"
#include "core/runtime/peer_fixture.h"
#include "core/runtime/relay.h"

// A relay with all that it stands on. Only for tests.
namespace mailrota::runtime::fixture {

using ProviderKind = config::ProviderSettings::Kind;

// A provider's API of a few lines, on threads of its own: answers as it is told.
class Api {
  public:
    // The body of an answer with status 200, another status line before it ("429 Slow down|body"), or
    // nothing: the connection ends without one.
    using Script = std::function<std::string(const SeenRequest&)>;

    explicit Api(Script script) : script_(std::move(script)) {}

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    void set(Script script) {
        const std::lock_guard lock(mutex_);
        script_ = std::move(script);
    }
    void set(const std::string& answer) {
        set([answer](const SeenRequest&) { return answer; });
    }
    std::vector<SeenRequest> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }
    std::size_t calls() const { return seen().size(); }
    void stop() { server_.stop(); }

  private:
    void serve(rig::Connection& connection) {
        while (const auto request = read_request(connection)) {
            Script script;
            {
                const std::lock_guard lock(mutex_);
                seen_.push_back(*request);
                script = script_;
            }
            const std::string said = script(*request);
            if (said.empty()) return;
            const auto bar = said.find('|');
            const bool told = bar != std::string::npos;
            if (!answer(connection, told ? said.substr(bar + 1) : said,
                        told ? said.substr(0, bar) : "200 OK"))
                return;
        }
    }

    mutable std::mutex mutex_;
    Script script_;
    std::vector<SeenRequest> seen_;
    HttpServer server_{[this](rig::Connection& connection, int) { serve(connection); }};
};

inline const char* const mailgun_takes_it = R"({"id":"<m1@example.com>","message":"Queued. Thank you."})";
inline const char* const sparkpost_takes_it =
    R"({"results":{"id":"sp1","total_accepted_recipients":1,"total_rejected_recipients":0}})";
inline const char* const some_letter =
    "Received: by mx.example.com id 4XyZ\r\nMessage-ID: <1@example.net>\r\nFrom: shop@example.net\r\n"
    "To: a@example.com\r\nSubject: An order\r\nBcc: secret@example.com\r\nX-SMTPAPI: {}\r\n\r\n"
    "Two boxes, please.\r\n";

// A rota of two Mailgun accounts, "one" and "two", unless a test makes others.
class RelayCase : public IntakeTest {
  protected:
    using Kind = Carried::Kind;

    RelayCase() {
        setenv("MAILROTA_TEST_KEY", "key-of-a-test", 1);
        add("one", ProviderKind::mailgun).base_url = one.url();
        add("two", ProviderKind::mailgun).base_url = two.url();
    }
    ~RelayCase() override { http.close(); }

    config::ProviderSettings& add(const std::string& name, ProviderKind kind) {
        config::ProviderSettings settings;
        settings.name = name;
        settings.kind = kind;
        settings.domain = "example.net";
        settings.api_key = config::SecretSource{config::SecretSource::Kind::env, "MAILROTA_TEST_KEY", {}};
        settings.timeout = std::chrono::seconds(5);
        if (rota().name.empty()) rota().name = "bulk";
        rota().members.push_back({name, 1});
        config.providers.push_back(settings);
        return config.providers.back();
    }
    config::ProviderSettings& add_host(const std::string& name, const Peer& peer) {
        auto& settings = add(name, ProviderKind::smtp);
        settings.transport = config::ProviderSettings::Transport::smtp;
        settings.host = peer.endpoint();
        settings.api_key.reset();
        return settings;
    }
    config::RelayRota& rota() {
        if (config.relay_rotas.empty()) config.relay_rotas.emplace_back();
        return config.relay_rotas.front();
    }
    void without_providers() {
        config.providers.clear();
        rota().members.clear();
    }

    Consignment consignment(const std::vector<std::string>& recipients, const std::string& bytes) {
        Consignment made;
        const auto sender = mail::Address::from_envelope("shop@example.net");
        made.mail.id = mail::mail_id(sender, bytes);
        made.mail.sender = made.sender = sender.text();
        made.mail.arrived = now;
        made.message = mail::Message::from_bytes(bytes);
        for (const std::string& address : recipients)
            made.recipients.push_back(
                {address, mail::offer_key(made.mail.id, mail::Address::from_envelope(address)), {}});
        made.rota = "bulk";
        return made;
    }
    std::vector<Carried> carry(const std::vector<std::string>& recipients = {"a@example.com"},
                               const std::string& bytes = some_letter) {
        return carry_one(consignment(recipients, bytes));
    }
    std::vector<Carried> carry_one(Consignment what) { return carry_all({std::move(what)}).front(); }
    // All at the same time.
    std::vector<std::vector<Carried>> carry_all(std::vector<Consignment> all) {
        const auto carriers = Carriers::open(config).value();
        std::vector<std::vector<Carried>> carried(all.size());
        std::size_t left = all.size();
        for (std::size_t i = 0; i < all.size(); ++i)
            boost::asio::co_spawn(context, relay.carry(carriers, std::move(all[i])),
                                  [&, i](const std::exception_ptr& fault, std::vector<Carried> result) {
                                      EXPECT_FALSE(fault);
                                      carried[i] = std::move(result);
                                      --left;
                                  });
        context.restart();
        while (left > 0) context.run_one();
        return carried;
    }
    // The only recipient's reply, of a mail that no other test mail equals.
    std::string reply_to(const std::string& number, const std::string& from = "shop@example.net") {
        return line(carry({"a@example.com"}, "Message-ID: <" + number + "@example.net>\r\nFrom: " + from +
                                                 "\r\nTo: a@example.com\r\n\r\nbody\r\n")
                        .at(0));
    }
    static std::string line(const Carried& carried) { return wire::to_line(carried.reply); }

    void write(const std::function<Result<void>(store::Transaction&)>& work) {
        const auto written = memory->write({}, work);
        EXPECT_TRUE(written) << written.error().text;
    }
    std::vector<store::RelayAttempt> attempts(const std::string& bytes = some_letter) {
        std::vector<store::RelayAttempt> all;
        write([&](store::Transaction& transaction) -> Result<void> {
            all = transaction.attempts_of_mail(consignment({}, bytes).mail.id).value();
            return {};
        });
        return all;
    }
    policy::Breaker breaker(const std::string& scope) {
        policy::Breaker found;
        write([&](store::Transaction& transaction) -> Result<void> {
            const auto all = transaction.breakers({scope}).value();
            if (!all.empty()) found = all.front();
            return {};
        });
        return found;
    }

    Api one{[](const SeenRequest&) { return mailgun_takes_it; }};
    Api two{[](const SeenRequest&) { return mailgun_takes_it; }};
    config::Config config;
    boost::asio::io_context context{1};
    Metrics metrics;
    Log log{{}};
    AsyncStore async{store};
    Connections connections{context.get_executor(), "me.test"};
    HttpClient http{context.get_executor(), "mailrota/test"};
    Relay relay{{async, http, connections, log, metrics, [this] { return now; }, "test/1"}};
};

}  // namespace mailrota::runtime::fixture
