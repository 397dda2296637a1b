#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "ctl/command_line.h"

// Every folder of tests/golden: its README says what is in one.
namespace mailrota::ctl {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(MAILROTA_SOURCE_DIR "/tests/golden")) {
        if (entry.is_directory()) names.push_back(entry.path().filename());
    }
    return names;
}

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// What the program prints when it is called in the case's folder; an error and its exit status after that.
std::string explained() {
    std::vector<std::string> arguments{"explain", "--config", "config.toml"};
    std::istringstream words(read("args"));
    for (std::string word; words >> word;) arguments.push_back(word);
    arguments.push_back("mail.eml");
    std::istringstream in;
    std::ostringstream out, err;
    Console console{in, out, err, [] { return std::chrono::sys_seconds(); }};
    const int code = run(arguments, console);
    if (code != 0) err << "exit status " << code << '\n';
    return out.str() + err.str();
}

class Golden : public testing::TestWithParam<std::string> {
  protected:
    Golden() : before_(fs::current_path()) {
        fs::current_path(fs::path(MAILROTA_SOURCE_DIR "/tests/golden") / GetParam());
    }
    ~Golden() override { fs::current_path(before_); }

  private:
    fs::path before_;
};

TEST_P(Golden, IsExplainedAsExpected) {
    const std::string answer = explained();
    if (std::getenv("MAILROTA_WRITE_GOLDEN") != nullptr) {
        std::ofstream("expected.txt", std::ios::binary) << answer;
    }
    EXPECT_EQ(answer, read("expected.txt"));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::erase(name, '-');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace mailrota::ctl
