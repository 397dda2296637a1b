#include "core/mail/flowed_text.h"

#include <algorithm>

namespace mailrota::mail {
namespace {

std::size_t quote_depth(std::string_view line) { return std::min(line.find_first_not_of('>'), line.size()); }

// The words of a line: without quote marks and without the blank that stuffs them.
std::string_view words(std::string_view line) {
    line.remove_prefix(quote_depth(line));
    if (line.starts_with(' ')) {
        line.remove_prefix(1);
    }
    return line;
}

bool is_flowed(std::string_view content) { return content.ends_with(' ') && content != "-- "; }

}  // namespace

std::string unflow(std::string_view text, bool delete_space, std::vector<std::size_t>* stuffed) {
    std::string out;
    out.reserve(text.size());
    bool open = false;  // the last line written wants a continuation
    std::size_t depth = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t new_depth = quote_depth(line);
        const std::string_view content = words(line);
        const bool joins = open && new_depth == depth && content != "-- ";
        if (open && !joins) {
            out += '\n';
        }
        if (!joins) {
            if (stuffed != nullptr && new_depth == 0 && content.starts_with('>'))
                stuffed->push_back(out.size());
            out.append(new_depth, '>').append(new_depth > 0 ? 1 : 0, ' ');
        }
        open = is_flowed(content);
        out += delete_space && open ? content.substr(0, content.size() - 1) : content;
        out += open ? "" : "\n";
        depth = new_depth;
    }
    return open ? out + '\n' : out;
}

}  // namespace mailrota::mail
