#include <gtest/gtest.h>

#include "tests/e2e/sendmail/scene.h"

namespace mailrota::rig {
namespace {

/// The scripts of the folder miltertest, each with a filter of its own.
class Miltertest : public testing::TestWithParam<const char*> {};

TEST_P(Miltertest, FindsWhatItExpects) {
    const MailrotaMilter milter{std::string(policy_of_all_cases)};
    const auto folder = std::filesystem::path(MAILROTA_SOURCE_DIR) / "tests/e2e/sendmail/miltertest";
    const auto script = milter.folder() / "script.lua";
    write_file(script,
               read_file(folder / "library.lua") + read_file(folder / (GetParam() + std::string(".lua"))));
    const auto result = run({"miltertest", "-D", "socket=" + milter.socket(), "-s", script});
    EXPECT_EQ(result.exit_code, 0) << result.output << result.errors << milter.log();
    EXPECT_TRUE(milter.running()) << milter.log();
}

INSTANTIATE_TEST_SUITE_P(Scripts, Miltertest, testing::Values("edits", "several", "disconnect"),
                         [](const auto& script) { return std::string(script.param); });

}  // namespace
}  // namespace mailrota::rig
