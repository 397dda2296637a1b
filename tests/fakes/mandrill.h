#pragma once

#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /api/1.0/… and /api/1.4/…, with or without ".json": messages/send-raw, messages/send,
/// messages/search, users/ping, users/ping2, users/info. Version 1.0 answers every error 500.
class Mandrill : public Provider {
  public:
    Mandrill(PostOffice& office, Faults& faults);

    bool is_sending(const Request& request) const override;
    std::vector<HookPost> posts(const std::vector<HookEvent>& events, const HookOrder& order) const override;

  protected:
    std::optional<Reply> route(const Request& request) const override;
    bool is_authorized(const Request& request) const override;
    Reply look(const Request& request) override;
    Draft read(const Request& request) override;
    std::string sending_domain(const Request& request, const Mail& mail) const override;
    Reply refusal(const Fault& fault) const override;
    bool answers_itself(const Fault& fault) const override;
    Reply accepted(const Mail& mail) const override;

  private:
    Reply error(int status, int code, const std::string& name, const std::string& words) const;
    Reply invalid(const std::string& field, const std::string& words) const;
    Reply found(const boost::json::object& call) const;
    bool is_unsigned(const Mail& mail) const;
    boost::json::object result(const Mail& mail, const std::string& recipient) const;

    mutable bool old_version_ = false;  ///< of the call under way
};

}  // namespace mailrota::fakes
