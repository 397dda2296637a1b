#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mailrota::ctl {

// One line of a done-list: fields with tabs between them, in which tabs, line ends, NUL and backslashes are
// escaped.
struct DoneLine {
    enum class What { begun, delivered, failed, over };  // over: begun, but neither delivered nor failed

    What what = What::begun;
    std::chrono::sys_seconds time{};
    std::string lease;
    std::string id;
    std::string recipient;
    std::string reply;

    bool operator==(const DoneLine&) const = default;
};

std::string to_line(const DoneLine& line);  // LF at its end
// Nothing if it is no such line. `text` has no LF.
std::optional<DoneLine> parse_done_line(std::string_view text);

}  // namespace mailrota::ctl
