#pragma once

#include <cstddef>
#include <string>

namespace mailrota::bench {

/// A load: `messages` mails of about `bytes` bytes in all, through `sessions` connections at once.
struct Load {
    int sessions = 20;
    int messages = 2000;
    std::size_t bytes = 4096;
    std::string recipient = "orders@bench.test";
};

/// Speaks the milter protocol straight to a filter, one thread a session, a new connection every 20 mails,
/// each mail with a Message-ID of its own. Throws std::runtime_error if the filter answers anything but "go
/// on".
void load_filter(const std::string& socket, const Load& load);

/// Sends by smtp-source(1) to a Postfix on `port`, one connection a mail. Throws if it fails.
void load_postfix(int port, const Load& load);

}  // namespace mailrota::bench
