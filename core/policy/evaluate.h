#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/condition.h"

namespace mailrota::policy {

// What conditions look at: a mail, or as much of one as has been seen when RCPT is answered. References: it
// must not outlive what it was made of.
struct Seen {
    const mail::Envelope& envelope;
    const mail::Origin& origin;
    std::chrono::sys_seconds arrived;
    const mail::Message* message = nullptr;  // null: header and body have not been seen
    std::string_view queue_id;

    static Seen of(const mail::Mail& mail) {
        return {mail.envelope, mail.origin, mail.arrived, &mail.message, mail.queue_id};
    }
};

// One line on a test that was looked at.
struct TestLine {
    int depth = 0;
    std::string text;  // "subject = \"a*\": no, \"Hello\""
};

// The values of one field of one mail.
struct Values {
    std::vector<std::string> owned;
    std::vector<std::string_view> items;  // into `owned`, the message or the envelope
    std::string incomplete;               // why there may be more than the items; empty: these are all
    bool unseen = false;                  // nothing can be told yet
};

// Evaluates conditions over one mail, for as many rules and recipients as there are. Values are gathered when
// the first test asks for them, and what is not about the recipient is worked out once a mail. Belongs to one
// thread; the conditions must outlive it.
class Evaluation {
  public:
    // `lines`: where the tests looked at are told, for explain; then nothing is left out for having been
    // answered before.
    explicit Evaluation(const Seen& seen, std::vector<TestLine>* lines = nullptr)
        : seen_(seen), lines_(lines) {}

    // Kleene's answer for this recipient; null where the condition is not about one. When some tests below
    // are in doubt, one that may pass outweighs a limit, since asking again can settle the whole. Captures of
    // the tests that said yes (of one name, the first's), and the lines of the text that patterns matched.
    Match evaluate(const Condition& condition, const mail::Address* recipient);

  private:
    Match answer(const Condition& condition, const mail::Address* recipient, int depth);
    Match fresh(const Condition& condition, const mail::Address* recipient, int depth);

    Match test(const All& all, const mail::Address* recipient, int depth);
    Match test(const Any& any, const mail::Address* recipient, int depth);
    Match test(const Not& negation, const mail::Address* recipient, int depth);
    Match test(const FieldTest& field, const mail::Address* recipient, int depth);
    Match test(const SizeTest& size, const mail::Address* recipient, int depth);
    Match test(const TimeTest& time, const mail::Address* recipient, int depth);
    Match test(const TrustTest& trust, const mail::Address* recipient, int depth);
    Match test(const OriginTest& origin, const mail::Address* recipient, int depth);

    const Values& values(const FieldTest& test);
    Match test_values(std::size_t line, const FieldTest& test, const Values& values);

    // A line's place is taken before the lines below it are told.
    std::size_t reserve(int depth);
    Match tell(std::size_t line, std::string_view what, Match match, std::string_view detail = {});

    Seen seen_;
    std::vector<TestLine>* lines_;
    std::map<std::string, Values, std::less<>> values_;    // by field and header name
    std::unordered_map<const Condition*, Match> answers_;  // of what is not about the recipient
};

// What a test asks, as a person would write it: "header.X-Id = /^\d+$/".
std::string to_text(const FieldTest& test);
std::string_view to_string(Answer answer);

}  // namespace mailrota::policy
