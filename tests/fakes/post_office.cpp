#include "tests/fakes/post_office.h"

#include <algorithm>

namespace mailrota::fakes {

MailPointer PostOffice::accept(Mail mail, bool keep) {
    ++accepted_[mail.provider];
    mail.at = current_second();
    mail.accepted = std::chrono::steady_clock::now();
    auto kept = std::make_shared<const Mail>(std::move(mail));
    if (keep) mails_.push_back(kept);
    return kept;
}

std::vector<MailPointer> PostOffice::listed(std::string_view provider, std::chrono::milliseconds lag) const {
    const auto newest = std::chrono::steady_clock::now() - lag;
    std::vector<MailPointer> found;
    std::copy_if(mails_.rbegin(), mails_.rend(), std::back_inserter(found), [&](const MailPointer& mail) {
        return mail->provider == provider && mail->accepted <= newest;
    });
    return found;
}

MailPointer PostOffice::find(std::string_view provider, std::string_view id) const {
    const auto found = std::find_if(mails_.rbegin(), mails_.rend(), [&](const MailPointer& mail) {
        return mail->provider == provider && (mail->id == id || mail->our_id == id);
    });
    return found == mails_.rend() ? nullptr : *found;
}

std::uint64_t PostOffice::accepted(std::string_view provider) const {
    const auto found = accepted_.find(provider);
    return found == accepted_.end() ? 0 : found->second;
}

void PostOffice::clear() {
    mails_.clear();
    accepted_.clear();
}

}  // namespace mailrota::fakes
