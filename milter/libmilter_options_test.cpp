#include "milter/libmilter_options.h"

#include <gtest/gtest.h>

namespace mailrota::milter {
namespace {

// What both MTAs offer, by the protocol's numbers.
constexpr unsigned long all_actions = 0x1ff;
constexpr unsigned long all_steps = 0x1fffff;

LibmilterOptions options(const policy::Needs& needs, unsigned long actions, unsigned long steps) {
    const auto offer = offer_from(actions, steps);
    return options_for(wanted(needs, offer), offer);
}

TEST(LibmilterOptions, RotaAsksForRecipientsAndHeadersAlone) {
    policy::Needs needs;
    needs.anything = needs.headers = needs.change_recipients = true;
    const auto result = options(needs, all_actions, all_steps);
    EXPECT_EQ(result.actions, 0x1UL | 0x4 | 0x8 | 0x10 | 0x80 | 0x100);
    EXPECT_EQ(result.protocol, 0x1UL | 0x2 | 0x10 | 0x40 | 0x100 | 0x200 | 0x80 | 0x4000 | 0x8000);
}

TEST(LibmilterOptions, PolicyWithoutContentAsksForNothing) {
    const auto result = options({}, all_actions, all_steps);
    EXPECT_EQ(result.actions, 0x100UL);
    EXPECT_EQ(result.protocol, 0x1UL | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x100 | 0x200);
}

TEST(LibmilterOptions, NothingIsAskedThatIsNotOffered) {
    policy::Needs needs;
    needs.anything = needs.connection = needs.helo = needs.headers = needs.body = true;
    needs.recipient_replies = needs.change_recipients = needs.change_headers = needs.quarantine = true;
    for (unsigned long actions = 0; actions <= all_actions; ++actions) {
        for (unsigned long steps = 1; steps <= all_steps; steps = steps * 3 + 1) {
            for (const auto& some : {needs, policy::Needs{}}) {
                const auto result = options(some, actions, steps);
                EXPECT_EQ(result.actions & ~actions, 0UL);
                EXPECT_EQ(result.protocol & ~steps, 0UL);
            }
        }
    }
}

}  // namespace
}  // namespace mailrota::milter
