#include "core/wire/smtp_client.h"

#include <algorithm>
#include <utility>

#include "core/wire/client_login.h"
#include "core/wire/reply_reader.h"
#include "core/wire/server_features.h"
#include "core/wire/transaction.h"

namespace mailrota::wire {

namespace {

constexpr int service_closes = 421;
constexpr std::size_t longest_fault = 300;
constexpr std::string_view unguarded = "bytes before the TLS handshake that STARTTLS began";

}  // namespace

struct SmtpClient::Connection {
    using Stage = SmtpResult::Stage;
    enum class Hello { greeting, extended, plain, starttls, login };  // waited for in State::greeting

    Protocol protocol;
    std::string hello_name;
    SmtpTerms terms;
    ClientLogin login;
    State state = State::greeting;
    Hello hello = Hello::greeting;
    std::string fault;
    std::optional<Reply> refusal;
    ServerFeatures features;
    ReplyReader reader;
    std::string output;  // hello and QUIT
    std::optional<Transaction> transaction;
    bool has_results = false;
    bool needs_reset = false;
    bool knows_identity = false;  // was told one, which it keeps
    bool is_secured = false;      // by STARTTLS

    Connection(Protocol the_protocol, std::string name, SmtpTerms the_terms)
        : protocol(the_protocol),
          hello_name(std::move(name)),
          terms(std::move(the_terms)),
          login(terms.user, terms.password) {}

    void start(const OutgoingMail& mail) {
        transaction.emplace(mail, protocol, features);
        has_results = true;
        if (transaction->over()) return;
        state = State::busy;
        if (needs_reset) transaction->begin_with_reset();
        if (!features.xforward_ident || (mail.identity.empty() && !knows_identity)) return;
        transaction->begin_with_identity();
        knows_identity = !mail.identity.empty();
    }

    void receive(std::string_view bytes) {
        if (state == State::closed) return;
        if (state == State::securing) return break_off(unguarded);
        reader.feed(bytes);
        while (state != State::closed && state != State::securing) {
            const auto reply = reader.next();
            if (!reply) break;
            hear(*reply);
        }
        if (state == State::securing && reader.has_more()) return break_off(unguarded);
        if (!reader.fault().empty()) lose({451, "4.5.0", reader.fault()}, false, reader.fault());
    }

    void hear(const Reply& reply) {
        if (reply.code == service_closes) return refuse(login.without_secrets(reply));
        if (state == State::greeting) return hear_hello(reply);
        if (state == State::ready) return break_off("unexpected reply: " + to_line(reply));
        if (const std::string what = transaction->hear(reply); !what.empty()) return break_off(what);
        if (!transaction->over()) return;
        needs_reset = transaction->needs_reset();
        state = State::ready;
    }

    void hear_hello(const Reply& reply) {
        if (hello == Hello::login) return hear_login(login.without_secrets(reply));
        const bool may_fall_back = hello == Hello::extended && protocol == Protocol::smtp;
        if (may_fall_back && is_permanent(reply)) return say_hello("HELO ", Hello::plain);
        if (!is_success(reply)) return refuse(reply);
        if (hello == Hello::greeting) return say_first_hello();
        if (hello == Hello::starttls) {
            state = State::securing;
            return;
        }
        if (hello == Hello::extended) features = parse_features(reply.text);
        settle();
    }

    void say_first_hello() { say_hello(protocol == Protocol::lmtp ? "LHLO " : "EHLO ", Hello::extended); }

    // What the terms demand, one after the other.
    void settle() {
        if (terms.starttls && !is_secured) return begin_tls();
        if (terms.user.empty()) {
            state = State::ready;
            return;
        }
        hello = Hello::login;
        const auto line = login.begin(features);
        if (!line) return lack_login();
        (output += *line) += "\r\n";
    }

    void lack_login() {
        refusal = Reply{550, "5.7.4", "the server offers neither AUTH PLAIN nor LOGIN"};
        break_off(refusal->text);
    }

    void begin_tls() {
        hello = Hello::starttls;
        if (!features.starttls) return break_off("the server does not offer STARTTLS");
        output += "STARTTLS\r\n";
    }

    void hear_login(const Reply& reply) {
        if (is_success(reply)) {
            state = State::ready;
            return;
        }
        const auto line = reply.code == 334 ? login.go_on() : std::nullopt;
        if (!line) return refuse(reply);
        (output += *line) += "\r\n";
    }

    void secured() {
        if (state != State::securing) return;
        is_secured = true;
        features = {};
        state = State::greeting;
        say_first_hello();
    }

    Stage stage() const {
        if (hello == Hello::starttls) return Stage::tls;
        return hello == Hello::login ? Stage::login : Stage::greeting;
    }

    void say_hello(std::string_view verb, Hello now) {
        hello = now;
        ((output += verb) += hello_name) += "\r\n";
    }

    void refuse(const Reply& reply) {
        if (state == State::greeting) refusal = reply;
        lose(reply, true, "the server said " + to_line(reply));
    }

    void break_off(std::string_view why) { lose({451, "4.5.0", std::string(why)}, false, why); }

    // Whoever waits gets the reply.
    void lose(Reply reply, bool spoken, std::string_view why) {
        if (state == State::closed) return;
        if (!spoken) reply.text = reply.text.substr(0, longest_fault);
        if (state == State::busy) transaction->lose(reply, spoken);
        state = State::closed;
        fault = why.substr(0, longest_fault);
        output.clear();
    }
};

SmtpClient::SmtpClient(Protocol protocol, std::string hello_name, SmtpTerms terms)
    : connection_(std::make_unique<Connection>(protocol, std::move(hello_name), std::move(terms))) {}
SmtpClient::~SmtpClient() = default;
SmtpClient::SmtpClient(SmtpClient&&) noexcept = default;
SmtpClient& SmtpClient::operator=(SmtpClient&&) noexcept = default;

SmtpClient::State SmtpClient::state() const { return connection_->state; }
const std::string& SmtpClient::fault() const { return connection_->fault; }
std::optional<Reply> SmtpClient::refusal() const { return connection_->refusal; }
SmtpResult::Stage SmtpClient::stage() const { return connection_->stage(); }
void SmtpClient::secured() { connection_->secured(); }
bool SmtpClient::has_dsn() const { return connection_->features.dsn; }
bool SmtpClient::has_smtputf8() const { return connection_->features.smtputf8; }
std::uint64_t SmtpClient::max_size() const { return connection_->features.max_size; }

bool SmtpClient::mail_accepted() const {
    return connection_->transaction && connection_->transaction->mail_accepted();
}

bool SmtpClient::data_said() const {
    return connection_->transaction && connection_->transaction->data_said();
}

void SmtpClient::start(const OutgoingMail& mail) { connection_->start(mail); }

void SmtpClient::quit() {
    if (state() != State::ready) return;
    connection_->lose({}, true, "said QUIT");
    connection_->output = "QUIT\r\n";
}

void SmtpClient::receive(std::string_view bytes) { connection_->receive(bytes); }

void SmtpClient::connection_lost(std::string_view why) {
    connection_->lose({451, "4.4.2", std::string(why)}, false, why);
}

std::string SmtpClient::next_output(std::size_t most) {
    std::string out = std::exchange(connection_->output, std::string());
    if (state() == State::busy) connection_->transaction->say(out, most);
    return out;
}

std::optional<std::vector<SmtpResult>> SmtpClient::take_results() {
    if (state() == State::busy || !std::exchange(connection_->has_results, false)) return std::nullopt;
    return connection_->transaction->take_results();
}

}  // namespace mailrota::wire
