#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/condition.h"
#include "core/policy/sieves.h"

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

// Evaluates conditions over one mail, for as many rules and recipients as there are. Values are gathered, and
// put through their sieve, when the first test asks for them, and what is not about the recipient is worked
// out once a mail. Belongs to one thread; the conditions and sieves must outlive it.
class Evaluation {
  public:
    // `lines`: where the tests looked at are told, for explain; then nothing is left out for having been
    // answered before. `sieves`: those of the policy whose conditions are asked; null: each pattern is
    // matched.
    explicit Evaluation(const Seen& seen, std::vector<TestLine>* lines = nullptr,
                        const Sieves* sieves = nullptr)
        : seen_(seen), lines_(lines), sieves_(sieves), sieved_(sieves ? sieves->size() : 0) {}

    // Whether values that were put through a sieve before show that this rule of the policy cannot match.
    bool ruled_out(std::uint32_t rule) const;

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

    // The values of a field, and which patterns of its sieve may match one of them.
    struct Gathered {
        Field field;
        std::string_view header_name;
        Values values;
        std::vector<std::uint8_t> possible;  // by pattern; empty: they have not been put through it
    };

    Gathered& values(const FieldTest& test);
    void sieve(Gathered& gathered, std::uint32_t sieve);
    Match test_values(std::size_t line, const FieldTest& test, const Values& values,
                      const std::vector<std::uint8_t>& possible);

    // A line's place is taken before the lines below it are told.
    std::size_t reserve(int depth);
    Match tell(std::size_t line, std::string_view what, Match match, std::string_view detail = {});

    Seen seen_;
    std::vector<TestLine>* lines_;
    const Sieves* sieves_;
    std::deque<Gathered> values_;                          // a handful at most
    std::vector<const Gathered*> sieved_;                  // by sieve; null: not put through it yet
    std::unordered_map<const Condition*, Match> answers_;  // of what is not about the recipient
};

// What a test asks, as a person would write it: "header.X-Id = /^\d+$/".
std::string to_text(const FieldTest& test);
std::string_view to_string(Answer answer);

}  // namespace mailrota::policy
