#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/providers/base64.h"
#include "core/providers/signature.h"
#include "core/providers/twiml.h"
#include "tests/rig/temporary_folder.h"
#include "web/call_pages.h"

// Pages of one call to Ann, by signed requests. Only for tests.
namespace mailrota::web::fixture {

using policy::Contact;
using State = policy::Incident::State;
using Form = std::vector<std::pair<std::string, std::string>>;

inline const std::string public_url = "https://mail.example.com/phone/call";
inline const std::string id(32, 'a');
inline const auto noon = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));

inline std::string text_of(const Response& response) {
    std::string text;
    for (const auto piece : response.body.pieces) text += piece;
    return text;
}

inline std::string encoded(const Form& form) {
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
    // Of whom Ben has a name.
    static std::shared_ptr<const policy::Policy> two_people() {
        policy::Rota rota;
        rota.members.resize(2);
        rota.members[0].id = "ann";
        rota.members[1].id = "ben";
        rota.members[1].name = "Ben & Co";
        return std::make_shared<const policy::Policy>(std::vector<policy::Rule>{}, std::vector{rota});
    }
    void taken_on_by_ben() {
        auto taken = incident();
        taken.state = State::acknowledged;
        taken.by = "ben";
        write([&](auto& transaction) { return transaction.put_incident(taken); });
    }
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
    CallPages pages_{{store_, log_, [this] { return now_; }, [] { return two_people(); }},
                     runtime::Telephones::open(config_).value()};
    Router router_;
};

}  // namespace mailrota::web::fixture
