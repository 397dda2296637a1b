#include "core/runtime/metrics.h"

#include <gmock/gmock.h>

namespace mailrota::runtime {
namespace {

using testing::HasSubstr;

TEST(Metrics, CountWhatHappens) {
    Metrics metrics;
    metrics.session_opened();
    metrics.session_opened();
    metrics.session_closed();
    metrics.message("edited", std::chrono::milliseconds(2));
    metrics.recipient("redirect", "orders");
    metrics.turn("orders", "turn", false);
    metrics.turn("orders", "turn", true);
    metrics.error("store");
    metrics.failed_open();
    metrics.reloaded(true, 7);
    const std::string text = metrics.expose();
    EXPECT_THAT(text, HasSubstr("# TYPE mailrota_sessions gauge\nmailrota_sessions 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_sessions_total 2\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_messages_total{outcome=\"edited\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_end_of_message_seconds_count 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_recipients_total{fate=\"redirect\",rota=\"orders\"} 1\n"));
    EXPECT_THAT(text,
                HasSubstr("mailrota_turns_total{reason=\"turn\",replayed=\"true\",rota=\"orders\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_errors_total{cause=\"store\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_failed_open_total 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_reloads_total{result=\"ok\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("mailrota_config_generation 7\n"));
}

TEST(Metrics, ShowWhatAnotherPieceCounts) {
    Metrics metrics;
    metrics.set("mailrota_store_commits_total", "Transactions.", 3);
    metrics.set("mailrota_store_commits_total", "Transactions.", 4);
    metrics.set("mailrota_old_sessions", "Sessions on an older policy.", 1);
    const std::string text = metrics.expose();
    EXPECT_THAT(text,
                HasSubstr("# HELP mailrota_store_commits_total Transactions.\n"
                          "# TYPE mailrota_store_commits_total counter\nmailrota_store_commits_total 4\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE mailrota_old_sessions gauge\nmailrota_old_sessions 1\n"));
}

}  // namespace
}  // namespace mailrota::runtime
