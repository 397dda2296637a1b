#pragma once

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/providers/dialect.h"

// What the tests of the dialects that send raw mail have in common.
namespace mailrota::providers {

using AnswerKind = RecipientAnswer::Kind;

inline const std::string our_id = "0123456789abcdef0123456789abcdef";
inline const std::string plain_mail =
    "From: A <a@example.com>\r\nTo: b@example.net\r\nSubject: s\r\nMessage-ID: <1@example.com>\r\n"
    "DKIM-Signature: v=1; b=x\r\nMIME-Version: 1.0\r\n\r\nbody =20 \"quoted\" \\ \r\n";

inline Outgoing raw_outgoing(std::string bytes = plain_mail,
                             std::vector<std::string> recipients = {"b@example.net"}) {
    return {mail::Message::from_bytes(std::move(bytes)), "bounce@example.com", std::move(recipients), our_id,
            false};
}

inline config::ProviderSettings raw_settings(config::ProviderSettings::Kind kind) {
    config::ProviderSettings settings;
    settings.kind = kind;
    settings.base_url = "https://api.example.com";
    settings.domain = "mg.example.com";
    settings.region = "eu-west-1";
    return settings;
}

inline HttpAnswer http_answer(int status, std::string body,
                              std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {status, std::move(headers), std::move(body)};
}

// One line of a table of errors.
struct ErrorCase {
    int status;
    std::string body;
    AnswerKind kind;
    std::vector<std::pair<std::string, std::string>> headers{};
};

// That every recipient gets the outcome which the table names, with words.
inline void expect_errors(const Dialect& dialect, const Outgoing& mail, const std::vector<ErrorCase>& table) {
    for (const ErrorCase& one : table) {
        const Answer answer = dialect.read_send(mail, http_answer(one.status, one.body, one.headers));
        ASSERT_EQ(answer.recipients.size(), mail.recipients.size());
        for (const RecipientAnswer& told : answer.recipients) {
            EXPECT_EQ(static_cast<int>(told.kind), static_cast<int>(one.kind))
                << one.status << " " << one.body;
            EXPECT_NE(told.words, "") << one.status << " " << one.body;
        }
    }
}

// What no provider means as a success, whatever the status.
inline std::vector<ErrorCase> garbage() {
    std::vector<ErrorCase> table;
    for (const std::string body :
         {"", "{}", "[]", "null", "<html>ok</html>", "{\"id\":", "{\"results\":7,\"id\":[]}"})
        for (const int status : {200, 202, 500, 502, 504, 408})
            if (!(status == 200 && body == "[]")) table.push_back({status, body, AnswerKind::uncertain});
    table.push_back({200, std::string(3'000'000, '['), AnswerKind::uncertain});
    for (const int status : {401, 403, 404, 405, 415})
        table.push_back({status, "<html>no</html>", AnswerKind::configuration});
    table.push_back({429, "slow down", AnswerKind::temporary});
    table.push_back({413, "<html>too large</html>", AnswerKind::bad_message_here});
    table.push_back({400, "<html>a proxy</html>", AnswerKind::bad_message_here});
    return table;
}

inline boost::json::value sent_json(const HttpRequest& request) {
    return boost::json::parse(std::get<std::string>(request.body));
}

inline std::string header_of(const HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

}  // namespace mailrota::providers
