#include "tests/rig/http_client.h"

#include <algorithm>
#include <cctype>

namespace mailrota::rig {

namespace {

std::string small_letters(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
    const auto found = std::ranges::find(headers, name, [](const auto& field) { return field.first; });
    return found == headers.end() ? std::string_view() : found->second;
}

HttpClient::HttpClient(std::string address, Headers always)
    : address_(std::move(address)), always_(std::move(always)) {}

Connection& HttpClient::connection() {
    if (!connection_) connection_ = Connection::to(address_);
    return *connection_;
}

std::string HttpClient::head(std::string_view method, std::string_view target, std::size_t body_size,
                             const Headers& headers) const {
    std::string head = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
    for (const auto* fields : {&always_, &headers})
        for (const auto& [name, value] : *fields) head += name + ": " + value + "\r\n";
    if (body_size > 0) head += "Content-Length: " + std::to_string(body_size) + "\r\n";
    return head + "\r\n";
}

HttpAnswer HttpClient::request(std::string_view method, std::string_view target, std::string_view body,
                               const Headers& headers) {
    const auto text = head(method, target, body.size(), headers) + std::string(body);
    const bool kept = connection_.has_value();
    connection().write(text);
    auto answer = read_http_answer(*connection_, method == "HEAD");
    if (answer.status == 0 && kept) {  // closed between two requests
        close();
        connection().write(text);
        answer = read_http_answer(*connection_, method == "HEAD");
    }
    if (answer.status == 0 || answer.header("connection") == "close") close();
    return answer;
}

HttpAnswer read_http_answer(Connection& connection, bool to_head) {
    HttpAnswer answer;
    auto line = connection.read_line();
    if (!line || !line->starts_with("HTTP/1.1 ")) return answer;
    const int status = std::stoi(line->substr(9, 3));
    std::size_t size = 0;
    while ((line = connection.read_line()) && !line->empty()) {
        const auto colon = line->find(": ");
        answer.headers.emplace_back(small_letters(line->substr(0, colon)), line->substr(colon + 2));
        if (answer.headers.back().first == "content-length") size = std::stoull(answer.headers.back().second);
    }
    if (!line) return {};
    auto body = to_head ? std::optional<std::string>("") : connection.read(size);
    if (!body) return {};
    answer.body = *std::move(body);
    answer.status = status;
    return answer;
}

}  // namespace mailrota::rig
