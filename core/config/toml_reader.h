#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.h"

namespace mailrota::config {

// A string of the text and the line it stands on.
struct Text {
    std::string text;
    std::uint32_t line = 0;
};

std::uint32_t line_of(const toml::node& node);
// "a string", "an integer", …
std::string_view type_name(const toml::node& node);

// False for null, too.
bool is_empty_array(const toml::node* node);

// One key of a table and what it holds.
struct Entry {
    std::string key;
    std::uint32_t line = 0;  // of the key
    const toml::node* node = nullptr;
};

// The keys of a table in the order in which they were written (toml++ sorts them by name).
std::vector<Entry> in_order(const toml::table& table);

// Typed access to one table of the text. What is missing reads as nothing; what has the wrong type or value
// reads as nothing after an error was told. Making one tells every key that the settings table does not know.
// Refers to the parsed text and the diagnostics, which must outlive it.
class Section {
  public:
    // `path` is what people call it ("rota.orders"), `kind` its name in the settings table ("rota.NAME").
    Section(const toml::table& table, std::string path, std::string_view kind, Diagnostics& diagnostics);

    const std::string& path() const { return path_; }
    std::string_view kind() const { return kind_; }
    // The line of the table's head, or of its key.
    std::uint32_t line() const { return line_; }
    // The line of a key's value; of the table if the key is missing.
    std::uint32_t line(std::string_view key) const;
    std::string path(std::string_view key) const;
    bool has(std::string_view key) const { return node(key) != nullptr; }
    const toml::node* node(std::string_view key) const { return table_->get(key); }
    const toml::table& table() const { return *table_; }

    std::optional<std::string> text(std::string_view key) const;
    // A string, or an array of strings; what is none of it is told and left out.
    std::vector<Text> texts(std::string_view key) const;
    std::optional<bool> boolean(std::string_view key) const;
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most) const;
    // A string such as "30d"; at most ten years.
    std::optional<std::chrono::seconds> duration(std::string_view key) const;
    // An integer, or a string such as "8MB"; from 1 to 1 TB.
    std::optional<std::uint64_t> bytes(std::string_view key) const;
    // The index of the value among those allowed.
    std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string>& allowed) const;

    // A table below, `KIND.key` in the settings table.
    std::optional<Section> section(std::string_view key) const;
    // The tables of an array of tables, of a kind of its own. `sample` is how one is begun: "[[rule]]".
    std::vector<Section> sections(std::string_view key, std::string_view sample) const;
    // The tables below `key` by name, each of the kind `kind`; names of letters, digits, _ . and - only.
    std::vector<std::pair<std::string, Section>> named(std::string_view key, std::string_view kind) const;

    void error(std::string_view key, std::string_view text, std::string_view hint = {}) const;
    void warning(std::string_view key, std::string_view text, std::string_view hint = {}) const;
    // "takes a string, not an integer"
    void wrong_type(std::string_view key, std::string_view wanted, const toml::node& got,
                    std::string_view hint = {}) const;
    Diagnostics& diagnostics() const { return *diagnostics_; }

  private:
    void check_keys() const;
    void add_text(std::string_view key, const toml::node& node, std::vector<Text>& texts) const;

    const toml::table* table_;
    std::string path_;
    std::string kind_;
    Diagnostics* diagnostics_;
    std::uint32_t line_;
};

// "8MB", "200KB", "1GB", "512": KB, MB and GB count by 1024. Nothing if it is something else or over 1 TB.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace mailrota::config
