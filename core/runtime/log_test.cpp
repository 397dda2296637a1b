#include "core/runtime/log.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace mailrota::runtime {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

struct ValueCase {
    std::string_view value;
    std::string_view shown;
};

class LogValue : public testing::TestWithParam<ValueCase> {};

TEST_P(LogValue, IsOneWordOnOneLine) {
    EXPECT_EQ(LogLine("message").with("key", GetParam().value).text(),
              "message key=" + std::string(GetParam().shown));
}

INSTANTIATE_TEST_SUITE_P(
    Values, LogValue,
    testing::Values(ValueCase{"ann@example.com", "ann@example.com"}, ValueCase{"two words", R"("two words")"},
                    ValueCase{"a=b", R"("a=b")"}, ValueCase{R"(say "hi")", R"("say \"hi\"")"},
                    ValueCase{R"(back\slash)", R"("back\\slash")"}, ValueCase{"a\r\nb\tc", R"("a\r\nb\tc")"},
                    ValueCase{"nul\0bell\a"sv, R"("nul\x00bell\x07")"},
                    ValueCase{"\x1b[31m", R"("\x1b[31m")"}, ValueCase{"J\xc3\xbcrgen", "J\xc3\xbcrgen"},
                    ValueCase{"latin \xfc", R"("latin \xfc")"},
                    ValueCase{"next\xc2\x85line", R"("next\xc2\x85line")"},
                    ValueCase{"line\xe2\x80\xa8separator", R"("line\xe2\x80\xa8separator")"},
                    ValueCase{"\x7f", R"("\x7f")"}));

TEST(LogLine, LeavesOutWhatIsEmptyAndKeepsTheOrder) {
    const LogLine line = LogLine("turn")
                             .with("rota", "orders")
                             .with("rule", "")
                             .with("count", 3)
                             .with("ms", std::chrono::microseconds(1234));
    EXPECT_EQ(line.text(), "turn rota=orders count=3 ms=1.234");
}

TEST(LogLine, CutsAHugeValueAtACharacter) {
    std::string value(999, 'a');
    value += "\xc3\xbc and more";
    EXPECT_EQ(LogLine("m").with("v", value).text(), "m v=" + std::string(999, 'a') + "...");
}

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class LogTarget : public testing::Test {
  protected:
    LogTarget() {
        std::string pattern = testing::TempDir() + "mailrota-log-XXXXXX";
        folder = mkdtemp(pattern.data());
        unsetenv("JOURNAL_STREAM");
    }
    ~LogTarget() override { std::filesystem::remove_all(folder); }

    config::LogSettings to_file() const {
        return {config::LogSettings::Target::file, folder + "/log", Log::Level::info};
    }

    std::string folder;
};

TEST_F(LogTarget, AFileHasTimeLevelAndText) {
    Log log(to_file());
    log.info(LogLine("message").with("queue_id", "4XyZ"));
    log.debug(LogLine("not at this level"));
    EXPECT_THAT(
        read(folder + "/log"),
        MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z info message queue_id=4XyZ\n"));
    EXPECT_FALSE(log.enabled(Log::Level::debug));
}

TEST_F(LogTarget, LinesOfABatchKeepTheirOrderAndHaveAFormEach) {
    Log log(to_file());
    {
        LogBatch batch(log);
        batch.add(Log::Level::info, LogLine("mail"));
        batch.add(Log::Level::info, LogLine("recipient").with("rule", "a\nb"));
        batch.add(Log::Level::debug, LogLine("not at this level"));
        batch.add(Log::Level::warning, LogLine("alarm"));
        EXPECT_THAT(read(folder + "/log"), testing::Not(HasSubstr("alarm")));
    }
    EXPECT_THAT(
        read(folder + "/log"),
        MatchesRegex("[^ ]*Z info mail\n[^ ]*Z info recipient rule=\"a\\\\nb\"\n[^ ]*Z warning alarm\n"));
}

TEST_F(LogTarget, ABatchWithManyLinesDoesNotKeepThemAll) {
    Log log(to_file());
    LogBatch batch(log);
    for (int i = 0; i < 1000; ++i) batch.add(Log::Level::info, LogLine("line").with("number", i));
    EXPECT_THAT(read(folder + "/log"), HasSubstr("line number=900\n"));
}

TEST_F(LogTarget, AFileThatWasMovedIsOpenedAnew) {
    Log log(to_file());
    log.info(LogLine("before"));
    std::filesystem::rename(folder + "/log", folder + "/log.1");
    log.info(LogLine("between"));
    log.reopen();
    log.warning(LogLine("after"));
    EXPECT_THAT(read(folder + "/log.1"), HasSubstr("between"));
    EXPECT_THAT(read(folder + "/log"), MatchesRegex("[^ ]* warning after\n"));
}

TEST_F(LogTarget, AFileThatCannotBeOpenedAnewIsKept) {
    Log log(to_file());
    std::filesystem::rename(folder + "/log", folder + "/log.1");
    std::filesystem::create_directory(folder + "/log");
    log.reopen();
    log.info(LogLine("after"));
    EXPECT_THAT(read(folder + "/log.1"), HasSubstr("error log_file_not_reopened"));
    EXPECT_THAT(read(folder + "/log.1"), HasSubstr("info after"));
}

TEST_F(LogTarget, StderrTakesOverWhereTheFileCannotBeOpened) {
    testing::internal::CaptureStderr();
    {
        config::LogSettings settings = to_file();
        settings.file = folder + "/log/x";
        std::ofstream(folder + "/log") << "in the way";
        Log log(settings);
        log.error(LogLine("said"));
    }
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, HasSubstr("warning log_file_not_opened"));
    EXPECT_THAT(said, HasSubstr("Z error said\n"));
}

TEST_F(LogTarget, TheJournalsStderrGetsPrioritiesInsteadOfTimes) {
    testing::internal::CaptureStderr();
    struct stat status {};
    fstat(STDERR_FILENO, &status);
    setenv("JOURNAL_STREAM", (std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino)).c_str(),
           1);
    {
        Log log(config::LogSettings{});
        log.info(LogLine("one"));
        log.warning(LogLine("two"));
        log.error(LogLine("three"));
        LogBatch batch(log);
        batch.add(Log::Level::info, LogLine("four"));
        batch.add(Log::Level::info, LogLine("five"));
    }
    unsetenv("JOURNAL_STREAM");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "<6>one\n<4>two\n<3>three\n<6>four\n<6>five\n");
}

}  // namespace
}  // namespace mailrota::runtime
