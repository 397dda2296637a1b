#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/policy/breaker.h"
#include "core/providers/outgoing.h"
#include "core/runtime/relay_choice.h"
#include "core/store/relays.h"
#include "core/wire/reply.h"

namespace mailrota::runtime {

// What a provider's answer means for its recipients and for the provider. Pure.

struct Verdict {
    enum class Way {
        done,
        failed,
        later,      // this recipient is deferred
        again,      // here again, without the others or apart from them
        next,       // another provider may take it
        uncertain,  // the provider may have it: nobody else is tried
    };

    Way way = Way::next;
    store::RelayAttempt::Recipient::Outcome outcome = store::RelayAttempt::Recipient::Outcome::deferred;
    std::string provider_id;
    wire::Reply reply;                              // done, failed, uncertain
    Contender::Tried tried = Contender::Tried::no;  // next
    std::string words;
};

struct Judgement {
    std::vector<Verdict> recipients;  // same order
    store::RelayAttempt::State state = store::RelayAttempt::State::refused;
    std::string words;                                            // of the whole call, one line
    std::vector<std::pair<std::string, policy::Health>> healths;  // by the breakers' scopes
    std::string alarm;  // somebody must look at the account; empty: nobody
};

// The scopes of the breakers that stand between mail from this domain (of From; may be empty) and a provider.
std::string scope_of(std::string_view provider, std::string_view domain);

// `repeated`: the call was made before, and nobody knows what came of that: then only an answer that tells of
// the mail itself ends the doubt.
Judgement judge(const providers::Answer& answer, const std::string& provider, std::string_view domain,
                bool repeated);

}  // namespace mailrota::runtime
