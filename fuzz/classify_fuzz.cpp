// Any bytes are a text, plain and as HTML: nothing crashes, each line is there once and in order, and a text
// whose budget ends is all new.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/mail/html_text.h"
#include "core/mail/line_class.h"
#include "core/mail/text_encoding.h"

namespace {

using namespace mailrota::mail;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const ClassifiedText& text) {
    std::size_t next = 0;
    for (const ClassifiedLine& line : text.lines) {
        require(line.begin == next && !line.why.empty());
        require((line.level == 0) == (line.of == LineClass::fresh || line.of == LineClass::signature));
        next = line.begin + line.size + 1;
    }
    require(next == text.utf8.size());
    std::size_t all = 0;
    for (const auto of : {LineClass::fresh, LineClass::quoted, LineClass::forwarded, LineClass::signature})
        all += text.text_of(of).size();
    require(all == text.utf8.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const TextHints hints{(*data & 1) != 0, (*data & 2) != 0, (*data & 4) != 0, (*data & 8) != 0};
    const std::string text = to_utf8("utf-8", {reinterpret_cast<const char*>(data) + 1, size - 1});
    const ClassifiedText plain = classify_plain(text, hints);
    check(plain);
    check(classify_plain(plain.utf8, hints, size / 2 + 1));
    require(classify_plain(plain.utf8, hints).lines == plain.lines);
    const ClassifiedText html = classify_html(text, hints);
    check(html);
    if (!html.utf8.empty()) require(html.utf8 == html_text(text).utf8);
    return 0;
}
