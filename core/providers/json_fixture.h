#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/providers/dialect.h"

// Mail and answers for the tests of dialects that speak JSON.
namespace mailrota::providers {

inline constexpr const char* sample_id = "0123456789abcdef0123456789abcdef";

inline Outgoing outgoing(const std::string& bytes, std::vector<std::string> recipients) {
    Outgoing mail;
    mail.message = mail::Message::from_bytes(relayed_bytes(mail::Message::from_bytes(bytes)));
    mail.sender = "sender@example.com";
    mail.recipients = std::move(recipients);
    mail.id = sample_id;
    return mail;
}

// Every piece that a mail can have: names, charsets, an inline image, files, fields of its own.
inline Outgoing full_mail() {
    return outgoing(
        "Received: from a.example.com\r\nFrom: =?utf-8?Q?J=C3=BCrgen?= <ann@example.com>\r\n"
        "To: \"Last, First\" <Bob@example.net>, Nobody <nobody@example.net>\r\nCc: Eve <eve@example.net>\r\n"
        "Reply-To: reply@example.com\r\nSubject: =?iso-8859-1?Q?=E9t=E9?=\r\nMessage-ID: <1@example.com>\r\n"
        "X-Tag: one\r\nX-Tag: two\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        "--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain;"
        " charset=iso-8859-1\r\n\r\n\xE9t\xE9\r\n--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n"
        "--c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<img src=\"cid:i@x\">\r\n--c\r\n"
        "Content-Type: image/png; name=i.png\r\nContent-ID: <i@x>\r\nContent-Disposition: inline\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--c--\r\n--b--\r\n--a\r\n"
        "Content-Type: text/csv; charset=utf-8\r\nContent-Disposition: attachment;"
        " filename*=utf-8''%E2%82%AC.csv\r\n\r\n1,2\r\n--a--\r\n",
        {"bob@example.net", "EVE@example.net", "blind@example.net"});
}

inline std::string plain_bytes() {
    return "From: ann@example.com\r\nTo: bob@example.net\r\nSubject: s\r\n\r\nx";
}

inline boost::json::value body_of(const Result<HttpRequest>& request) {
    if (!request) return request.error().text.c_str();
    const auto* text = std::get_if<std::string>(&request->body);
    return text == nullptr ? boost::json::value() : boost::json::parse(*text);
}

inline std::string header_of(const HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

inline std::vector<RecipientAnswer::Kind> kinds(const Answer& answer) {
    std::vector<RecipientAnswer::Kind> out;
    for (const RecipientAnswer& each : answer.recipients) out.push_back(each.kind);
    return out;
}

// An answer and what it means for all recipients.
struct AnswerCase {
    int status = 0;
    std::string body;
    RecipientAnswer::Kind kind{};
    bool of_domain = false;
};

inline void expect_answers(const Dialect& dialect, const Outgoing& mail,
                           const std::vector<AnswerCase>& table) {
    for (const AnswerCase& each : table) {
        const Answer answer = dialect.read_send(mail, {each.status, {}, each.body});
        ASSERT_EQ(answer.recipients.size(), mail.recipients.size());
        for (const RecipientAnswer& one : answer.recipients)
            EXPECT_EQ(one.kind, each.kind) << each.status << each.body;
        EXPECT_EQ(answer.of_domain, each.of_domain) << each.body;
    }
}

}  // namespace mailrota::providers
