#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/contact.h"
#include "core/runtime/deliver_job.h"
#include "core/store/outbox.h"
#include "ctl/table.h"

// A job of the worker in words. Addresses come without control characters.
namespace mailrota::ctl {

// What a job of kind "deliver" or "relay" carries; nothing for other kinds and for a payload that cannot be
// read.
std::optional<runtime::DeliverJob> delivery_of(const store::Job& job);

// Whether it sends a notification of ours: nobody's mail waits for it.
bool is_notification(const runtime::DeliverJob& delivery);

// Where it goes: "smtp:127.0.0.1:25", "rota outbound".
std::string destination_of(const runtime::DeliverJob& delivery);

// Whether it hands events of providers on; its bytes are no mail.
bool is_hand_on(const store::Job& job);

// Whether it carries an incident on: calls somebody, or settles whom to call.
bool is_about_incident(const store::Job& job);

// Who has not got the mail yet.
std::vector<std::string> recipients_of(const runtime::DeliverJob& delivery);

// The call or SMS that a job of kind "contact" is about; empty for other kinds and for a payload that cannot
// be read. It is the secret part of URLs, and is not shown.
std::string contact_of(const store::Job& job);

// "ann@example.com, ben@example.com at smtp:127.0.0.1:25"; of many recipients the first ones and how many
// there are more. Of events, which ones. "incident 17: call to +15550101", if its contact is given.
std::string about_text(const store::Job& job, const std::optional<policy::Contact>& contact = std::nullopt);

// Its key, less what is secret in it.
std::string key_text(const store::Job& job);

Cell state_cell(const store::Job& job);

// When it is the job's turn: "in 5m", "now", "lease of host/12 for 3m more"; "-" if it is over.
std::string due_text(const store::Job& job, store::Time now);

// Whether somebody works at it.
bool is_held(const store::Job& job, store::Time now);

// All of it, without the bytes.
boost::json::object to_json(const store::Job& job);

}  // namespace mailrota::ctl
