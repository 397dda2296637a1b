#include "tests/e2e/spool/http_proxy.h"

#include <boost/asio/connect.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace mailrota::e2e {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

HttpProxy::HttpProxy(int server_port, Decide decide)
    : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
      server_(boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(server_port)),
      decide_(std::move(decide)),
      thread_([this] { serve(); }) {}

HttpProxy::~HttpProxy() {
    stopping_ = true;
    error_code ignored;
    Socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
}

std::string HttpProxy::url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/boxes/web";
}

void HttpProxy::serve() {
    while (!stopping_) {
        Socket client(io_);
        error_code fault;
        acceptor_.accept(client, fault);
        if (!fault && !stopping_) talk(client);
    }
}

/// One client's requests, until it or the server goes or the test breaks the connection.
void HttpProxy::talk(Socket& client) {
    Socket server(io_);
    error_code fault;
    boost::beast::flat_buffer from_client;
    boost::beast::flat_buffer from_server;
    for (;;) {
        http::request<http::string_body> request;
        http::read(client, from_client, request, fault);
        if (fault) return;
        const Fate fate = decide_(std::string(request.target()));
        if (fate == Fate::lose_request) return;
        if (!server.is_open()) server.connect(server_, fault);
        if (!fault) http::write(server, request, fault);
        http::response<http::string_body> answer;
        if (!fault) http::read(server, from_server, answer, fault);
        if (fault || fate == Fate::lose_answer) return;
        http::write(client, answer, fault);
        if (fault || !answer.keep_alive()) return;
    }
}

}  // namespace mailrota::e2e
