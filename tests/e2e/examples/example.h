#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/rig/mailrota_program.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// The folder of an example.
std::filesystem::path example(const std::string& name);
/// The text of one of its files; a failed expectation if there is none.
std::string example_file(const std::string& name, const std::string& file);

/// `text` with `to` wherever `from` stands; a failed expectation if it is nowhere.
std::string replaced(std::string text, const std::string& from, const std::string& to);
std::vector<std::string> lines(const std::string& text);

/// Programs of ours that share the configuration of an example. What its text leaves to the defaults below
/// /var and /run gets private places.
class ExamplePrograms {
  public:
    /// Starts them in this order.
    ExamplePrograms(const std::string& config, const std::vector<std::string>& names);

    MailrotaProgram& operator[](std::size_t index) { return *programs_.at(index); }
    std::string log() const;

  private:
    TemporaryFolder folder_;
    std::vector<std::unique_ptr<MailrotaProgram>> programs_;
};

}  // namespace mailrota::rig
