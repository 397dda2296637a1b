#include "core/policy/named_list.h"

#include <gtest/gtest.h>

namespace mailrota::policy {
namespace {

const NamedList vips = NamedList::from_text("vips",
                                            "\xEF\xBB\xBF# who may\r\n"
                                            "Ann@Example.com\r\n"
                                            "\n"
                                            "   \t\n"
                                            "orders-*@example.net   # all of them\n"
                                            "a#b@example.net\n"
                                            "@example.org\n"
                                            ".example.edu\n"
                                            "192.0.2.0/24\n"
                                            "2001:DB8::1");

TEST(NamedList, EntriesOfEveryKind) {
    struct Case {
        const char* value;
        bool in;
    };
    const Case cases[] = {
        {"ann@example.com", true},      {"ann@example.com.invalid", false},
        {"orders-1@example.net", true}, {"orders@example.net", false},
        {"a#b@example.net", true},      {"a", false},
        {"anybody@example.org", true},  {"anybody@mail.example.org", false},
        {"example.org", false},         {"x@mail.example.edu", true},
        {"x@a.b.example.edu", true},    {"x@example.edu", false},
        {"mail.example.edu", true},     {"x@notexample.edu", false},
        {"192.0.2.77", true},           {"192.0.3.1", false},
        {"2001:db8:0::1", true},        {"", false},
        {"all of them", false},
    };
    for (const auto& c : cases) EXPECT_EQ(vips.holds(c.value), c.in) << c.value;
    EXPECT_EQ(vips.size(), 7u);
    EXPECT_TRUE(vips.readable());
    EXPECT_EQ(vips.name(), "vips");
}

TEST(NamedList, AnEmptyFileIsAReadableListOfNothing) {
    const auto list = NamedList::from_text("none", "");
    EXPECT_TRUE(list.readable());
    EXPECT_EQ(list.size(), 0u);
    EXPECT_FALSE(list.holds(""));
}

TEST(NamedList, UnreadableSaysWhy) {
    const auto list = NamedList::unreadable("vips", "no such file");
    EXPECT_FALSE(list.readable());
    EXPECT_EQ(list.why(), "no such file");
    EXPECT_FALSE(NamedList::unreadable("vips", "").readable());
}

TEST(Network, HoldsWhatItSays) {
    struct Case {
        const char* network;
        const char* ip;
        bool in;
    };
    const Case cases[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"0.0.0.0/0", "198.51.100.7", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/32", "2001:DB8:ffff::1", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::/0", "192.0.2.1", true},
        {"192.0.2.0/24", "::ffff:192.0.2.9", true},
        {"192.0.2.0/24", "unknown", false},
        {"192.0.2.0/24", "", false},
    };
    for (const auto& c : cases) {
        const auto network = Network::parse(c.network);
        ASSERT_TRUE(network) << c.network;
        EXPECT_EQ(network->holds(c.ip), c.in) << c.network << " " << c.ip;
    }
}

TEST(Network, RefusesWhatIsNone) {
    for (const auto* text : {"", "x", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/2 4",
                             "192.0.2", "2001:db8::/129"})
        EXPECT_FALSE(Network::parse(text)) << text;
    EXPECT_EQ(Network::parse("192.0.2.1/24").error().text, "\"192.0.2.1/24\" has bits set after its prefix");
}

}  // namespace
}  // namespace mailrota::policy
