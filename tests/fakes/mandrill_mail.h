#pragma once

#include <boost/json/object.hpp>

#include "tests/fakes/post_office.h"
#include "tests/fakes/shape.h"

namespace mailrota::fakes {

const Shape& mandrill_raw_shape();      ///< of messages/send-raw
const Shape& mandrill_message_shape();  ///< of messages/send
const Shape& mandrill_search_shape();   ///< of messages/search

/// The mail of a send-raw call as Mandrill sends it: without X-MC-* fields, which it obeys: X-MC-Metadata,
/// X-MC-BccAddress, X-MC-PreserveRecipients (without it each copy names its own recipient only), X-MC-Tags.
/// Without `to` it goes to whom the header names.
Mail mandrill_raw_mail(const boost::json::object& call);
Mail mandrill_composed_mail(const boost::json::object& call);

}  // namespace mailrota::fakes
