#include "tests/rig/process.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>

#include "tests/rig/connection.h"
#include "tests/rig/temporary_folder.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

namespace fs = std::filesystem;

TEST(Process, GivesOutputEnvironmentFolderAndExitCode) {
    const TemporaryFolder folder;
    Command command;
    command.argv = {"sh", "-c", "echo $WORD; pwd; exit 3"};
    command.environment = {"WORD=hello"};
    command.folder = folder.path();
    command.output = folder / "out";
    const Process process(command);
    EXPECT_EQ(process.wait(), 3);
    EXPECT_EQ(read_file(folder / "out"), "hello\n" + folder.path().string() + "\n");
}

TEST(Process, EndsTheWholeGroupWithTheObject) {
    const TemporaryFolder folder;
    Command command;
    command.argv = {"sh", "-c", "sleep 600 & echo $!; wait"};
    command.output = folder / "out";
    {
        const Process process(command);
        ASSERT_TRUE(wait_until([&] { return read_file(folder / "out").ends_with('\n'); }));
        EXPECT_TRUE(process.running());
    }
    const std::string child = read_file(folder / "out");
    const fs::path status = "/proc/" + child.substr(0, child.size() - 1) + "/stat";
    EXPECT_TRUE(wait_until([&] {
        const std::string text = read_file(status);
        return text.empty() || text.find(") Z") != std::string::npos;
    }));
}

TEST(Process, TellsTheSignalThatEndedIt) {
    Command command;
    command.argv = {"sleep", "600"};
    Process process(command);
    EXPECT_EQ(process.wait(std::chrono::milliseconds(1)), std::nullopt);
    process.kill(SIGKILL);
    EXPECT_EQ(process.wait(), 128 + SIGKILL);
    EXPECT_EQ(process.stop(), 128 + SIGKILL);
}

TEST(Run, PassesInputAndSeparatesOutputFromErrors) {
    const std::string large(1'000'000, 'x');
    const auto result = run({"sh", "-c", "cat; echo problem >&2; exit 4"}, large);
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_EQ(result.output, large);
    EXPECT_EQ(result.errors, "problem\n");
    EXPECT_THROW(run_or_throw({"false"}), std::runtime_error);
    EXPECT_THROW(run({"/no/such/program"}), std::system_error);
}

TEST(Run, EndsAProgramThatTakesTooLong) {
    Command command;
    command.argv = {"sleep", "600"};
    EXPECT_THROW(run(command, "", std::chrono::milliseconds(20)), std::runtime_error);
}

TEST(TemporaryFolder, IsThereWhileTheObjectIs) {
    fs::path path;
    for (const auto place : {TemporaryFolder::Place::temporary, TemporaryFolder::Place::run}) {
        const TemporaryFolder folder(place);
        path = folder.path();
        EXPECT_EQ(fs::status(path).permissions(), static_cast<fs::perms>(0755));
        write_file(folder.make("below") / "file", "text");
        EXPECT_EQ(read_file(folder / "below/file"), "text");
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(FreePort, IsNotListenedOnAndNotGivenTwice) {
    const int first = free_port();
    EXPECT_FALSE(accepts("inet:127.0.0.1:" + std::to_string(first)));
    EXPECT_NE(first, free_port());
}

}  // namespace
}  // namespace mailrota::rig
