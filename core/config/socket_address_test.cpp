#include "core/config/socket_address.h"

#include <gtest/gtest.h>

namespace mailrota::config {
namespace {

TEST(SocketAddress, EveryFormBecomesLibmilters) {
    const std::pair<const char*, const char*> cases[] = {
        {"unix:/run/x.sock", "unix:/run/x.sock"},
        {"local:/run/x.sock", "unix:/run/x.sock"},
        {"inet:10025@127.0.0.1", "inet:10025@127.0.0.1"},
        {"inet:127.0.0.1:10025", "inet:10025@127.0.0.1"},
        {"inet:mx.example.com:10025", "inet:10025@mx.example.com"},
        {"inet6:10025@::1", "inet6:10025@::1"},
        {"inet6:[::1]:10025", "inet6:10025@::1"},
        {"inet6:10025@[::1]", "inet6:10025@::1"},
    };
    for (const auto& [written, wanted] : cases)
        EXPECT_EQ(parse_socket(written), Result<std::string>(wanted)) << written;
}

TEST(SocketAddress, WhatIsNoneIsTold) {
    const std::string long_path = "unix:/" + std::string(107, 'x');
    const std::pair<std::string, const char*> cases[] = {
        {"", "it begins with none of \"unix:\", \"inet:\" and \"inet6:\""},
        {"/run/x", "it begins with none of \"unix:\", \"inet:\" and \"inet6:\""},
        {"unix:", "the path of a unix socket must be absolute"},
        {"unix:run/x", "the path of a unix socket must be absolute"},
        {long_path, "the path of a unix socket has at most 107 bytes"},
        {"inet:0@127.0.0.1", "\"0\" is no port from 1 to 65535"},
        {"inet:65536@127.0.0.1", "\"65536\" is no port from 1 to 65535"},
        {"inet:127.0.0.1", "\"127.0.0.1\" is no port from 1 to 65535"},
        {"inet:10025", "the host is missing or not understood"},
        {"inet:10025@", "the host is missing or not understood"},
        {"inet:10025@a@b", "the host is missing or not understood"},
    };
    for (const auto& [written, why] : cases) {
        const auto socket = parse_socket(written);
        ASSERT_FALSE(socket) << written;
        EXPECT_EQ(socket.error().text, why) << written;
    }
}

}  // namespace
}  // namespace mailrota::config
