#include "core/wire/data_writer.h"

#include <algorithm>

namespace mailrota::wire {

// Copies up to and with the next LF that a dot follows, or all; returns how much.
std::size_t DataWriter::copy(std::string& out, std::string_view bytes) {
    if (bytes.empty()) return 0;
    if (last_ == '\n' && bytes.front() == '.') out += '.';
    const auto stop = bytes.find("\n.");
    const std::string_view taken = bytes.substr(0, stop == std::string_view::npos ? stop : stop + 1);
    out += taken;
    before_last_ = taken.size() > 1 ? taken[taken.size() - 2] : last_;
    last_ = taken.back();
    return taken.size();
}

void DataWriter::write(std::string& out, std::size_t most) {
    while (piece_ < pieces_->size() && out.size() < most) {
        const std::string_view rest = (*pieces_)[piece_].substr(at_);
        at_ += copy(out, rest.substr(0, most - out.size()));
        if (at_ < (*pieces_)[piece_].size()) continue;
        ++piece_;
        at_ = 0;
    }
    if (piece_ < pieces_->size() || finished_) return;
    if (before_last_ != '\r' || last_ != '\n') out += "\r\n";
    out += ".\r\n";
    finished_ = true;
}

}  // namespace mailrota::wire
