#include "web/call_pages.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/providers/base64.h"
#include "core/providers/signature.h"
#include "core/providers/twiml.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::web {
namespace {

using policy::Contact;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using State = policy::Incident::State;
using Form = std::vector<std::pair<std::string, std::string>>;

const std::string public_url = "https://mail.example.com/phone/call";
const std::string id(32, 'a');
const auto noon = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));

std::string text_of(const Response& response) {
    std::string text;
    for (const auto piece : response.body.pieces) text += piece;
    return text;
}

std::string encoded(const Form& form) {
    std::string text;
    for (const auto& [name, value] : form) {
        text += (text.empty() ? "" : "&") + name + '=';
        for (const char c : value)
            text += c == '+' ? std::string("%2B") : c == ' ' ? "%20" : std::string(1, c);
    }
    return text;
}

class CallPagesTest : public testing::Test {
  protected:
    CallPagesTest() {
        ::setenv("MAILROTA_CALL_TEST", "token", 1);
        config::TelephoneSettings account;
        account.name = "main";
        account.secret = {config::SecretSource::Kind::env, "MAILROTA_CALL_TEST", {}};
        account.auth_tokens = {account.secret};
        config_.telephones = {account};
        config_.calls.accounts = {"main"};
        config_.calls.public_url = public_url;
        pages_.replace(runtime::Telephones::open(config_).value());
        pages_.add_to(router_);
        EXPECT_TRUE(intake_.open());
        policy::Incident incident;
        incident.alert = "emergency";
        incident.say = "The disk is full.";
        incident.opened = noon;
        incident.until = noon + std::chrono::hours(12);
        incident.progress.members = {"ann"};
        write([&](auto& transaction) -> Result<void> {
            contact_.incident = transaction.open_incident(incident).value();
            return {};
        });
        contact_.id = id;
        contact_.member = "ann";
        contact_.number = "+15550101";
        contact_.state = Contact::State::begun;
        contact_.account = "main";
        contact_.made = contact_.begun = noon;
        put(contact_);
    }

    void write(const store::Work& work) { EXPECT_TRUE(intake_.store()->write({}, work)); }
    void put(const Contact& contact) {
        write([&](auto& transaction) { return transaction.put_contact(contact); });
    }
    template <class F>
    auto read(F one) {
        std::invoke_result_t<F, store::Transaction&> found;
        write([&](auto& transaction) { return (found = one(transaction)).map([](const auto&) {}); });
        return found.value().value();
    }
    Contact contact() {
        return read([](auto& transaction) { return transaction.contact(id); });
    }
    policy::Incident incident() {
        return read([&](auto& transaction) { return transaction.incident(contact_.incident); });
    }

    Response ask(const std::string& method, const std::string& path, const Form& form,
                 const std::string& token = "token") {
        const bool post = method == "POST";
        const std::string query = post || form.empty() ? "" : "?" + encoded(form);
        auto sorted = form;
        std::sort(sorted.begin(), sorted.end());
        std::string what = public_url + path + query;
        if (post)
            for (const auto& [name, value] : sorted) what += name + value;
        Request request;
        request.method = method;
        request.target = *parse_target("/call" + path + query);
        request.headers = {
            {"X-Twilio-Signature", providers::base64(providers::hmac(providers::Hash::sha1, token, what))}};
        if (post) request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        if (post) request.body = encoded(form);
        auto found = std::get<Router::Found>(router_.find(method, request.target.segments));
        request.named = found.named;
        std::optional<Response> response;
        boost::asio::co_spawn(context_, found.route->handle(std::move(request)),
                              [&](const std::exception_ptr& fault, Response answer) {
                                  EXPECT_FALSE(fault);
                                  response = std::move(answer);
                              });
        context_.restart();
        while (!response) context_.run_one();
        return *std::move(response);
    }
    Response ask(const std::string& path, const Form& form = {}) { return ask("POST", path, form); }
    std::string press(const std::string& key) { return text_of(ask('/' + id + "/digit", {{"Digits", key}})); }
    static config::StoreSettings store_in(const std::filesystem::path& folder) {
        config::StoreSettings settings;
        settings.url = "sqlite:" + (folder / "state.db").string();
        return settings;
    }

    const providers::Phrases& phrases_ = providers::phrases("en");
    config::Config config_;
    Contact contact_;
    std::chrono::sys_seconds now_ = noon;
    rig::TemporaryFolder folder_;
    runtime::LateIntake intake_{store_in(folder_.path()), [] { return noon; }};
    LateStore store_{intake_};
    runtime::Log log_{{}};
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_{
        context_.get_executor()};
    CallPages pages_{{store_, log_, [this] { return now_; }}, runtime::Telephones::open(config_).value()};
    Router router_;
};

TEST_F(CallPagesTest, TheTextIsServedToGetAndPost) {
    for (const char* method : {"GET", "POST"}) {
        const auto response = ask(method, '/' + id + "/twiml", {{"CallSid", "CA1"}});
        EXPECT_EQ(response.status, 200);
        EXPECT_THAT(response.type, HasSubstr("xml"));
        EXPECT_THAT(text_of(response), HasSubstr("The disk is full."));
        EXPECT_THAT(text_of(response), HasSubstr(public_url + '/' + id + "/digit"));
    }
}

