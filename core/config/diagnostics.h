#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"

namespace mailrota::config {

// Everything there is to say of one text, gathered while it is read. Not thread-safe; owned by load().
class Diagnostics {
  public:
    // `file` is told as it is given here.
    explicit Diagnostics(std::string file) : file_(std::move(file)) {}

    // `line` 0 means the whole file; `key` and `hint` may be empty. Control characters are told as \n or
    // \x00.
    void error(std::uint32_t line, std::string_view key, std::string_view text, std::string_view hint = {});
    void warning(std::uint32_t line, std::string_view key, std::string_view text, std::string_view hint = {});

    bool has_errors() const { return errors_ > 0; }
    const std::string& file() const { return file_; }
    // By line; what concerns one line stays in the order in which it was told.
    std::vector<Diagnostic> sorted() const;

  private:
    void add(Diagnostic::Severity severity, std::uint32_t line, std::string_view key, std::string_view text,
             std::string_view hint);

    std::string file_;
    std::vector<Diagnostic> all_;
    std::size_t errors_ = 0;
};

// A value as it is shown to people: in double quotes, control characters as \n or \x00, cut after 80 bytes at
// a character's end.
std::string quoted(std::string_view value);

// The values quoted and joined: "a", "b" or "c".
std::string one_of(const std::vector<std::string>& values);

}  // namespace mailrota::config
