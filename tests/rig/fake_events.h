#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mailrota::rig {

/// One event that a fake provider is to tell.
struct FakeEvent {
    /// queued, sent, delivered, deferred, bounced, soft_bounced, rejected, complained, opened, clicked,
    /// unsubscribed, failed; any other word goes out as the provider's own.
    std::string type = {};
    std::string our_id = {};              ///< of an accepted mail, or any; comes back as metadata
    std::string message_id = {};          ///< the provider's
    std::string recipient = {};           ///< empty: the mail's first
    std::string event_id = {};            ///< empty: a new one
    std::optional<std::int64_t> at = {};  ///< seconds since 1970; now if it is not said
    std::string words = {};               ///< the other server's reply or the reason; empty: a usual one
    std::string overrides = {};           ///< a JSON object whose members replace those of the native event
    std::string native = {};              ///< a JSON value that goes out instead, in its place in the batch
};

/// A batch of events and how it is signed.
struct FakeEvents {
    std::string provider = {};
    std::vector<FakeEvent> events = {};  ///< none: mandrill's test post, sparkpost's ping
    /// "http://127.0.0.1:8080/hook/x" or "http+unix://%2Frun%2Fweb.sock/hook/x"; empty: nothing is sent.
    std::string url = {};
    std::string signed_url = {};                 ///< mandrill signs it; empty: url
    std::optional<std::int64_t> signed_at = {};  ///< seconds since 1970; now if it is not said
    bool wrong_key = false;                      ///< signed with another key, or another password
    bool alter = false;                          ///< a byte is another than the signature covers
    bool unsigned_post = false;
    int times = 1;  ///< how often the same bytes are sent
};

/// A signed post and its answer.
struct FakePost {
    int status = 0;     ///< of the answer; 0: none, or it was not sent
    std::string words;  ///< the answer's body, or what failed
    std::map<std::string, std::string> headers;
    std::string body;
};

}  // namespace mailrota::rig
