#include "core/mail/offer.h"

#include <gtest/gtest.h>

#include <set>

namespace mailrota::mail {
namespace {

Address address(std::string_view text) { return Address::from_envelope(text); }

TEST(Offer, IsKnownBySenderAndEveryByte) {
    const std::string bytes = "Received: by a; 1\r\n\r\nbody\r\n";
    const std::string id = mail_id(address("<a@example.com>"), bytes);
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(mail_id(address("a@example.com"), bytes), id);
    const std::set<std::string> others{id, mail_id(address("<>"), bytes),
                                       mail_id(address("b@example.com"), bytes),
                                       mail_id(address("a@example.com"), "Received: by a; 2\r\n\r\nbody\r\n"),
                                       mail_id(address("a@example.com"), bytes + std::string(1, '\0'))};
    EXPECT_EQ(others.size(), 5U);
}

TEST(Offer, OfOneRecipientIsTheSameHoweverItIsWritten) {
    const std::string key = offer_key("id", address("<Ann@Example.com>"));
    EXPECT_EQ(key.size(), 32U);
    EXPECT_EQ(offer_key("id", address("ann@example.com")), key);
    EXPECT_NE(offer_key("id", address("ben@example.com")), key);
    EXPECT_NE(offer_key("other", address("ann@example.com")), key);
}

}  // namespace
}  // namespace mailrota::mail
