#include "milter/session.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>

#include "core/runtime/intake_fixture.h"

namespace mailrota::milter {
namespace {

using runtime::fixture::FailingStore;
using Names = std::vector<std::string>;

constexpr const char* orders = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";
constexpr const char* refusing = R"(
[[rule]]
name = "gone"
when.rcpt = "gone@example.com"
then = [{ reject = { text = "Gone" } }]
)";

class MapMacros : public Macros {
  public:
    MapMacros(std::initializer_list<std::pair<const std::string, std::string>> values) : values_(values) {}
    std::string_view get(const char* name) const override {
        const auto found = values_.find(name);
        return found == values_.end() ? std::string_view() : found->second;
    }

  private:
    std::map<std::string, std::string> values_;
};
const MapMacros none{};
const MapMacros smtp{{"i", "4XyZ"}, {"{rcpt_mailer}", "smtp"}};

Offer full_offer() {
    Offer offer{{true, true, true, true, true, true}, {}, {}, true, true};
    for (int i = 0; i < step_count; ++i) {
        offer.can_leave_out.add(static_cast<Step>(i));
        offer.can_go_unanswered.add(static_cast<Step>(i));
    }
    return offer;
}

Names added(const Ending& ending) {
    Names result;
    for (const auto& edit : ending.edits)
        if (const auto* add = std::get_if<AddRecipient>(&edit)) result.push_back(add->address);
    return result;
}
Names deleted(const Ending& ending) {
    Names result;
    for (const auto& edit : ending.edits)
        if (const auto* remove = std::get_if<DeleteRecipient>(&edit)) result.push_back(remove->raw);
    return result;
}

class SessionTest : public testing::Test {
  protected:
    SessionTest() {
        static int count = 0;
        folder_ = std::filesystem::temp_directory_path() /
                  ("mailrota-session-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
        std::filesystem::create_directories(folder_);
        settings_.target = config::LogSettings::Target::file;
        settings_.file = folder_ / "log";
        settings_.level = config::LogSettings::Level::debug;
    }
    ~SessionTest() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& text) { std::ofstream(folder_ / "mailrota.toml", std::ios::trunc) << text; }
    Session& open(const std::string& config, const Offer& offer = full_offer()) {
        write(config);
        auto policies = runtime::PolicySource::open(folder_ / "mailrota.toml");
        if (!policies) throw std::runtime_error(policies.error().text);
        session_.reset();
        policies_ = *std::move(policies);
        session_ = another();
        session_->negotiate(offer);
        return *session_;
    }
    std::unique_ptr<Session> another() {
        if (!log_) log_ = std::make_unique<runtime::Log>(settings_);
        return std::make_unique<Session>(Services{*policies_,
                                                  [this]() -> runtime::Intake& { return intake_; }, *log_,
                                                  metrics_, runtime::system_clock()});
    }
    // A mail of one message id through the whole dialogue.
    Ending send(Session& session, const Names& recipients, const std::string& id,
                const Macros& macros = smtp) {
        session.mail({"<customer@example.net>"}, macros);
        for (const auto& recipient : recipients) session.rcpt({recipient}, macros);
        session.header("Message-ID", "<" + id + "@example.net>");
        session.header("From", "customer@example.net");
        return session.end_of_message(macros);
    }
    std::string log() const {
        std::ifstream file(settings_.file);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    bool logged(const std::string& text) const { return log().find(text) != std::string::npos; }

    std::filesystem::path folder_;
    config::LogSettings settings_;
    std::unique_ptr<store::Store> memory_ = std::move(store::open_store("memory:").value());
    FailingStore store_{*memory_};
    runtime::Intake intake_{store_, runtime::fixture::secret, runtime::system_clock()};
    runtime::Metrics metrics_;
    std::unique_ptr<runtime::Log> log_;
    std::unique_ptr<runtime::PolicySource> policies_;
    std::unique_ptr<Session> session_;
};

TEST_F(SessionTest, TurnsGoRoundAndEditsCarryTheReceivedBytes) {
    auto& session = open(orders);
    const Names forms = {"<Orders@EXAMPLE.com>", "orders@example.com", "<\"orders\"@example.com>"};
    const Names turns = {"<ann@example.com>", "<ben@example.com>", "<cho@example.com>"};
    for (std::size_t i = 0; i < forms.size(); ++i) {
        const auto ending = send(session, {forms[i], "<other@example.com>"}, std::to_string(i));
        EXPECT_EQ(ending.verdict, Ending::Verdict::accept);
        EXPECT_EQ(added(ending), Names{turns[i]});
        EXPECT_EQ(deleted(ending), Names{forms[i]});
    }
}

TEST_F(SessionTest, OneMailOfferedAgainKeepsItsTurn) {
    auto& session = open(orders);
    EXPECT_EQ(added(send(session, {"<orders@example.com>"}, "1")), Names{"<ann@example.com>"});
    EXPECT_EQ(added(send(session, {"<orders@example.com>"}, "1")), Names{"<ann@example.com>"});
    EXPECT_EQ(added(send(session, {"<orders@example.com>"}, "2")), Names{"<ben@example.com>"});
    EXPECT_TRUE(logged("replayed=yes"));
}

TEST_F(SessionTest, MailsWithoutMessageIdAreEachNew) {
    auto& session = open(orders);
    for (const char* expected : {"<ann@example.com>", "<ben@example.com>"}) {
        session.mail({"<x@example.net>"}, smtp);
        session.rcpt({"<orders@example.com>"}, smtp);
        EXPECT_EQ(added(session.end_of_message(smtp)), Names{expected});
    }
}

TEST_F(SessionTest, EveryMailAndRecipientHasItsLine) {
    auto& session = open(orders);
    send(session, {"<orders@example.com>", "<other@example.com>"}, "1");
    EXPECT_TRUE(logged("mail queue_id=4XyZ session=" + session.id() +
                       " message_id=<1@example.net> sender=customer@example.net"));
    EXPECT_TRUE(logged("rcpt=orders@example.com fate=redirect to=ann@example.com rota=orders"));
    EXPECT_TRUE(logged("rcpt=other@example.com fate=keep"));
}

// M6
TEST_F(SessionTest, NullSenderInBothForms) {
    auto& session = open(orders);
    for (const Names& sender : {Names{"<>"}, Names{""}, Names{}}) {
        session.mail(sender, smtp);
        session.rcpt({"<orders@example.com>"}, smtp);
        EXPECT_EQ(added(session.end_of_message(smtp)).size(), 1U);
    }
    EXPECT_TRUE(logged("sender=<>"));
}

// M14
TEST_F(SessionTest, NothingLeaksFromOneMailToTheNext) {
    auto& session = open(orders);
    const std::vector<std::function<void()>> breaking = {
        [&] { session.mail({"<left@example.net>"}, smtp); },
        [&] { session.rcpt({"<orders@example.com>"}, smtp); },
        [&] { session.header("Message-ID", "<1@example.net>"); }, [&] { session.body("text"); }};
    for (std::size_t steps = 0; steps <= breaking.size(); ++steps) {
        for (std::size_t i = 0; i < steps; ++i) breaking[i]();
        session.abort();
        session.abort();
        const auto ending = send(session, {"<other@example.com>"}, "other");
        EXPECT_EQ(ending.verdict, Ending::Verdict::accept);
        EXPECT_TRUE(ending.edits.empty());
    }
    EXPECT_EQ(store_.writes, 0);
}

TEST_F(SessionTest, MailWithinAMailEndsTheOneBefore) {
    auto& session = open(orders);
    session.mail({"<x@example.net>"}, smtp);
    session.rcpt({"<orders@example.com>"}, smtp);
    EXPECT_TRUE(send(session, {"<other@example.com>"}, "1").edits.empty());
    EXPECT_TRUE(logged("outcome=aborted"));
}

TEST_F(SessionTest, OutOfOrderIsDeferredAndTheNextMailIsFine) {
    auto& session = open(orders);
    EXPECT_TRUE(std::holds_alternative<TempFail>(session.rcpt({"<orders@example.com>"}, smtp)));
    const auto ending = session.end_of_message(smtp);
    ASSERT_EQ(ending.verdict, Ending::Verdict::reply);
    EXPECT_EQ(ending.reply->code, 451);

    session.mail({"<x@example.net>"}, smtp);
    session.header("Subject", "x");
    session.rcpt({"<orders@example.com>"}, smtp);
    EXPECT_EQ(session.end_of_message(smtp).verdict, Ending::Verdict::reply);
    EXPECT_EQ(added(send(session, {"<orders@example.com>"}, "1")).size(), 1U);
}

TEST_F(SessionTest, RecipientIsRefusedAtRcptAndIsNoneOfTheMails) {
    auto& session = open(std::string(orders) + refusing);
    session.mail({"<x@example.net>"}, smtp);
    const auto answer = session.rcpt({"<gone@example.com>"}, smtp);
    ASSERT_TRUE(std::holds_alternative<policy::Reply>(answer));
    EXPECT_EQ(std::get<policy::Reply>(answer).code, 550);
    EXPECT_TRUE(std::holds_alternative<Continue>(session.rcpt({"<orders@example.com>"}, smtp)));
    const auto ending = session.end_of_message(smtp);
    EXPECT_EQ(ending.verdict, Ending::Verdict::accept);
    EXPECT_EQ(deleted(ending), Names{"<orders@example.com>"});
}

// M13
TEST_F(SessionTest, LocalMailIsNeverAnsweredAtRcpt) {
    auto& session = open(std::string(orders) + refusing);
    const MapMacros local{{"i", "4XyZ"}, {"{client_addr}", "127.0.0.1"}};
    session.mail({"root@example.com"}, local);
    EXPECT_TRUE(std::holds_alternative<Continue>(session.rcpt({"orders@example.com"}, local)));
    EXPECT_TRUE(std::holds_alternative<Continue>(session.rcpt({"gone@example.com"}, local)));
    const auto ending = session.end_of_message(local);
    ASSERT_EQ(ending.verdict, Ending::Verdict::reply);
    EXPECT_EQ(ending.reply->code, 550);
    EXPECT_EQ(store_.writes, 0);
}

TEST_F(SessionTest, BareAddressOverSmtpIsNotLocal) {
    auto& session = open(std::string(orders) + refusing);
    session.mail({"x@example.net"}, smtp);
    EXPECT_TRUE(std::holds_alternative<policy::Reply>(session.rcpt({"gone@example.com"}, smtp)));
}

TEST_F(SessionTest, StoreThatFailsDefers) {
    auto& session = open(orders);
    for (const auto fault :
         {FailingStore::Fault::at_once, FailingStore::Fault::after_the_work, FailingStore::Fault::throws}) {
        store_.fault = fault;
        const auto ending = send(session, {"<orders@example.com>", "<other@example.com>"}, "1");
        ASSERT_EQ(ending.verdict, Ending::Verdict::reply);
        EXPECT_EQ(ending.reply->code, 451);
        EXPECT_EQ(send(session, {"<other@example.com>"}, "2").verdict, Ending::Verdict::accept);
    }
    EXPECT_TRUE(logged("store-failed"));
    store_.fault = FailingStore::Fault::none;
    EXPECT_EQ(added(send(session, {"<orders@example.com>"}, "1")), Names{"<ann@example.com>"});
}

TEST_F(SessionTest, SessionKeepsThePolicyThatItNegotiatedWith) {
    auto& session = open(orders);
    write("[rota.orders]\naddresses = [\"orders@example.com\"]\nmembers = [\"zoe@example.com\"]\n");
    const auto before = policies_->current();
    ASSERT_TRUE(policies_->reload().succeeded);
    EXPECT_EQ(added(send(session, {"<orders@example.com>"}, "1")), Names{"<ann@example.com>"});
    const auto fresh = another();
    fresh->negotiate(full_offer());
    EXPECT_EQ(before->sessions->load(), 1);
    EXPECT_EQ(policies_->current()->sessions->load(), 1);
    EXPECT_EQ(added(send(*fresh, {"<orders@example.com>"}, "2")), Names{"<zoe@example.com>"});
}

TEST_F(SessionTest, PolicyWithoutContentAcceptsAtMail) {
    auto& session = open("");
    EXPECT_TRUE(std::holds_alternative<AcceptMail>(session.mail({"<x@example.net>"}, smtp)));
    EXPECT_EQ(session.end_of_message(smtp).verdict, Ending::Verdict::accept);
}

TEST_F(SessionTest, MtaWithoutTheRightsHasItsMailDeferred) {
    auto offer = full_offer();
    offer.rights.delete_recipient = false;
    auto& session = open(orders, offer);
    const auto answer = session.mail({"<x@example.net>"}, smtp);
    ASSERT_TRUE(std::holds_alternative<policy::Reply>(answer));
    EXPECT_EQ(std::get<policy::Reply>(answer).code, 451);
    EXPECT_EQ(session.end_of_message(smtp).verdict, Ending::Verdict::reply);
    EXPECT_TRUE(logged("delete recipient"));
}

TEST_F(SessionTest, BodyIsCollectedOnlyWhereARuleReadsIt) {
    EXPECT_TRUE(std::holds_alternative<SkipRest>(open(orders).body("x")));
    auto& session = open("[[rule]]\nname = \"secret\"\nwhen.body = \"/sec+ret/\"\nthen = [\"discard\"]\n");
    session.mail({"<x@example.net>"}, smtp);
    session.rcpt({"<a@example.com>"}, smtp);
    session.header("Subject", "x");
    EXPECT_TRUE(std::holds_alternative<Continue>(session.body("the sec")));
    EXPECT_TRUE(std::holds_alternative<Continue>(session.body("ret word\r\n")));
    EXPECT_EQ(session.end_of_message(smtp).verdict, Ending::Verdict::discard);
}

TEST_F(SessionTest, TenThousandHeadersWorkAndTooManyAreRefused) {
    auto& session = open(orders);
    const auto with_headers = [&](int count, const std::string& value) {
        session.mail({"<x@example.net>"}, smtp);
        session.rcpt({"<orders@example.com>"}, smtp);
        for (int i = 0; i < count; ++i) session.header("X-Many", value);
        return session.end_of_message(smtp);
    };
    EXPECT_EQ(added(with_headers(10'000, std::string(100, 'x'))).size(), 1U);
    const auto huge = with_headers(100, std::string(60'000, 'x'));
    ASSERT_EQ(huge.verdict, Ending::Verdict::reply);
    EXPECT_EQ(huge.reply->code, 552);
    const auto many = with_headers(100'000, "");
    ASSERT_EQ(many.verdict, Ending::Verdict::reply) << "empty fields take memory, too";
    EXPECT_EQ(many.reply->code, 552);
    EXPECT_EQ(added(with_headers(1, "x")).size(), 1U);
}

TEST_F(SessionTest, TooManyRecipientsAreDeferred) {
    auto& session = open(orders);
    session.mail({"<x@example.net>"}, smtp);
    for (int i = 0; i < 10'001; ++i) session.rcpt({"<r" + std::to_string(i) + "@example.com>"}, smtp);
    const auto ending = session.end_of_message(smtp);
    ASSERT_EQ(ending.verdict, Ending::Verdict::reply);
    EXPECT_EQ(ending.reply->code, 452);
}

TEST_F(SessionTest, ClientOfTheConnectionAndOfTheMacros) {
    const auto by_client = "[[rule]]\nname = \"c\"\nwhen.client = \"192.0.2.0/24\"\nthen = [\"discard\"]\n";
    auto& session = open(by_client);
    session.connect("client.example.net", "192.0.2.7", none);
    EXPECT_EQ(send(session, {"<a@example.com>"}, "1").verdict, Ending::Verdict::discard);
    session.connect("other.example.net", "198.51.100.1", none);
    EXPECT_EQ(send(session, {"<a@example.com>"}, "2").verdict, Ending::Verdict::accept);
    const MapMacros other{{"{client_addr}", "192.0.2.9"}, {"{rcpt_mailer}", "smtp"}};
    EXPECT_EQ(send(session, {"<a@example.com>"}, "3", other).verdict, Ending::Verdict::discard);
}

TEST_F(SessionTest, FailedEditsAreTold) {
    auto& session = open(orders);
    send(session, {"<orders@example.com>"}, "1");
    session.edits_failed("add recipient <ann@example.com>");
    EXPECT_TRUE(logged("error edit-failed queue_id=4XyZ"));
    EXPECT_NE(metrics_.expose().find("cause=\"edit\""), std::string::npos);
}

}  // namespace
}  // namespace mailrota::milter
