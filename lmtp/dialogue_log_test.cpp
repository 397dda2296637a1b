#include "lmtp/dialogue_log.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/rig/temporary_folder.h"

namespace mailrota::lmtp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(DialogueLog, HasEachPieceUnderItsLineAndIsForTheOwnerOnly) {
    const rig::TemporaryFolder folder;
    auto log = DialogueLog::open(folder.path(), "ab-1");
    ASSERT_TRUE(log) << log.error().text;
    log->sent("220 hello\r\n");
    log->received("LHLO\r\n");
    log->remark("7 bytes before login");
    const fs::path file = fs::directory_iterator(folder.path())->path();
    EXPECT_THAT(file.filename().string(), MatchesRegex("20[0-9T.]+Z-ab-1\\.log"));
    EXPECT_THAT(rig::read_file(file),
                MatchesRegex("S 20[-0-9T:.]+Z 11\n220 hello\r\nC [-0-9T:.]+Z 6\nLHLO\r\n# [-0-9T:.]+Z 20\n7 "
                             "bytes before login\n"));
    struct stat status {};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// The whole log of what a client sent, in pieces of this size.
std::string log_of(const std::string& sent, std::size_t piece) {
    const rig::TemporaryFolder folder;
    auto log = DialogueLog::open(folder.path(), "ab-1");
    for (std::size_t at = 0; at < sent.size(); at += piece) log->received(sent.substr(at, piece));
    return rig::read_file(fs::directory_iterator(folder.path())->path());
}

TEST(DialogueLog, HasNoAuthHoweverItIsCut) {
    for (std::size_t piece = 1; piece < 60; ++piece) {
        const auto log = log_of("NOOP 1\r\naUtH PLAIN AGFubgBzZWNyZXQ=\r\n", piece);
        EXPECT_THAT(log, Not(HasSubstr("F"))) << piece;
        EXPECT_THAT(log, Not(HasSubstr("="))) << piece;
        EXPECT_THAT(log, HasSubstr("bytes that may have a password")) << piece;
    }
    const auto whole = log_of("NOOP 1\r\nAUTH LOGIN\r\nYW5u\r\nc2VjcmV0\r\n", 100);
    EXPECT_THAT(whole, HasSubstr("NOOP 1"));
    EXPECT_THAT(whole, Not(HasSubstr("c2VjcmV0")));
}

TEST(DialogueLog, HasWhatOnlyLooksLikeAuth) {
    const std::string text = "AUTHOR\r\nAuthentication-Results: a\r\nNOAUTH x\r\nAU\r\n";
    EXPECT_THAT(log_of(text, 1000), HasSubstr(text));
    EXPECT_THAT(log_of(text, 1000), Not(HasSubstr("password")));
    EXPECT_THAT(log_of(text, 3), Not(HasSubstr("password")));
    const auto later = log_of("AUTH x\r\nNOOP 1\r\n", 8);
    EXPECT_THAT(later, HasSubstr("NOOP 1\r\n"));
}

TEST(DialogueLog, AFolderThatIsNotThereIsAnError) {
    EXPECT_FALSE(DialogueLog::open("/nonexistent", "ab-1").has_value());
}

}  // namespace
}  // namespace mailrota::lmtp
