#pragma once

#include <boost/asio/io_context.hpp>

#include "core/runtime/connections.h"
#include "ctl/hand_on.h"

namespace mailrota::ctl {

// Sends to an SMTP or LMTP server, by a connection that is kept for the next mail.
class SmtpHandOn : public HandOn {
  public:
    explicit SmtpHandOn(config::Endpoint endpoint);
    ~SmtpHandOn() override;
    HandedOn deliver(const wire::HandedMail& mail, const std::string& bytes) override;

  private:
    boost::asio::io_context io_;
    config::Endpoint endpoint_;
    runtime::Connections connections_;
};

}  // namespace mailrota::ctl
