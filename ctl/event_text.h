#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "core/store/events.h"
#include "ctl/table.h"

// Events of providers in words.
namespace mailrota::ctl {

// "bounced", with its mood; a soft bounce says so.
Cell type_cell(const mail::MailEvent& event);

// What is worth knowing beside the type: the receiving side's words, or the provider's; may be empty.
std::string what_text(const mail::MailEvent& event);

// The normal form with what only we know of it: "seq", "provider", "mail", "received", "settled".
boost::json::object to_json(const store::StoredEvent& event);

}  // namespace mailrota::ctl
