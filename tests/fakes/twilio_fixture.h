#pragma once

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/fakes/faults.h"
#include "tests/fakes/twilio.h"
#include "tests/fakes/twilio_signature.h"

namespace mailrota::fakes {

inline constexpr auto somebody = "+15555550101";
inline constexpr auto ourselves = "+15555550100";

/// Twilio without sockets, its time run as fast as the machine can. `pages` is the web that it sees.
class TwilioTest : public testing::Test {
  protected:
    TwilioTest() {
        exchange().account().speed = 1e8;
        exchange().account().calls_a_second = 0;
    }

    PhoneExchange& exchange() { return twilio_.exchange(); }
    std::string path(const std::string& rest) {
        return "/2010-04-01/Accounts/" + exchange().account().sid + "/" + rest;
    }

    Reply request(const std::string& method, const std::string& rest, const Fields& fields,
                  const std::string& user = "") {
        const auto& account = exchange().account();
        Request made;
        made.method = method;
        made.path = made.target = path(rest);
        const auto login = user.empty() ? account.sid + ":" + account.auth_token : user;
        made.headers = {{"Authorization", "Basic " + to_base64(login)},
                        {"Content-Type", "application/x-www-form-urlencoded"}};
        (method == "POST" ? made.body : made.target) = urlencoded(fields);
        if (method == "GET") made.query = fields;
        return twilio_.answer(made);
    }
    static boost::json::object body_of(const Reply& reply) { return parse_json(reply.body)->as_object(); }
    static int code_of(const Reply& reply) {
        const auto body = body_of(reply);
        return body.contains("code") ? body.at("code").to_number<int>() : 0;
    }

    /// A call to somebody with a page of ours, and what else is asked for.
    Fields call_form(const Fields& more = {}) const {
        Fields fields = {{"To", somebody}, {"From", ourselves}, {"Url", "https://mail.example.com/twiml"}};
        fields.insert(fields.end(), more.begin(), more.end());
        return fields;
    }
    CallPointer call(const Fields& form) {
        const auto reply = request("POST", "Calls.json", form);
        EXPECT_EQ(reply.status, 201) << reply.body;
        return exchange().find_call(text_at(body_of(reply), "sid"));
    }
    /// Every state told to https://mail.example.com/status.
    static Fields told() {
        return {{"StatusCallback", "https://mail.example.com/status"},
                {"StatusCallbackEvent", "initiated"},
                {"StatusCallbackEvent", "ringing"},
                {"StatusCallbackEvent", "answered"},
                {"StatusCallbackEvent", "completed"}};
    }
    void script(const CallScript& one) { exchange().account().scripts[""].calls = {one}; }

    void page(const std::string& address, const std::string& document, int status = 200,
              const std::string& type = "text/xml") {
        pages_["https://mail.example.com" + address] = {status, document, {{"Content-Type", type}}};
    }

    /// Goes on until nothing is left to do.
    void run() {
        service_.restart();
        service_.run();
    }
    void run_until(const std::function<bool()>& done) {
        service_.restart();
        while (!done() && service_.run_one_for(std::chrono::seconds(20)) > 0) continue;
        ASSERT_TRUE(done());
    }

    /// A parameter of each request to this address, in order.
    std::vector<std::string> sent(const std::string& address, std::string_view parameter) const {
        std::vector<std::string> values;
        for (const auto& one : requests_)
            if (one.url == "https://mail.example.com" + address)
                values.push_back(find_field(parse_urlencoded(one.body), parameter).value_or("none"));
        return values;
    }
    std::vector<int> notices() {
        std::vector<int> codes;
        for (const auto& notice : exchange().notices()) codes.push_back(notice.code);
        return codes;
    }
    static std::vector<std::string> words_of(const PhoneCall& call) {
        std::vector<std::string> all;
        for (const auto& words : call.spoken) all.push_back(words.text);
        return all;
    }

  private:
    boost::asio::awaitable<Incoming> answer(Outgoing outgoing) {
        requests_.push_back(outgoing);
        const auto found = pages_.find(outgoing.url);
        Incoming nothing{204, "", {}};
        co_return found == pages_.end() ? nothing : found->second;
    }

    boost::asio::io_context service_;

  protected:
    Faults faults_;
    std::vector<Outgoing> requests_;  ///< that Twilio made

  private:
    std::map<std::string, Incoming> pages_;

  protected:
    Twilio twilio_{"twilio", service_.get_executor(), faults_,
                   [this](Outgoing outgoing, int) { return answer(std::move(outgoing)); }};
};

}  // namespace mailrota::fakes
