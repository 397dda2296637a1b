#pragma once

#include <libmilter/mfdef.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/rig/message_text.h"
#include "tests/rig/milter_client.h"

namespace mailrota::rig {

/// One mail that a raw client offers, as often as it takes, in a session of its own each time. What was
/// changed before the connection broke is kept, as an MTA keeps it that lets mail pass then.
class RawMail {
  public:
    explicit RawMail(const std::vector<std::string>& recipients)
        : text_(MessageText::fresh()), message_(MilterMessage::from_text(text_, recipients)) {}

    const std::string& message_id() const { return text_.message_id; }

    /// All up to the end of the headers. False when the filter is not there or goes away.
    bool begin(const std::string& socket) {
        return guarded([&] {
            client_ = std::make_unique<MilterClient>(MilterClient::to(socket));
            outcome_ = {};
            bool goes_on = client_->connect(message_).goes_on() && client_->helo(message_).goes_on() &&
                           client_->mail(message_).goes_on();
            for (std::size_t at = 0; at < message_.recipients.size() && goes_on; ++at) {
                outcome_.recipients.push_back(client_->rcpt(message_, at));
                goes_on = outcome_.recipients.back().goes_on();
            }
            for (const auto& [name, value] : message_.headers)
                goes_on = goes_on && client_->header(name, value).goes_on();
            return goes_on && client_->end_of_headers(message_).goes_on();
        });
    }

    /// The end of the message. True when the filter's verdict came and it was to go on.
    bool finish() {
        return guarded([&] {
            client_->send(SMFIC_BODYEOB, "");
            for (auto packet = client_->read_packet();; packet = client_->read_packet()) {
                if (is_edit(packet))
                    outcome_.edits.push_back(parse_edit(packet));
                else if (packet.at(0) != SMFIR_PROGRESS)
                    return packet.at(0) == SMFIR_CONTINUE;
            }
        });
    }

    bool edited() const { return !outcome_.edits.empty(); }
    /// Who gets the mail with the edits that came, whether the verdict came or not.
    std::vector<std::string> recipients() const { return outcome_.final_recipients(message_); }

  private:
    template <class Action>
    bool guarded(Action action) {
        try {
            return action();
        } catch (const std::runtime_error&) {  // the filter is gone
            return false;
        }
    }

    MessageText text_;
    MilterMessage message_;
    std::unique_ptr<MilterClient> client_;
    MilterOutcome outcome_;
};

}  // namespace mailrota::rig
