#include "core/runtime/program_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

namespace mailrota::runtime {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::SizeIs;

Result<ProgramEnd> shell(const std::string& command, std::string_view input = {},
                         milliseconds within = milliseconds{30'000}) {
    return run_program("/bin/sh", {"-c", command}, input, within);
}

TEST(ProgramRun, GivesTheInputAndTellsExitCodeAndWords) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    const auto ended = shell("cat; echo no >&2; exit 7", bytes);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_code, 7);
    EXPECT_EQ(ended->words, bytes + "no\n");
}

TEST(ProgramRun, WhatDoesNotReadItsInputHoldsUpNobody) {
    const auto ended = shell("exit 0", std::string(5'000'000, 'x'));
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_code, 0);
}

TEST(ProgramRun, WordsAreBounded) {
    EXPECT_THAT(shell("head -c 100000 /dev/zero | tr '\\0' y")->words, SizeIs(1000));
}

TEST(ProgramRun, AfterItsTimeItIsKilledWithWhatItStarted) {
    const auto ended = shell("sleep 1000 & sleep 1000", {}, milliseconds{50});
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_code, EX_TEMPFAIL);
}

TEST(ProgramRun, AProgramThatIsNotThereIsAnError) {
    const auto ended = run_program("/does/not/exist", {}, {}, milliseconds{1000});
    ASSERT_FALSE(ended);
    EXPECT_THAT(ended.error().text, HasSubstr("/does/not/exist cannot be started"));
}

}  // namespace
}  // namespace mailrota::runtime
