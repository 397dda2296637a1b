#include "core/providers/phone_codes.h"

#include <algorithm>
#include <array>

namespace mailrota::providers {
namespace {

using enum PhoneOutcome;

constexpr std::array codes{
    PhoneCode{10001, account},        // the account is not active
    PhoneCode{10004, temporary},      // too many calls at once
    PhoneCode{11200, configuration},  // what a document's URL answered could not be used
    PhoneCode{11205, configuration},  // no connection to it
    PhoneCode{11215, configuration},  // too many redirects
    PhoneCode{11216, configuration},  // too many unbuffered hops
    PhoneCode{11750, configuration},  // a document of more than 64 kB
    PhoneCode{12100, configuration},  // a document that is no XML
    PhoneCode{12200, configuration},  // a document with unknown elements or attributes
    PhoneCode{13223, number},         // not a number
    PhoneCode{13224, number, true},   // a number that nobody has, or that its network does not find
    PhoneCode{13227, configuration},  // the country is not permitted
    PhoneCode{13521, configuration},  // too much text to say
    PhoneCode{14107, temporary},      // too many replies to one number
    PhoneCode{15003, configuration},  // what a status callback was answered
    PhoneCode{20003, account},        // wrong credentials
    PhoneCode{20005, account},        // the account is not active
    PhoneCode{20006, account},        // no access
    PhoneCode{20008, account},        // test credentials
    PhoneCode{20403, account},        // forbidden
    PhoneCode{20404, account},        // the account in the path is not known
    PhoneCode{20429, temporary},      // too many requests
    PhoneCode{20500, temporary},      // a fault of theirs
    PhoneCode{21201, number},         // no number
    PhoneCode{21202, number},         // a number that nobody may call
    PhoneCode{21203, configuration},  // no calls abroad
    PhoneCode{21205, callback},       // not a URL
    PhoneCode{21206, configuration},  // a document's URL that is none
    PhoneCode{21209, configuration},  // not a method for status callbacks
    PhoneCode{21210, configuration},  // a caller's number that is not verified
    PhoneCode{21211, number},         // not a number
    PhoneCode{21212, configuration},  // a caller's number that is none
    PhoneCode{21213, configuration},  // no caller's number
    PhoneCode{21214, number, true},   // a number that cannot be reached
    PhoneCode{21215, configuration},  // the country is not permitted
    PhoneCode{21216, blocked},        // the number is not permitted to this account
    PhoneCode{21217, number},         // a number of no known form
    PhoneCode{21218, configuration},  // not an application
    PhoneCode{21219, number},         // a trial account, and the number is not verified
    PhoneCode{21220, benign},         // the call is over
    PhoneCode{21262, configuration},  // machine detection without a callback
    PhoneCode{21408, configuration},  // SMS to this country are not permitted
    PhoneCode{21606, configuration},  // the sender's number cannot write SMS
    PhoneCode{21607, configuration},  // the sender's number is not the account's
    PhoneCode{21609, callback},       // not a URL for status callbacks
    PhoneCode{21610, number},         // its owner has said STOP
    PhoneCode{21612, number},         // no way from this sender to that number
    PhoneCode{21614, number},         // not a mobile number
    PhoneCode{21617, configuration},  // the message is too long
    PhoneCode{22005, temporary},      // the queue of calls is full
    PhoneCode{30001, temporary},      // the queue of messages is full
    PhoneCode{30002, account},        // the account is suspended
    PhoneCode{30003, temporary},      // the telephone is off
    PhoneCode{30004, number},         // the number is blocked for messages
    PhoneCode{30005, number},         // a number that nobody has
    PhoneCode{30006, number},         // a landline
    PhoneCode{30007, blocked},        // taken for unwanted mail by the network
    PhoneCode{30008, temporary},      // nobody knows why
    PhoneCode{30034, configuration},  // a sender that is not registered
    PhoneCode{32017, blocked},        // the network blocks this caller
    PhoneCode{32018, configuration},  // an inline document that is too long
    PhoneCode{32205, configuration},  // the country is not permitted
};

constexpr bool in_order() {
    for (std::size_t at = 1; at < codes.size(); ++at)
        if (codes[at - 1].code >= codes[at].code) return false;
    return true;
}
static_assert(in_order());

}  // namespace

std::span<const PhoneCode> phone_codes() { return codes; }

const PhoneCode* phone_code(int code) {
    const auto* found =
        std::lower_bound(codes.begin(), codes.end(), code,
                         [](const PhoneCode& each, int wanted) { return each.code < wanted; });
    return found != codes.end() && found->code == code ? found : nullptr;
}

}  // namespace mailrota::providers
