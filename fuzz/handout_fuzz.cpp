// Any bytes are a request or an answer of the hand-out: nothing crashes, and what is read can be written and
// read again without a change.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/wire/handout.h"

namespace {

using namespace mailrota::wire;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

template <class Read>
void check(std::string_view text, Read read) {
    const auto value = read(text);
    if (!value) {
        require(!value.error().text.empty());
        return;
    }
    require(read(to_json(*value)) == value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, read_lease_request);
    check(text, read_lease);
    check(text, read_acknowledgement);
    check(text, read_acknowledgement_answer);
    check(text, read_box_status);
    const auto token = read_token(text);
    require(!token || token->size() <= 4096);
    return 0;
}
