// Any bytes are a client: what the machine says is well formed, what it hands over is clean, every recipient
// gets one answer, and how the bytes are cut makes no difference.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/wire/smtp_server.h"

namespace {

using namespace mailrota;
using namespace mailrota::wire;

constexpr std::uint64_t max_size = 2000;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_line_ends(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        require(text[i] != '\n' || (i > 0 && text[i - 1] == '\r'));
        require(text[i] != '\r' || (i + 1 < text.size() && text[i + 1] == '\n'));
    }
}

void check_replies(std::string_view output) {
    require(output.empty() || output.ends_with("\r\n"));
    check_line_ends(output);
    while (!output.empty()) {
        const std::size_t end = output.find("\r\n");
        require(end >= 4 && end <= 510 && output[0] >= '2' && output[0] <= '5' &&
                (output[3] == ' ' || output[3] == '-'));
        output.remove_prefix(end + 2);
    }
}

// Answers by the bytes of what is asked, so that two runs get the same answers.
class Owner {
  public:
    Owner(SmtpServerOptions options, bool starts_tls)
        : options_(options), server_(std::move(options), {}), starts_tls_(starts_tls) {
        server_.greet();
    }

    void send(std::string_view bytes) {
        server_.feed(bytes);
        while (std::visit([this](auto event) { return on(std::move(event)); }, server_.next())) {
        }
        take();
    }

    void shut_down() {
        server_.shut_down();
        send("");
        require(closed_ || server_.in_transaction());
    }

    const std::string& said() const { return said_; }
    const std::vector<std::string>& messages() const { return messages_; }

  private:
    std::size_t take() {
        const std::string output = server_.take_output();
        check_replies(output);
        said_ += output;
        return static_cast<std::size_t>(std::count(output.begin(), output.end(), '\n'));
    }

    bool on(NeedInput) { return false; }
    bool on(RecipientOffered) {
        require(server_.in_transaction() && !server_.envelope().recipients.empty());
        const mail::Address& address = server_.envelope().recipients.back().address;
        require(!address.null() && address.text().size() <= 512);
        const bool refused = address.text().size() % 4 == 3;
        accepted_ = server_.envelope().recipients.size() - (refused ? 1U : 0U);
        require(accepted_ <= options_.max_recipients);
        server_.answer_recipient(refused ? std::optional(Reply{550, "5.1.1", "no"}) : std::nullopt);
        return true;
    }
    bool on(const MessageReceived& message) {
        require(server_.in_transaction() && !message.envelope.recipients.empty());
        require(message.envelope.recipients.size() == accepted_ && message.bytes.size() <= max_size);
        check_line_ends(message.bytes);
        messages_.push_back(message.queue_id + "|" + message.bytes);
        take();
        const std::size_t replies = options_.protocol == SmtpServerOptions::Protocol::lmtp ? accepted_ : 1;
        server_.answer_message(std::vector<Reply>(replies, Reply{250, "2.0.0", "done"}));
        require(take() == replies && !server_.in_transaction());
        return true;
    }
    bool on(StartTls) {
        require(starts_tls_ && !server_.over_tls());
        server_.tls_started();
        return true;
    }
    bool on(const Credentials& credentials) {
        require(server_.over_tls() && !credentials.user.empty());
        server_.answer_auth(credentials.password.size() % 2 == 0);
        return true;
    }
    bool on(Close) {
        closed_ = true;
        return false;
    }

    SmtpServerOptions options_;
    SmtpServer server_;
    bool starts_tls_;
    bool closed_ = false;
    std::size_t accepted_ = 0;
    std::string said_;
    std::vector<std::string> messages_;
};

SmtpServerOptions options_of(std::uint8_t bits) {
    SmtpServerOptions options;
    options.protocol =
        (bits & 1U) != 0 ? SmtpServerOptions::Protocol::esmtp : SmtpServerOptions::Protocol::lmtp;
    options.hostname = "mx.example";
    options.max_size = max_size;
    options.max_recipients = 5;
    options.dsn = (bits & 2U) != 0;
    options.starttls = (bits & 4U) != 0;
    options.auth = (bits & 8U) != 0;
    options.tls_required = (bits & 16U) != 0;
    return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const SmtpServerOptions options = options_of(data[0]);
    std::uint32_t random = data[1];
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    Owner whole(options, options.starttls);
    whole.send(text);
    Owner cut(options, options.starttls);
    cut.send("");
    for (std::string_view rest = text; !rest.empty();) {
        random = random * 1664525U + 1013904223U;
        const std::size_t length = std::min<std::size_t>(1 + (random >> 24U) % 40, rest.size());
        cut.send(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    require(whole.said().size() <= 500 + text.size() * 100);
    // Bytes that come together with STARTTLS are thrown away, and what comes together is a matter of the cut.
    require(options.starttls || (whole.said() == cut.said() && whole.messages() == cut.messages()));
    cut.shut_down();
    return 0;
}
