#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::store {

// A run of items that one statement takes.
struct Chunk {
    std::size_t first = 0;
    std::size_t count = 0;
};

// Cuts `total` items into runs of 64, 32, 16 … 1, in order: few statements, and few different texts to
// prepare.
std::vector<Chunk> chunks(std::size_t total);

// "$3, $4, $5" for first 3, count 3.
std::string placeholders(std::size_t first, std::size_t count);

// "($1, $2), ($3, $4)" for two rows of two.
std::string placeholder_rows(std::size_t rows, std::size_t columns);

// The number as a LIMIT takes it.
std::int64_t to_limit(std::size_t count);

// A Message-ID as people paste it: with or without its angle brackets.
std::string_view without_brackets(std::string_view id);

}  // namespace mailrota::store
