#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/fold.h"
#include "core/runtime/http_client.h"
#include "core/runtime/scripted_server_fixture.h"

namespace mailrota::runtime {

// What a server got.
struct SeenRequest {
    std::string line;
    std::vector<std::string> headers;
    std::string body;

    std::string header(const std::string& name) const {
        for (const std::string& field : headers)
            if (policy::equal_folded(field.substr(0, name.size() + 1), name + ":"))
                return field.substr(name.size() + 2);
        return {};
    }
};

// One request by Content-Length; nothing if the client closed instead. `body` false: only its header is read.
inline std::optional<SeenRequest> read_request(rig::Connection& connection, bool body = true) {
    SeenRequest seen;
    const auto first = connection.read_line();
    if (!first) return {};
    seen.line = *first;
    for (auto line = connection.read_line(); line && !line->empty(); line = connection.read_line())
        seen.headers.push_back(*line);
    const std::string length = seen.header("Content-Length");
    if (!body || length.empty()) return seen;
    const auto bytes = connection.read(std::stoul(length));
    if (!bytes) return {};
    seen.body = *bytes;
    return seen;
}

inline bool answer(rig::Connection& connection, std::string_view body, std::string_view status = "200 OK",
                   std::string_view headers = "") {
    return connection.write("HTTP/1.1 " + std::string(status) +
                            "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                            std::string(headers) + "\r\n" + std::string(body));
}

// Answers each request of the connection with its own body.
inline void echo(rig::Connection& connection) {
    while (const auto seen = read_request(connection))
        if (!answer(connection, seen->body)) return;
}

struct HttpServer : ScriptedServer {
    explicit HttpServer(Serve serve, int backlog = 100)
        : ScriptedServer(std::move(serve), backlog, Over::port) {}
    std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port()) + path;
    }
    std::string secure_url() const { return "https://localhost:" + std::to_string(port()) + "/"; }
};

// A client with the loop that it runs on.
struct Asking {
    using Outcome = std::shared_ptr<std::optional<providers::HttpOutcome>>;

    Outcome begin(providers::HttpRequest request, HttpTerms terms = {}) {
        auto outcome = std::make_shared<std::optional<providers::HttpOutcome>>();
        ++under_way;
        boost::asio::co_spawn(
            context, client.send(std::move(request), std::move(terms)),
            [this, outcome](const std::exception_ptr& failure, providers::HttpOutcome result) {
                if (failure) std::rethrow_exception(failure);
                *outcome = std::move(result);
                --under_way;
            });
        return outcome;
    }
    void run() {
        context.restart();
        while (under_way > 0) context.run_one();
    }
    providers::HttpOutcome ask(providers::HttpRequest request, HttpTerms terms = {}) {
        const Outcome outcome = begin(std::move(request), std::move(terms));
        run();
        return **outcome;
    }

    boost::asio::io_context context{1};
    HttpClient client{context.get_executor(), "mailrota/test"};
    int under_way = 0;
};

inline providers::HttpRequest post(const std::string& url, const std::string& body = "{}") {
    providers::HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    return request;
}

inline providers::HttpRequest get(const std::string& url) {
    providers::HttpRequest request;
    request.url = url;
    return request;
}

// "200 body", "arrived? words", "not arrived: words".
inline std::string text(const providers::HttpOutcome& outcome) {
    if (const auto* answer = std::get_if<providers::HttpAnswer>(&outcome))
        return std::to_string(answer->status) + ' ' + answer->body;
    const auto& failure = std::get<providers::HttpFailure>(outcome);
    return (failure.may_have_arrived ? "arrived? " : "not arrived: ") + failure.words;
}

}  // namespace mailrota::runtime
