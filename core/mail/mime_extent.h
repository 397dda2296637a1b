#pragma once

#include <cstddef>
#include <string_view>

namespace mailrota::mail {

// How much of a multipart body may be handed to the MIME parser, so that no mail costs more than a set amount
// of memory.
//
// The parser makes an object for every part and every header field in it, and compares each line that begins
// with "--" with every open boundary. Such lines, and the header lines after them, are charged to `budget` by
// their length and a fixed sum each; where it is used up, the extent ends. Ordinary text and encoded files
// cost nothing.
std::size_t mime_extent(std::string_view body, std::size_t& budget);

}  // namespace mailrota::mail
