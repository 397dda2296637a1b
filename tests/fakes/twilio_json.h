#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "tests/fakes/exchange.h"
#include "tests/fakes/phone_exchange.h"

namespace mailrota::fakes {

boost::json::object call_json(const PhoneExchange& exchange, const PhoneCall& call);
boost::json::object message_json(const PhoneExchange& exchange, const PhoneMessage& message);
boost::json::object event_json(const CallEvent& event);
boost::json::object notice_json(const PhoneExchange& exchange, const Notice& notice);

/// "Mon, 05 Jan 2026 08:00:00 +0000"
std::string mail_date(Moment at);

/// One page of a list, as PageSize (50 unless said, at most 1000), Page and PageToken of the request ask.
Reply page_of(const Request& request, const std::string& name, const std::vector<boost::json::object>& all);
/// Whether a day or a moment fits the filters NAME (that day), NAME< and NAME> (that one and before, or
/// after). Values are "YYYY-MM-DD" or "YYYY-MM-DDThh:mm:ssZ". Nothing: a filter is no date.
std::optional<bool> fits_dates(const Request& request, const std::string& name, Moment at);

}  // namespace mailrota::fakes
