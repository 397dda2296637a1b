#include "tests/e2e/examples/example.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mailrota::rig {

std::filesystem::path example(const std::string& name) {
    return std::filesystem::path(MAILROTA_SOURCE_DIR) / "postfix-examples" / name;
}

std::string example_file(const std::string& name, const std::string& file) {
    auto text = read_file(example(name) / file);
    EXPECT_FALSE(text.empty()) << example(name) / file;
    return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " is not in\n" << text;
    for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) result.push_back(line);
    return result;
}

ExamplePrograms::ExamplePrograms(const std::string& config, const std::vector<std::string>& names) {
    const std::string all = config + "\n[store]\nurl = \"sqlite:" + (folder_ / "state.db").string() +
                            "\"\n[control]\nsocket = \"{run}/milter.ctl\"\n";
    for (const auto& name : names) programs_.push_back(std::make_unique<MailrotaProgram>(name, all));
}

std::string ExamplePrograms::log() const {
    std::string all;
    for (const auto& program : programs_) all += program->log();
    return all;
}

}  // namespace mailrota::rig
