#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/config/endpoint.h"

// A mail server of a few lines that answers as it is told. Only for tests.
namespace mailrota::runtime::fixture {

// Listens on a port of the kernel's choice from construction on; serves on the given loop, which it outlives.
class Peer {
  public:
    struct Mail {
        std::string sender;                   // argument of MAIL
        std::vector<std::string> recipients;  // arguments of RCPT that were accepted
        std::string content;                  // as sent, dots stuffed
    };

    Peer(boost::asio::io_context& context, config::Endpoint::Protocol protocol)
        : protocol_(protocol), acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}) {
        endpoint_ = {protocol, "127.0.0.1", acceptor_.local_endpoint().port(), ""};
        boost::asio::co_spawn(context, accept(*this), boost::asio::detached);
    }

    const config::Endpoint& endpoint() const { return endpoint_; }
    void stop() { acceptor_.close(); }
    // How often an address got a mail.
    int received(const std::string& address) const {
        int count = 0;
        for (const Mail& mail : mails)
            for (const std::string& recipient : mail.recipients)
                if (recipient.starts_with("<" + address + ">")) ++count;
        return count;
    }

    std::map<std::string, std::string> at_rcpt;     // address → reply, if not 250
    std::map<std::string, std::string> after_data;  // LMTP: address → reply; SMTP: "" → reply
    bool silent = false;                            // closes instead of answering the final dot
    bool dsn = false;                               // announces it
    std::function<void()> on_data;                  // called before the final answer
    std::vector<Mail> mails;                        // that were taken whole

  private:
    using Socket = boost::asio::ip::tcp::socket;
    template <class T = void>
    using awaitable = boost::asio::awaitable<T>;

    static awaitable<> accept(Peer& peer) {
        for (;;) {
            Socket socket = co_await peer.acceptor_.async_accept(boost::asio::use_awaitable);
            boost::asio::co_spawn(peer.acceptor_.get_executor(), serve(peer, std::move(socket)),
                                  boost::asio::detached);
        }
    }

    static std::string address_in(const std::string& argument) {
        const auto end = argument.find('>');
        return end == std::string::npos ? argument : argument.substr(1, end - 1);
    }
    static std::string found_or(const std::map<std::string, std::string>& replies, const std::string& key,
                                const std::string& otherwise) {
        const auto found = replies.find(key);
        return (found == replies.end() ? otherwise : found->second) + "\r\n";
    }
    // What is said to a command; `mail` is the transaction so far.
    std::string answer(const std::string& line, Mail& mail) const {
        if (line.starts_with("LHLO") || line.starts_with("EHLO"))
            return std::string("250-peer\r\n250-PIPELINING\r\n") + (dsn ? "250-DSN\r\n" : "") +
                   "250 ENHANCEDSTATUSCODES\r\n";
        if (line.starts_with("MAIL FROM:")) mail = {line.substr(10), {}, {}};
        if (line.starts_with("RCPT TO:")) {
            const std::string argument = line.substr(8);
            const std::string reply = found_or(at_rcpt, address_in(argument), "250 2.1.5 Ok");
            if (reply.starts_with("2")) mail.recipients.push_back(argument);
            return reply;
        }
        if (line == "DATA") return mail.recipients.empty() ? "503 5.5.1 no\r\n" : "354 go on\r\n";
        return "250 2.0.0 Ok\r\n";
    }
    std::string final_answer(const Mail& mail) const {
        if (protocol_ == config::Endpoint::Protocol::smtp)
            return found_or(after_data, "", "250 2.0.0 Ok: queued as 5AbC");
        std::string replies;
        for (const std::string& argument : mail.recipients) {
            const std::string address = address_in(argument);
            replies += found_or(after_data, address, "250 2.0.0 <" + address + "> saved");
        }
        return replies;
    }
    static awaitable<std::string> read(Socket& socket, std::string& buffer, std::string_view end) {
        const std::size_t length = co_await boost::asio::async_read_until(
            socket, boost::asio::dynamic_buffer(buffer), end, boost::asio::use_awaitable);
        std::string text = buffer.substr(0, length - end.size());
        buffer.erase(0, length);
        co_return text;
    }
    static awaitable<> serve(Peer& peer, Socket socket) {
        std::string buffer, said = "220 peer\r\n";
        Mail mail;
        for (;;) {
            co_await boost::asio::async_write(socket, boost::asio::buffer(said), boost::asio::use_awaitable);
            const std::string line = co_await read(socket, buffer, "\r\n");
            said = peer.answer(line, mail);
            if (!said.starts_with("354")) continue;
            co_await boost::asio::async_write(socket, boost::asio::buffer(said), boost::asio::use_awaitable);
            mail.content = co_await read(socket, buffer, "\r\n.\r\n");
            if (peer.on_data) peer.on_data();
            peer.mails.push_back(mail);
            if (peer.silent) co_return;
            said = peer.final_answer(mail);
        }
    }

    config::Endpoint::Protocol protocol_;
    boost::asio::ip::tcp::acceptor acceptor_;
    config::Endpoint endpoint_;
};

}  // namespace mailrota::runtime::fixture
