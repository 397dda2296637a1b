#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/deliver_job.h"
#include "core/runtime/escalation_kind.h"

namespace mailrota::runtime {

// A mail that we write ourselves to people. Pure, as all here.
struct OwnMail {
    std::string identity;         // what stands before the @ of its Message-ID, and in its job's key
    std::vector<std::string> to;  // addresses
    std::string subject;          // one line of ASCII
    std::string body;             // CRLF line ends
};

// Its header fields, but for the empty line behind them; `from` is a whole field value. None says that a
// machine wrote it.
std::string own_header(const OwnMail& mail, std::string_view from, std::string_view hostname,
                       store::Time now);
// "Mailrota <mailrota@mx.example.com>"
std::string own_sender(std::string_view hostname);

// The job that submits it, known by its identity, so that it is written once. The mail carries a trace that
// keeps it from raising alerts, whatever it quotes. Nothing without addresses.
std::optional<NewJob> notice_job(const OwnMail& mail, const FallbackTerms& terms, store::Time now);

// What a mail or a provider said, as lines of a mail: RFC 5322 section 2.1.1 bounds them.
std::string folded_lines(std::string_view text, std::string_view indent);

}  // namespace mailrota::runtime
