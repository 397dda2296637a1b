#include "core/mail/attribution.h"

#include <gtest/gtest.h>

#include "core/mail/classes_for_test.h"

namespace mailrota::mail {
namespace {

class Introduces : public testing::TestWithParam<const char*> {};

TEST_P(Introduces, AQuoteWithoutMarks) {
    const std::string text = std::string("New.\n\n") + GetParam() + "\n\nold\n";
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 2;
    EXPECT_EQ(letters(text, answer()), "NN" + std::string(lines, 'Q')) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Languages, Introduces,
    testing::Values(
        "On Mon, Mar 6, 2017 at 8:15 AM, Sam Poe <sam@example.com> wrote:",
        "On Monday, March 6, 2017, at 8:15 AM, Sam Poe\n<sam@example.com>\nwrote:",
        "*On 6 March 2017 Sam Poe <sam@example.com> wrote:*",
        "Sam Poe <sam@example.com> wrote on 06.03.2017:", "Am 06.03.2017 um 08:15 schrieb Sam Poe:",
        "Sam Poe <sam@example.com> schrieb am Mo., 6. März 2017 um 08:15:",
        "Le lun. 6 mars 2017 à 08:15, Sam Poe <sam@example.com> a écrit\u00A0:",
        "El lun, 6 mar 2017 a las 8:15, Sam Poe (<sam@example.com>) escribió:",
        "Em seg, 6 de mar de 2017 às 08:15, Sam Poe <sam@example.com> escreveu:",
        "Il giorno lun 6 mar 2017 alle ore 08:15 Sam Poe <sam@example.com> ha scritto:",
        "Op ma 6 mrt. 2017 om 08:15 schreef Sam Poe <sam@example.com>:",
        "W dniu 6.03.2017 o 08:15, Sam Poe pisze:",
        "pon., 6 mar 2017 o 08:15 Sam Poe <sam@example.com> napisał(a):",
        "man. 6. mar. 2017 kl. 08.15 skrev Sam Poe <sam@example.com>:",
        "ma 6. maalisk. 2017 klo 8.15 Sam Poe (sam@example.com) kirjoitti:",
        "Dne 6. 3. 2017 v 8:15 Sam Poe <sam@example.com> napsal(a):",
        "пн, 6 мар. 2017 г. в 08:15, Sam Poe <sam@example.com>:", "06.03.2017 8:15, Sam Poe пишет:",
        "Sam Poe <sam@example.com>, 6 Mar 2017 Pzt, 08:15 tarihinde şunu yazdı:",
        "2017年3月6日(月) 8:15 Sam Poe <sam@example.com>:",
        "在 2017年3月6日，08:15，Sam Poe <sam@example.com> 写道：",
        "2017년 3월 6일 (월) 오전 8:15, Sam Poe <sam@example.com>님이 작성:"));

class IsText : public testing::TestWithParam<const char*> {};

TEST_P(IsText, OfTheMachine) {
    const std::string text = std::string("Report\n\n") + GetParam() + "\nEmergency\n";
    EXPECT_EQ(letters(text, machine()), "NNNN") << text;
}

INSTANTIATE_TEST_SUITE_P(
    Sentences, IsText,
    testing::Values("On host db1 at 03:00 the agent wrote:", "On 2017-03-06 at 03:00 the backup agent wrote:",
                    "Nagios wrote:", "He wrote: restart it", "The log of 2017-03-06 says:",
                    "2017-03-06 08:15:01 relay refused mail from <root@example.com>:", "Status: CRITICAL:"));

TEST(Attribution, ALineBelowASentenceIsNotJoinedWithIt) {
    EXPECT_EQ(letters("I did so on 6 March.\nSam <sam@example.com> wrote:\n> old\n", answer()), "NQQ");
}

TEST(Attribution, AWrappedOneWithinQuoteMarksIsKnown) {
    EXPECT_EQ(letters("New\n> On Mon, 6 Mar 2017, Sam Poe\n> <sam@example.com> wrote:\n>> old\n", answer()),
              "NQQQ");
}

TEST(Attribution, WithoutDateCountsAboveQuoteMarksOnly) {
    EXPECT_EQ(letters("New\nSam Poe wrote:\n> old\n"), "NQQ");
    EXPECT_EQ(letters("New\nSam Poe wrote:\nmore\n"), "NNN");
}

TEST(Attribution, HostileLinesTakeLinearTime) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "On 6 Mar 2017 a@b 1:2:\n";
    EXPECT_EQ(classify_plain(text, answer()).lines.size(), 20'000U);
    for (const std::string unit : {"To: a@b\n", "From: a@b\n\n"}) {
        std::string labels;
        for (int i = 0; i < 100'000; ++i) labels += unit;
        EXPECT_FALSE(classify_plain(labels, answer()).has_history());
    }
    EXPECT_EQ(classify_plain(std::string(1'000'000, ':'), answer()).lines.size(), 1U);
}

}  // namespace
}  // namespace mailrota::mail
