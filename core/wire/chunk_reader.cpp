#include "core/wire/chunk_reader.h"

#include <algorithm>

namespace mailrota::wire {

std::size_t ChunkReader::take(std::string_view bytes, MessageContent& content) {
    bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    left_ -= bytes.size();
    if (content.fault() != MessageContent::Fault::bare_line_end) check_line_ends(bytes, content);
    content.append(bytes);
    return bytes.size();
}

void ChunkReader::finish(MessageContent& content) {
    if (after_cr_) content.found_bare_line_end();
    after_cr_ = false;
}

void ChunkReader::check_line_ends(std::string_view bytes, MessageContent& content) {
    if (bytes.empty()) return;
    if (after_cr_ != bytes.starts_with('\n')) return content.found_bare_line_end();
    after_cr_ = false;
    if (bytes.starts_with('\n')) bytes.remove_prefix(1);
    while (!bytes.empty()) {
        const std::size_t cr = bytes.find('\r');
        if (bytes.substr(0, cr).find('\n') != std::string_view::npos) return content.found_bare_line_end();
        if (cr == std::string_view::npos) return;
        bytes.remove_prefix(cr + 1);
        after_cr_ = bytes.empty();
        if (!after_cr_ && bytes.front() != '\n') return content.found_bare_line_end();
        if (!after_cr_) bytes.remove_prefix(1);
    }
}

}  // namespace mailrota::wire
