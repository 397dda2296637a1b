#include "tests/rig/smtp_client.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace mailrota::rig {

namespace {

std::string path_argument(std::string_view given) {
    return given.starts_with('<') ? std::string(given) : '<' + std::string(given) + '>';
}

}  // namespace

bool SmtpTransaction::accepted() const {
    return !results.empty() &&
           std::all_of(results.begin(), results.end(), [](const auto& r) { return r.positive(); });
}

SmtpClient::SmtpClient(Connection connection, Protocol protocol)
    : connection_(std::move(connection)), protocol_(protocol), greeting_(read_reply()) {}

SmtpClient SmtpClient::to_port(int port) {
    SmtpClient client(Connection::to_port(port));
    client.hello();
    return client;
}

SmtpReply SmtpClient::hello(std::string_view name) {
    return command((protocol_ == Protocol::lmtp ? "LHLO " : "EHLO ") + std::string(name));
}

SmtpReply SmtpClient::command(std::string_view line) {
    connection_.write(std::string(line) + "\r\n");
    return read_reply();
}

SmtpReply SmtpClient::read_reply() {
    SmtpReply reply;
    bool first = true;
    for (bool more = true; more;) {
        const auto line = connection_.read_line();
        if (!line) return {0, "the server closed the connection"};
        more = line->size() > 3 && (*line)[3] == '-';
        reply.code = std::atoi(line->c_str());
        if (!std::exchange(first, false)) reply.text += '\n';
        reply.text += line->substr(std::min<std::size_t>(4, line->size()));
    }
    return reply;
}

SmtpTransaction SmtpClient::send_mail(std::string_view from, const std::vector<std::string>& rcpts,
                                      std::string_view data) {
    SmtpTransaction result;
    result.mail = command("MAIL FROM:" + path_argument(from));
    if (result.mail.positive())
        for (const auto& rcpt : rcpts) result.rcpts.push_back(command("RCPT TO:" + path_argument(rcpt)));
    const auto accepted = std::count_if(result.rcpts.begin(), result.rcpts.end(),
                                        [](const SmtpReply& reply) { return reply.positive(); });
    if (accepted > 0) result.data = command("DATA");
    if (result.data.code != 354) {
        command("RSET");
        return result;
    }
    connection_.write(dot_stuffed(data));
    const auto replies = protocol_ == Protocol::lmtp ? accepted : 1;
    for (auto count = replies; count > 0; --count) result.results.push_back(read_reply());
    return result;
}

std::string dot_stuffed(std::string_view data) {
    std::string result;
    result.reserve(data.size() + data.size() / 16 + 5);
    char before = '\n';
    for (const char byte : data) {
        if (byte == '.' && before == '\n') result += '.';
        if (byte == '\n' && before != '\r') result += '\r';
        result += byte;
        before = byte;
    }
    if (before != '\n') result += "\r\n";
    return result + ".\r\n";
}

}  // namespace mailrota::rig
