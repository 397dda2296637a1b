#include "core/runtime/relay_smtp.h"

#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "core/policy/fold.h"

namespace mailrota::runtime {
namespace {

using providers::RecipientAnswer;
using wire::SmtpResult;
using Kind = RecipientAnswer::Kind;

// RFC 4954 section 6, RFC 3207 section 4: login or TLS is wanted, too weak or refused.
bool is_of_login(int code) { return code == 530 || code == 534 || code == 535 || code == 538; }

bool is_of_size(const wire::Reply& reply) { return reply.code == 552 || reply.enhanced == "5.3.4"; }

bool says(const wire::Reply& reply, std::string_view word) {
    const std::string text = policy::folded(reply.text);
    return text.find(word) != std::string::npos;
}

// Mail from this domain, or by this account, is not taken: hosts tell it at any command. That the sender's
// address is none, or its domain unknown, is the mail's own fault.
bool is_of_sender(const SmtpResult& result) {
    const std::string& status = result.reply.enhanced;
    const bool of_policy = status.empty() ? result.reply.code != 501 && result.reply.code != 553
                                          : !status.starts_with("5.1.") && !status.starts_with("5.5.");
    if (result.stage == SmtpResult::Stage::sender) return of_policy;
    return result.stage == SmtpResult::Stage::data && says(result.reply, "not verified");
}

// "554 5.7.1 Relay access denied", "550 relay not permitted", "550 5.7.54 Unable to relay recipient"; but not
// "550 5.1.1 … User unknown in relay recipient table", nor the address that a host repeats.
bool is_of_relaying(const wire::Reply& reply) {
    if (!reply.enhanced.empty() && !reply.enhanced.starts_with("5.7.")) return false;
    std::istringstream words(policy::folded(reply.text));
    for (std::string word; words >> word;)
        if (word.starts_with("relay") && word.find('@') == std::string::npos) return true;
    return false;
}

bool is_of_account(const SmtpResult& result) {
    if (result.stage == SmtpResult::Stage::login || is_of_login(result.reply.code)) return true;
    return result.stage == SmtpResult::Stage::recipient && is_of_relaying(result.reply);
}

Kind refused(const SmtpResult& result) {
    if (is_of_size(result.reply)) return Kind::bad_message_here;
    if (is_of_account(result) || is_of_sender(result)) return Kind::configuration;
    return result.stage == SmtpResult::Stage::recipient ? Kind::bad_recipient : Kind::bad_message;
}

// "450 4.1.2 domain not found": no host would say anything else now.
bool is_of_address(const SmtpResult& result) {
    return result.stage == SmtpResult::Stage::recipient && result.reply.enhanced.starts_with("4.1.");
}

Kind kind_of(const SmtpResult& result) {
    switch (result.outcome) {
        case SmtpResult::Outcome::done:
            return Kind::accepted;
        case SmtpResult::Outcome::deferred:
            return is_of_address(result) ? Kind::later : Kind::temporary;
        case SmtpResult::Outcome::failed:
            return refused(result);
        case SmtpResult::Outcome::uncertain:
            return Kind::uncertain;
    }
    return Kind::uncertain;
}

}  // namespace

providers::Answer answer_of(const std::vector<SmtpResult>& results) {
    providers::Answer answer;
    for (const SmtpResult& result : results) {
        const Kind kind = kind_of(result);
        const bool failed = result.outcome == SmtpResult::Outcome::failed || kind == Kind::later;
        std::string status = failed ? result.reply.enhanced : std::string();
        answer.recipients.push_back({kind, {}, std::move(status), wire::to_line(result.reply)});
        const bool of_domain = kind == Kind::configuration && !is_of_account(result);
        answer.of_domain = answer.of_domain || of_domain;
    }
    return answer;
}

SmtpResult smtp_result(const Carried& carried) {
    using Outcome = SmtpResult::Outcome;
    SmtpResult result;
    result.reply = carried.reply;
    result.spoken = !carried.provider.empty();
    switch (carried.kind) {
        case Carried::Kind::done:
            result.outcome = Outcome::done;
            break;
        case Carried::Kind::failed:
            result.outcome = Outcome::failed;
            break;
        case Carried::Kind::deferred:
            result.outcome = Outcome::deferred;
            break;
        case Carried::Kind::uncertain:
            result.outcome = Outcome::uncertain;
            break;
    }
    return result;
}

config::Endpoint smtp_host(const Carrier& carrier) {
    config::Endpoint endpoint = carrier.settings.host;
    endpoint.account = carrier.settings.name;
    return endpoint;
}

}  // namespace mailrota::runtime
