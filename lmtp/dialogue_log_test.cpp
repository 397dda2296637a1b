#include "lmtp/dialogue_log.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/rig/temporary_folder.h"

namespace mailrota::lmtp {
namespace {

namespace fs = std::filesystem;
using testing::MatchesRegex;

TEST(DialogueLog, HasEachPieceUnderItsLineAndIsForTheOwnerOnly) {
    const rig::TemporaryFolder folder;
    auto log = DialogueLog::open(folder.path(), "ab-1");
    ASSERT_TRUE(log) << log.error().text;
    log->sent("220 hello\r\n");
    log->received("LHLO");
    log->remark("7 bytes before login");
    const fs::path file = fs::directory_iterator(folder.path())->path();
    EXPECT_THAT(file.filename().string(), MatchesRegex("20[0-9T.]+Z-ab-1\\.log"));
    EXPECT_THAT(rig::read_file(file),
                MatchesRegex("S 20[-0-9T:.]+Z 11\n220 hello\r\nC [-0-9T:.]+Z 4\nLHLO\n# [-0-9T:.]+Z 20\n7 "
                             "bytes before login\n"));
    struct stat status {};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(DialogueLog, AFolderThatIsNotThereIsAnError) {
    EXPECT_FALSE(DialogueLog::open("/nonexistent", "ab-1").has_value());
}

}  // namespace
}  // namespace mailrota::lmtp
