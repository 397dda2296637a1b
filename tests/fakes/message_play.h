#pragma once

#include <boost/asio/awaitable.hpp>

#include "tests/fakes/phone_exchange.h"

namespace mailrota::fakes {

/// Sends a message that was taken, and tells how it fares.
boost::asio::awaitable<void> play_message(PhoneExchange* exchange, MessagePointer message);
/// Tells the account's webhook of a message that came in, and sends what it answers.
boost::asio::awaitable<void> tell_of_received(PhoneExchange* exchange, MessagePointer message);

/// How many parts a text makes: GSM 7-bit 160, or 153 of several; else 70, or 67.
int segments_of(const std::string& text);

}  // namespace mailrota::fakes
