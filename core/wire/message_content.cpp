#include "core/wire/message_content.h"

#include <algorithm>
#include <utility>

namespace mailrota::wire {

namespace {

constexpr std::uint64_t most_ahead = std::uint64_t{1} << 20;
constexpr std::uint64_t headers_on_the_way = 1024;  // what SIZE= did not count: Delivered-To and the like

}  // namespace

void MessageContent::begin(std::uint64_t limit, std::uint64_t expected) {
    *this = MessageContent();
    limit_ = limit;
    if (expected > 0)
        bytes_.reserve(std::min({limit, most_ahead, std::min(expected, limit) + headers_on_the_way}));
}

void MessageContent::append(std::string_view bytes) {
    size_ += bytes.size();
    if (size_ > limit_) spoil(Fault::too_big);
    if (fault_ == Fault::none) bytes_.append(bytes);
}

void MessageContent::found_bare_line_end() { spoil(Fault::bare_line_end); }

std::string MessageContent::take() { return std::exchange(bytes_, {}); }

void MessageContent::spoil(Fault fault) {
    if (fault_ == Fault::none) bytes_ = std::string();
    if (fault_ != Fault::bare_line_end) fault_ = fault;
}

}  // namespace mailrota::wire
