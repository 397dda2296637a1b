#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::wire {

// The hand-out's protocol: HTTP, JSON and raw mails, between mailrota-web and `mailrota pull`. doc/handout.md
// describes it for other pullers.
//
//   POST BASE/boxes/NAME/lease        LeaseRequest → Lease
//   GET  BASE/boxes/NAME/messages/ID?lease=TOKEN   → message/rfc822, its SHA-256 in the header "Digest"
//   POST BASE/boxes/NAME/acknowledge  Acknowledgement → AcknowledgementAnswer
//   POST BASE/boxes/NAME/renew        {"lease": TOKEN} → {"held": n, "until": …}
//   POST BASE/boxes/NAME/return       {"lease": TOKEN} → {"returned": n}
//   GET  BASE/boxes/NAME              → BoxStatus
//
// Errors are {"error": "…"} with a status of 4yz or 5yz.
struct LeaseRequest {
    std::size_t count = 50;   // the box's own limit holds too
    std::uint64_t bytes = 0;  // 0: the box's limit

    bool operator==(const LeaseRequest&) const = default;
};

struct HandedRecipient {
    std::string address;
    std::vector<std::string> parameters;

    bool operator==(const HandedRecipient&) const = default;
};

struct HandedMail {
    std::string id;
    std::string sender;
    std::vector<std::string> sender_parameters;
    std::vector<HandedRecipient> recipients;  // those that wait
    std::uint64_t size = 0;                   // of the bytes that GET gives
    std::chrono::sys_seconds queued{};
    int attempt = 1;

    bool operator==(const HandedMail&) const = default;
};

struct Lease {
    std::string token;  // empty if there is nothing to lease
    std::chrono::sys_seconds until{};
    std::vector<HandedMail> mails;  // first in first
    std::uint64_t left = 0;         // free mails that stay behind

    bool operator==(const Lease&) const = default;
};

struct Acknowledgement {
    struct Result {
        enum class Outcome { delivered, failed, deferred };
        std::string id;
        std::string recipient;
        Outcome outcome = Outcome::delivered;
        std::string reply;

        bool operator==(const Result&) const = default;
    };

    std::string lease;
    std::vector<Result> results;

    bool operator==(const Acknowledgement&) const = default;
};

struct AcknowledgementAnswer {
    std::uint64_t taken = 0;
    std::uint64_t repeated = 0;
    std::uint64_t stale = 0;
    std::uint64_t unknown = 0;

    bool operator==(const AcknowledgementAnswer&) const = default;
};

struct BoxStatus {
    std::uint64_t waiting = 0;
    std::uint64_t leased = 0;
    std::uint64_t bytes = 0;
    std::chrono::sys_seconds oldest{};

    bool operator==(const BoxStatus&) const = default;
};

// Text and values. Reading is strict about types and bounded (a request: 10,000 results, strings of 4 KB);
// keys that are not known are passed over. Times are RFC 3339 in UTC.
std::string to_json(const LeaseRequest& request);
std::string to_json(const Lease& lease);
std::string to_json(const Acknowledgement& acknowledgement);
std::string to_json(const AcknowledgementAnswer& answer);
std::string to_json(const BoxStatus& status);
Result<LeaseRequest> read_lease_request(std::string_view json);  // an empty text is a default request
Result<Lease> read_lease(std::string_view json);
Result<Acknowledgement> read_acknowledgement(std::string_view json);
Result<AcknowledgementAnswer> read_acknowledgement_answer(std::string_view json);
Result<BoxStatus> read_box_status(std::string_view json);
// The "lease" of {"lease": TOKEN}.
Result<std::string> read_token(std::string_view json);

// PostOffice's own form (its server.py): one element of the array that a GET gives.
struct LegacyMail {
    std::string mail_from;
    std::vector<std::string> rcpt_tos;
    std::string subject;  // decoded
    std::string body;     // the decoded text
    std::string data;     // the whole mail; bytes that are not UTF-8 are replaced
    std::chrono::sys_seconds timestamp{};
};
std::string to_json(const std::vector<LegacyMail>& mails);

}  // namespace mailrota::wire
