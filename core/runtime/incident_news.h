#pragma once

#include <string>
#include <string_view>

#include "core/policy/policy.h"
#include "core/providers/telephone.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What happens to incidents after they were opened, each inside the caller's transaction: by callbacks and
// polls of calls, by keys and SMS, by people at the console. Each is idempotent: told again, it changes
// nothing. The story tells of people by the names that the policy has for them.

// What a command came to.
struct Obeyed {
    enum class What {
        acknowledged,
        passed_on,
        resolved,
        already,  // somebody took it on before: by whom stands in the incident
        over,     // the incident is over, or (of pass_on) there is nobody to pass it on to
    };
    What what = What::over;
    policy::Incident incident;  // as it is now
};
std::string_view to_string(Obeyed::What what);
// Acknowledges, passes on or resolves the incident, writes its story and makes its jobs due at once, which
// stops queued and ringing calls. `by`: a member's id, or who sits at the console. What nobody has taken on
// may be acknowledged after its window, too. A pass_on that comes again is passed_on again, and changes
// nothing. Commands that ask for none of these are `over`.
Result<Obeyed> obey(store::Transaction& transaction, const policy::Policy& policy,
                    const policy::Incident& incident, providers::Command::Do command, const std::string& by,
                    store::Time now);

// Puts the contact in place of `before`, tells the story where its state changed, acknowledges an incident
// whose alert says acknowledge = "answer" when a call was answered, and makes the escalation due at once when
// the contact is over.
Result<void> put_changed(store::Transaction& transaction, const policy::Policy& policy,
                         const policy::Contact& before, const policy::Contact& contact, store::Time now);

// The same for news of the provider, if they are news (providers::after). A number that they say cannot be
// reached at all is barred.
Result<void> take_news(store::Transaction& transaction, const policy::Policy& policy,
                       const policy::Contact& contact, const providers::PhoneNews& news, store::Time now);

}  // namespace mailrota::runtime
