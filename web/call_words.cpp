#include "web/call_words.h"

#include "core/policy/people.h"

namespace mailrota::web {

using runtime::Obeyed;

std::string sentence(const providers::Phrases& phrases, Obeyed::What what, std::string_view taken_by) {
    switch (what) {
        case Obeyed::What::acknowledged:
            return std::string(phrases.acknowledged);
        case Obeyed::What::already:
            return taken_by.empty() ? std::string(phrases.acknowledged)
                                    : providers::taken_on_by(taken_by, phrases);
        case Obeyed::What::passed_on:
            return std::string(phrases.passed_on);
        case Obeyed::What::resolved:
            return std::string(phrases.resolved);
        case Obeyed::What::over:
            break;
    }
    return std::string(phrases.over);
}

std::string taken_by(const policy::Policy& policy, const policy::Incident& incident,
                     const policy::Contact& contact) {
    const bool by_another =
        incident.state == policy::Incident::State::acknowledged && incident.by != contact.member;
    return by_another ? policy::person_name(policy, incident.by) : std::string();
}

}  // namespace mailrota::web