TEST_F(CallPagesTest, WhateverIsWrongIsTheSame404AndChangesNothing) {
    const auto unsigned_ = ask("POST", '/' + id + "/digit", {{"Digits", "1"}}, "another");
    const auto unknown = ask('/' + std::string(32, 'b') + "/digit", {{"Digits", "1"}});
    const auto no_id = ask("/0815/digit", {{"Digits", "1"}});
    now_ += config_.calls.expire + std::chrono::seconds(1);
    const auto expired = ask('/' + id + "/digit", {{"Digits", "1"}});
    for (const auto* one : {&unsigned_, &unknown, &no_id, &expired}) {
        EXPECT_EQ(one->status, 404);
        EXPECT_EQ(text_of(*one), text_of(unsigned_));
    }
    EXPECT_FALSE(contact().human);
}

TEST_F(CallPagesTest, WithoutAPublicUrlNothingIsThere) {
    config_.calls.public_url.clear();
    pages_.replace(runtime::Telephones::open(config_).value());
    EXPECT_EQ(ask('/' + id + "/twiml").status, 404);
}

TEST_F(CallPagesTest, AFloodOfStrangersIsCutAndGenuineOnesAreServed) {
    int cut = 0;
    for (int i = 0; i < 250; ++i) cut += ask("GET", "/sms", {}, "another").status == 429 ? 1 : 0;
    EXPECT_EQ(cut, 50);
    EXPECT_EQ(ask('/' + id + "/twiml").status, 200);
    now_ += std::chrono::seconds(1);
    EXPECT_EQ(ask("GET", "/sms", {}, "another").status, 404);
}

TEST_F(CallPagesTest, AKeyTakesItOnOnceHoweverOftenItIsTold) {
    EXPECT_THAT(press("1"), HasSubstr(phrases_.acknowledged));
    const auto taken = incident();
    EXPECT_EQ(taken.state, State::acknowledged);
    EXPECT_EQ(taken.by, "ann");
    EXPECT_TRUE(contact().human);
    EXPECT_THAT(press("1"), HasSubstr(phrases_.acknowledged));
    EXPECT_EQ(incident(), taken);
}

TEST_F(CallPagesTest, TwoPassesOnAndSaysSoEachTime) {
    for (int i = 0; i < 2; ++i) EXPECT_THAT(press("2"), HasSubstr(phrases_.passed_on));
    EXPECT_EQ(incident().state, State::open);
    EXPECT_THAT(incident().progress.away, SizeIs(1));
}

TEST_F(CallPagesTest, ThreeResolves) {
    EXPECT_THAT(press("3"), HasSubstr(phrases_.resolved));
    EXPECT_EQ(incident().state, State::resolved);
    EXPECT_THAT(text_of(ask('/' + id + "/twiml")), HasSubstr(phrases_.over));
}

TEST_F(CallPagesTest, NineAndOtherKeysReadTheTextAgain) {
    EXPECT_THAT(press("9"), HasSubstr("The disk is full."));
    for (const char* key : {"7", "", "11"}) {
        const auto said = press(key);
        EXPECT_THAT(said, HasSubstr(phrases_.unknown_key)) << key;
        EXPECT_THAT(said, HasSubstr("The disk is full.")) << key;
    }
    EXPECT_EQ(incident().state, State::open);
}

TEST_F(CallPagesTest, AStatusBeforeTheAnswerToTheRequestPlacesTheCallAndALateOneChangesNothing) {
    const auto tell = [&](const char* status, const char* sequence) {
        EXPECT_EQ(ask('/' + id + "/status",
                      {{"CallSid", "CA1"}, {"CallStatus", status}, {"SequenceNumber", sequence}})
                      .status,
                  204);
    };
    tell("ringing", "1");
    EXPECT_EQ(contact().state, Contact::State::placed);
    EXPECT_EQ(contact().provider_id, "CA1");
    tell("no-answer", "3");
    tell("in-progress", "2");
    EXPECT_EQ(contact().state, Contact::State::unreached);
}

TEST_F(CallPagesTest, AnSmsThatComesInIsObeyedOnceAndAnswered) {
    const auto number = std::to_string(contact_.incident);
    const auto come = [&](const std::string& message, const std::string& body, const std::string& from) {
        return text_of(ask("/sms", {{"AccountSid", "AC1"},
                                    {"MessageSid", message},
                                    {"From", from},
                                    {"To", "+15550000"},
                                    {"Body", body}}));
    };
    EXPECT_THAT(come("SM1", "1 " + number, "+15559999"), Not(HasSubstr("<Message>")));
    EXPECT_EQ(incident().state, State::open);
    EXPECT_THAT(come("SM2", "1 " + number, "+15550101"), HasSubstr(phrases_.acknowledged));
    EXPECT_EQ(incident().state, State::acknowledged);
    EXPECT_THAT(come("SM2", "1 " + number, "+15550101"), Not(HasSubstr("<Message>")));
}

}  // namespace
}  // namespace mailrota::web
