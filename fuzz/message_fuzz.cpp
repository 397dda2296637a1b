// Any bytes are a message: nothing crashes, every decoded string is UTF-8, and the limits hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/mail/keys.h"
#include "core/mail/message.h"
#include "core/mail/parts.h"
#include "core/mail/text_encoding.h"

namespace {

using namespace mailrota::mail;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_header(const Message& message) {
    for (const HeaderField& field : message.headers()) {
        for (const std::string& value : message.header(field.name)) {
            require(is_utf8(value) && value.find_first_of(std::string("\r\n\0", 3)) == std::string::npos);
        }
    }
    require(is_utf8(message.subject()));
}

void check_content(const Message& message, const DecodeLimits& limits) {
    require(is_utf8(message.text().utf8));
    require(message.text().utf8.size() <= limits.text_bytes + limits.parts);
    require(message.attachments().size() <= limits.parts);
    for (const Attachment& attachment : message.attachments()) {
        require(is_utf8(attachment.name) && is_utf8(attachment.type));
    }
}

void check_keys(const Message& message) {
    require(message_key(message, "", "nonce") == message_key(message, "", "nonce"));
    require(thread_ids(message).size() <= 100);
    const TraceSecret secret{};
    require(read_trace(message, secret) == Trace());
    const Trace trace{{"orders"}, 1};
    auto headers = message.headers();
    headers.push_back({std::string(trace_header), sign_trace(trace, trace_identity(message), secret)});
    require(read_trace(Message::from_parts(headers, ""), secret) == trace);
}

void check_parts(const Message& message) {
    const Parts parts = take_apart(message);
    require(is_utf8(parts.subject) && is_utf8(parts.text.value_or("")) && is_utf8(parts.html.value_or("")));
    for (const HeaderField& field : parts.fields) require(is_utf8(field.value));
    for (const Parts::File& file : parts.files) {
        require(is_utf8(file.name) && is_utf8(file.type) && is_utf8(file.parameters));
        require(is_utf8(file.content_id) && file.bytes.size() <= message.body().size());
    }
    for (const Parts::Loss& loss : parts.losses) require(is_utf8(loss.text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DecodeLimits limits{.text_bytes = 4096, .depth = 10, .parts = 50};
    const Message message = Message::from_bytes({reinterpret_cast<const char*>(data), size}, limits);
    require(message.body().size() <= size);
    check_header(message);
    check_content(message, limits);
    check_keys(message);
    check_parts(message);
    const Message parts = Message::from_parts(message.headers(), std::string(message.body()), limits);
    require(parts.text().utf8 == message.text().utf8 && parts.size() == message.size());
    return 0;
}
