#include "core/mail/message.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/mail/header_block.h"
#include "core/mail/header_text.h"
#include "core/mail/mime_text.h"

namespace mailrota::mail {

struct Message::Data {
    std::vector<HeaderField> headers;
    std::string bytes;
    std::size_t body = 0;  // where the body begins in `bytes`
    DecodeLimits limits;

    mutable std::once_flag decoded;
    mutable MimeContent content;  // valid once `decoded` has been called

    std::string_view body_bytes() const { return std::string_view(bytes).substr(body); }
    const MimeContent& decode() const {
        std::call_once(decoded, [this] { content = decode_mime(headers, body_bytes(), limits); });
        return content;
    }
};

Message::Message() : Message(std::make_shared<Data>()) {}

Message::Message(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

Message Message::from_bytes(std::string bytes, DecodeLimits limits) {
    auto data = std::make_shared<Data>();
    HeaderBlock block = read_header_block(bytes);
    data->headers = std::move(block.fields);
    data->bytes = std::move(bytes);
    data->body = block.body;
    data->limits = limits;
    return Message(std::move(data));
}

Message Message::from_parts(std::vector<HeaderField> headers, std::string body, DecodeLimits limits) {
    auto data = std::make_shared<Data>();
    data->headers = std::move(headers);
    data->bytes = std::move(body);
    data->limits = limits;
    return Message(std::move(data));
}

const std::vector<HeaderField>& Message::headers() const { return data_->headers; }

std::vector<std::string> Message::header(std::string_view name) const {
    std::vector<std::string> values;
    for (const HeaderField& field : data_->headers) {
        if (same_name(field.name, name)) {
            values.push_back(decode_header(field.value));
        }
    }
    return values;
}

std::string_view Message::raw_header(std::string_view name) const {
    const auto found =
        std::ranges::find_if(data_->headers, [&](const auto& field) { return same_name(field.name, name); });
    return found == data_->headers.end() ? std::string_view() : found->value;
}

std::string Message::subject() const { return decode_header(raw_header("Subject")); }

std::string_view Message::body() const { return data_->body_bytes(); }

const Text& Message::text() const { return data_->decode().text; }

const std::vector<Attachment>& Message::attachments() const { return data_->decode().attachments; }

bool Message::attachments_truncated() const { return data_->decode().attachments_truncated; }

std::uint64_t Message::size() const {
    constexpr std::uint64_t line_end = 2;
    std::uint64_t size = line_end + body().size();
    for (const HeaderField& field : data_->headers) {
        std::uint64_t bare = 0;  // line feeds in the value that travel as CRLF
        for (std::size_t lf = field.value.find('\n'); lf != std::string::npos;
             lf = field.value.find('\n', lf + 1)) {
            bare += lf == 0 || field.value[lf - 1] != '\r' ? 1U : 0U;
        }
        size += field.name.size() + std::string_view(": ").size() + field.value.size() + bare + line_end;
    }
    return size;
}

}  // namespace mailrota::mail
