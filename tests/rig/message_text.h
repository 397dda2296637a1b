#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mailrota::rig {

/// A mail as its author writes it, for tests: named fields for what matters here, `more` for the rest. Empty
/// fields are left out. text() joins with LF; the clients turn that into what their protocol wants.
struct MessageText {
    std::string from = "sender@example.com";
    std::string to = "orders@example.com";
    std::string subject = "A question";
    std::string date = "Mon, 02 Mar 2026 09:00:00 +0000";
    std::string message_id = {};   ///< with its angle brackets; see fresh()
    std::string in_reply_to = {};  ///< with angle brackets
    std::string references = {};   ///< ids with angle brackets, separated by blanks
    std::vector<std::pair<std::string, std::string>> more = {};
    std::string body = "Hello.\n";

    /// A mail with a Message-ID that no other call, in any process, gives.
    static MessageText fresh(std::string subject = "A question");

    /// An answer to `earlier`: subject with "Re:", In-Reply-To and References, a fresh Message-ID.
    static MessageText reply_to(const MessageText& earlier);

    /// Names and values in their order.
    std::vector<std::pair<std::string, std::string>> headers() const;

    /// The whole mail with LF line ends.
    std::string text() const;
};

}  // namespace mailrota::rig
