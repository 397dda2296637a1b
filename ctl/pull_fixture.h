#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/wire/handout.h"
#include "ctl/hand_on.h"

namespace mailrota::ctl {

// A request as the test's server saw it.
struct SeenRequest {
    std::string method;
    std::string target;
    std::string authorization;
    std::string body;
};

inline std::string http_answer(int status, const std::string& body, const std::string& fields = "") {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n" + fields + "\r\n" + body;
}

// An HTTP server on loopback that answers each connection's one request with the bytes that the test says;
// none: it closes. What `drips` is written byte by byte until the client has enough.
class ScriptedServer {
  public:
    using Answer = std::function<std::string(const SeenRequest&)>;

    explicit ScriptedServer(Answer answer, bool drips = false)
        : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
          answer_(std::move(answer)),
          drips_(drips),
          thread_([this] { serve(); }) {}
    ~ScriptedServer() {
        stopping_ = true;
        boost::system::error_code ignored;
        boost::asio::ip::tcp::socket wake(io_);
        wake.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }
    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/boxes/web";
    }

  private:
    void serve() {
        while (!stopping_) {
            boost::asio::ip::tcp::socket peer(io_);
            boost::system::error_code fault;
            acceptor_.accept(peer, fault);
            if (!fault && !stopping_) talk(peer);
        }
    }
    void talk(boost::asio::ip::tcp::socket& peer) {
        namespace http = boost::beast::http;
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        boost::system::error_code fault;
        http::read(peer, buffer, request, fault);
        if (fault) return;
        const std::string answer =
            answer_({std::string(request.method_string()), std::string(request.target()),
                     std::string(request[http::field::authorization]), request.body()});
        const std::size_t step = drips_ ? 1 : answer.size();
        for (std::size_t at = 0; at < answer.size() && !fault && !stopping_; at += step) {
            boost::asio::write(peer, boost::asio::buffer(answer.data() + at, step), fault);
            if (drips_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        peer.shutdown(boost::asio::ip::tcp::socket::shutdown_both, fault);
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    Answer answer_;
    bool drips_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

// A box that follows the protocol, but for what the test puts before it. Used by the server's thread; the
// test looks at it when the puller has returned.
class FakeBox {
  public:
    struct Item {
        wire::HandedMail mail;
        std::string bytes;
        bool leased = false;
    };

    void put(const std::string& id, std::vector<wire::HandedRecipient> recipients, std::string bytes) {
        wire::HandedMail mail;
        mail.id = id;
        mail.sender = "ann@example.com";
        mail.recipients = std::move(recipients);
        mail.size = bytes.size();
        items.push_back({std::move(mail), std::move(bytes), false});
    }

    std::string answer(const SeenRequest& request) {
        seen.push_back(request);
        if (before)
            if (auto other = before(request)) return *other;
        const std::string path = request.target.substr(std::string("/boxes/web").size());
        if (path == "/lease") return http_answer(200, lease());
        if (path.starts_with("/messages/")) return message(path);
        if (path == "/acknowledge") return http_answer(200, acknowledge(request.body));
        if (path == "/renew") return http_answer(200, R"({"held":1,"until":"2024-01-01T00:00:00Z"})");
        if (path == "/return") return http_answer(200, give_back());
        return http_answer(404, R"({"error":"no such thing"})");
    }

    // "ann delivered 250 …" as acknowledged, all of them.
    std::vector<std::string> words;
    std::vector<SeenRequest> seen;
    std::vector<Item> items;
    std::size_t most = 50;
    std::uint64_t stale = 0;
    std::function<std::optional<std::string>(const SeenRequest&)> before;

    std::size_t count(const std::string& end) const {
        std::size_t found = 0;
        for (const auto& each : seen) found += each.target.find(end) != std::string::npos ? 1 : 0;
        return found;
    }

  private:
    std::string lease() {
        wire::Lease lease;
        for (Item& item : items) {
            if (item.leased) continue;
            if (lease.mails.size() < most) {
                item.leased = true;
                lease.mails.push_back(item.mail);
            } else {
                ++lease.left;
            }
        }
        lease.token = lease.mails.empty() ? "" : "t0k3n";
        return to_json(lease);
    }
    std::string message(const std::string& path) const {
        for (const Item& item : items)
            if (path == "/messages/" + item.mail.id + "?lease=t0k3n")
                return http_answer(200, item.bytes, digest);
        return http_answer(404, R"({"error":"not leased"})");
    }
    std::string acknowledge(const std::string& body) {
        const auto said = wire::read_acknowledgement(body);
        if (!said) return "{}";
        for (const auto& each : said->results) {
            const char* outcomes[] = {"delivered", "failed", "deferred"};
            words.push_back(each.id + " " + each.recipient + " " + outcomes[static_cast<int>(each.outcome)] +
                            " " + each.reply);
            for (Item& item : items)
                if (item.mail.id == each.id)
                    std::erase_if(item.mail.recipients, [&](const auto& recipient) {
                        return recipient.address == each.recipient &&
                               each.outcome != wire::Acknowledgement::Result::Outcome::deferred;
                    });
        }
        std::erase_if(items, [](const Item& item) { return item.mail.recipients.empty(); });
        return to_json(wire::AcknowledgementAnswer{said->results.size() - stale, 0, stale, 0});
    }
    std::string give_back() {
        for (Item& item : items) item.leased = false;
        return R"({"returned":1})";
    }

  public:
    std::string digest;  // field of a message's answer
};

// A mail server that takes everything but what the test says.
class FakeMailServer : public HandOn {
  public:
    HandedOn deliver(const wire::HandedMail& mail, const std::string& bytes) override {
        if (during) during();
        HandedOn handed;
        handed.away = away;
        for (const auto& each : mail.recipients) {
            sent.push_back(mail.id + " " + each.address + " " + bytes);
            const auto other = results.find(each.address);
            auto result = other == results.end() ? wire::Acknowledgement::Result{"", "", {}, "250 2.0.0 ok"}
                                                 : other->second;
            result.id = mail.id;
            result.recipient = each.address;
            handed.results.push_back(std::move(result));
        }
        return handed;
    }

    std::map<std::string, wire::Acknowledgement::Result> results;
    bool away = false;
    std::vector<std::string> sent;
    std::function<void()> during;
};

}  // namespace mailrota::ctl
