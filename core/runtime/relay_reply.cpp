#include "core/runtime/relay_reply.h"

#include <algorithm>

#include "core/runtime/kept_reply.h"

namespace mailrota::runtime {
namespace {

using Fit = Contender::Fit;
using Kind = providers::RecipientAnswer::Kind;
using Tried = Contender::Tried;

// Words of several providers in one reply stay readable.
constexpr std::size_t most_words = 300;

std::string standing_of(const Contender& one) {
    switch (one.fit) {
        case Fit::too_large:
            return "the mail is too large for it";
        case Fit::no_null_sender:
            return "it takes no mail without a sender";
        case Fit::breaks:
            return one.lacks;
        case Fit::whole:
            break;
    }
    if (one.tried != Tried::no) return one.words;
    if (one.passage == policy::Passage::blocked)
        return "not tried now" + (one.words.empty() ? "" : ": " + one.words);
    return one.may_have ? "it may have the mail already" : "not tried";
}

bool is_final(const Contender& one) { return one.fit != Fit::whole || one.tried == Tried::of_mail; }

}  // namespace

std::string one_line(std::string_view words) {
    return kept_text({250, {}, std::string(words.substr(0, most_words))});
}

wire::Reply reply_of_acceptance(const std::string& provider, const std::string& provider_id) {
    const std::string as = provider_id.empty() ? "" : " as <" + one_line(provider_id) + ">";
    return {250, "2.0.0", "accepted by " + provider + as};
}

wire::Reply reply_of_refusal(const std::string& provider, const providers::RecipientAnswer& answer) {
    const bool of_recipient = answer.kind == Kind::bad_recipient;
    const bool told = answer.status.starts_with("5.");
    const std::string status = told ? answer.status : of_recipient ? "5.1.1" : "5.6.0";
    return {of_recipient ? 550 : 554, status, provider + ": " + one_line(answer.words)};
}

wire::Reply reply_of_deferral(const std::string& provider, const providers::RecipientAnswer& answer) {
    const std::string status = answer.status.starts_with("4.") ? answer.status : "4.2.0";
    return {451, status, provider + ": " + one_line(answer.words)};
}

wire::Reply reply_of_doubt(const std::string& provider) {
    return {451, "4.4.2",
            "No answer came from " + provider + " after the mail was sent; it may have it, try again later"};
}

wire::Reply reply_of_suppression(const store::Suppression& suppression) {
    const std::string by = suppression.provider.empty() ? "" : " by " + suppression.provider;
    const std::string detail = suppression.detail.empty() ? "" : ": " + one_line(suppression.detail);
    return {550, "5.7.1", "On the suppression list (" + suppression.reason + by + ")" + detail};
}

wire::Reply reply_of_nobody(const std::string& rota, const std::vector<Contender>& contenders) {
    std::string each;
    for (const Contender& one : contenders)
        each += (each.empty() ? "" : "; ") + one.provider + ": " + one_line(standing_of(one));
    if (contenders.empty() || !std::ranges::all_of(contenders, is_final))
        return {451, "4.4.1", "No provider of " + rota + " takes mail now: " + each};
    const auto fits = [&contenders](Fit fit) {
        return std::ranges::all_of(contenders, [fit](const Contender& one) { return one.fit == fit; });
    };
    if (fits(Fit::too_large)) return {552, "5.3.4", "Too large for every provider of " + rota + ": " + each};
    if (fits(Fit::no_null_sender))
        return {554, "5.6.0", "No provider of " + rota + " takes mail without a sender: " + each};
    return {554, "5.6.0", "No provider of " + rota + " carries this mail as it is: " + each};
}

}  // namespace mailrota::runtime
