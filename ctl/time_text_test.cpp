#include "ctl/time_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace mailrota::ctl {
namespace {

class TimeText : public testing::Test {
  protected:
    TimeText() {
        setenv("TZ", "Europe/Berlin", 1);
        tzset();
    }
    ~TimeText() override {
        setenv("TZ", "UTC", 1);
        tzset();
    }
};

TEST_F(TimeText, IsReadInTheMachinesZoneOrTheOneItNames) {
    for (const char* text :
         {"2026-11-20T14:30", "2026-11-20 14:30", "2026-11-20T14:30:00", "2026-11-20T13:30Z",
          "2026-11-20T13:30:00Z", "2026-11-20T15:30+02:00", "2026-11-20 08:30-05:00"}) {
        const auto time = parse_time(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(utc_text(*time), "2026-11-20T13:30:00Z") << text;
        EXPECT_EQ(local_text(*time), "2026-11-20 14:30:00") << text;
    }
    EXPECT_EQ(utc_text(parse_time("2026-07-01").value()), "2026-06-30T22:00:00Z");
}

TEST_F(TimeText, IsRefusedOtherwise) {
    for (const char* text :
         {"", "now", "14:30", "2026-13-01", "2026-02-30", "2026-11-20T25:00", "2026-11-20x",
          "2026-11-20T14:30+25:00", "2026-11-20T14:30:99", "2026-11-20T14:30 and more"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
}

}  // namespace
}  // namespace mailrota::ctl
