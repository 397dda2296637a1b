#include "web/client.h"

#include <gtest/gtest.h>

namespace mailrota::web {
namespace {

using Networks = std::vector<policy::Network>;

Networks networks(std::initializer_list<const char*> texts) {
    Networks result;
    for (const char* text : texts) result.push_back(*policy::Network::parse(text));
    return result;
}

struct Case {
    const char* what;
    const char* peer;
    const char* forwarded;
    const char* believed;
};

TEST(BelievedClient, IsTheRightmostThatIsNoProxyOfOurs) {
    const auto proxies = networks({"10.0.0.0/8", "2001:db8::/32"});
    for (const Case& c : {
             Case{"a stranger's word counts for nothing", "192.0.2.1", "127.0.0.1", "192.0.2.1"},
             Case{"a proxy's does", "10.0.0.1", "192.0.2.7", "192.0.2.7"},
             Case{"so does that of a unix socket", "", "192.0.2.7", "192.0.2.7"},
             Case{"what the client itself wrote is left of it", "10.0.0.1", "127.0.0.1, 192.0.2.7",
                  "192.0.2.7"},
             Case{"a chain of proxies", "10.0.0.1", "6.6.6.6, 192.0.2.7, 10.0.0.9, 2001:db8::5", "192.0.2.7"},
             Case{"ports and brackets", "10.0.0.1", "192.0.2.7:4711 , [2001:db8::5]:80", "192.0.2.7"},
             Case{"a mapped address", "::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"},
             Case{"garbage is no hop", "10.0.0.1", "192.0.2.7, garbage", "garbage"},
             Case{"nor are brackets about nothing", "", "[]", "[]"},
             Case{"nginx on nginx", "", "192.0.2.7, unix:", "192.0.2.7"},
             Case{"only proxies", "10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"},
             Case{"nothing said", "10.0.0.1", "", "10.0.0.1"},
             Case{"nothing but commas", "", " ,, ", ""},
         })
        EXPECT_EQ(believed_client({c.peer}, c.forwarded, proxies).address, c.believed) << c.what;
}

TEST(Client, OfAUnixSocketIsAllowed) {
    EXPECT_TRUE(Client{""}.in(networks({"192.0.2.0/24"})));
    EXPECT_TRUE(Client{"192.0.2.1"}.in(networks({"192.0.2.0/24"})));
    EXPECT_FALSE(Client{"198.51.100.1"}.in(networks({"192.0.2.0/24"})));
    EXPECT_FALSE(Client{"garbage"}.in(networks({"0.0.0.0/0", "::/0"})));
}

}  // namespace
}  // namespace mailrota::web
