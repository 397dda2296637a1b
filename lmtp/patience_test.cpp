#include "lmtp/patience.h"

#include <gtest/gtest.h>

namespace mailrota::lmtp {
namespace {

using std::chrono::seconds;

constexpr Patience::Time start{};
constexpr seconds silence{300};

TEST(Patience, EndsWithTheSilence) {
    Patience patience(silence, start);
    EXPECT_EQ(patience.deadline(), start + seconds(300));
    patience.heard(1, start + seconds(100));
    EXPECT_EQ(patience.deadline(), start + seconds(400));
}

TEST(Patience, EndsForOneByteAMinute) {
    Patience patience(silence, start);
    for (int minute = 1; minute <= 9; ++minute) patience.heard(1, start + seconds(60 * minute));
    EXPECT_EQ(patience.deadline(), start + seconds(600));
}

TEST(Patience, GoesOnForHundredBytesASecond) {
    Patience patience(silence, start);
    for (int minute = 1; minute <= 30; ++minute) patience.heard(6000, start + seconds(60 * minute));
    EXPECT_EQ(patience.deadline(), start + seconds(1800 + 300));
}

TEST(Patience, GoesOnForCommandsThatAreAnswered) {
    Patience patience(silence, start);
    for (int minute = 1; minute <= 30; ++minute) patience.answered(start + seconds(60 * minute));
    EXPECT_EQ(patience.deadline(), start + seconds(1800 + 300));
}

TEST(Patience, EndsAfterAnHourWithoutAMail) {
    Patience patience(silence, start);
    patience.mail_over(start + seconds(600));
    for (int minute = 11; minute <= 69; ++minute) patience.answered(start + seconds(60 * minute));
    EXPECT_EQ(patience.deadline(), start + seconds(600 + 3600));
}

}  // namespace
}  // namespace mailrota::lmtp
