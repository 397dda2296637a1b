#include "core/mail/message.h"

#include <mutex>
#include <utility>

#include "core/mail/classified_mail.h"
#include "core/mail/header_block.h"
#include "core/mail/header_text.h"
#include "core/mail/mime_text.h"
#include "core/mail/text_hints.h"

namespace mailrota::mail {

namespace {

// What the look-ups read of a header, so that a mail made of fields does not cost a multiple of its size.
constexpr std::size_t most_fields = 10'000;
constexpr std::size_t most_header_bytes = std::size_t{1} << 20;

std::size_t body_of(std::string_view bytes) {
    HeaderReader reader(bytes);
    while (reader.next()) {
    }
    return reader.body();
}

}  // namespace

struct Message::Data {
    std::string bytes;
    bool whole = false;    // `bytes` begin with the header
    std::size_t body = 0;  // where the body begins in `bytes`
    DecodeLimits limits;

    mutable std::once_flag listed;
    mutable std::vector<HeaderField> headers;  // of a whole message valid once `listed` has been called

    mutable std::once_flag decoded;
    mutable MimeContent content;              // valid once `decoded` has been called
    mutable std::unique_ptr<MimeBody> taken;  // then, until `classified` is called, if it may give more texts

    mutable std::once_flag filed;
    mutable MimeFiles files;  // valid once `filed` has been called

    mutable std::once_flag classified;
    mutable std::vector<ClassifiedText> texts;  // valid once `classified` has been called

    std::string_view body_bytes() const { return std::string_view(bytes).substr(body); }
    const MimeContent& decode() const {
        std::call_once(decoded, [this] {
            auto parts = std::make_unique<MimeBody>(list(), body_bytes(), limits);
            content = parts->text();
            if (content.other_texts) taken = std::move(parts);
        });
        return content;
    }

    const MimeFiles& find_files() const {
        std::call_once(filed, [this] { files = MimeBody(list(), body_bytes(), limits).files(); });
        return files;
    }

    const std::vector<HeaderField>& list() const {
        std::call_once(listed, [this] {
            if (!whole) return;
            read(
                [this](const RawField& field) {
                    headers.push_back({std::string(field.name), std::string(field.value)});
                    return true;
                },
                most_fields, most_header_bytes);
        });
        return headers;
    }

    // Calls `visit` for each field until it returns false.
    template <class Visit>
    void each_field(Visit visit, std::size_t most = most_fields,
                    std::size_t most_bytes = most_header_bytes) const {
        if (whole) {
            read(visit, most, most_bytes);
            return;
        }
        for (const HeaderField& field : headers) {
            if (!visit(RawField{{}, field.name, field.value})) return;
        }
    }

  private:
    template <class Visit>
    void read(Visit visit, std::size_t most, std::size_t most_bytes) const {
        HeaderReader reader(std::string_view(bytes).substr(0, body));
        for (std::size_t count = 0; count < most; ++count) {
            const auto field = reader.next();
            if (!field || reader.position() > most_bytes || !visit(*field)) return;
        }
    }
};

Message::Message() : Message(std::make_shared<Data>()) {}

Message::Message(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

Message Message::from_bytes(std::string bytes, DecodeLimits limits) {
    auto data = std::make_shared<Data>();
    data->bytes = std::move(bytes);
    data->whole = true;
    data->body = body_of(data->bytes);
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

const std::vector<HeaderField>& Message::headers() const { return data_->list(); }

std::vector<std::string> Message::header(std::string_view name) const {
    std::vector<std::string> values;
    data_->each_field([&](const RawField& field) {
        if (same_name(field.name, name)) values.push_back(decode_header(field.value));
        return true;
    });
    return values;
}

std::string_view Message::raw_header(std::string_view name) const {
    std::string_view value;
    data_->each_field([&](const RawField& field) {
        const bool found = same_name(field.name, name);
        if (found) value = field.value;
        return !found;
    });
    return value;
}

std::vector<std::string_view> Message::raw_headers(std::string_view name) const {
    std::vector<std::string_view> values;
    data_->each_field([&](const RawField& field) {
        if (same_name(field.name, name)) values.push_back(field.value);
        return true;
    });
    return values;
}

std::string Message::subject() const { return decode_header(raw_header("Subject")); }

std::string_view Message::bytes() const { return data_->bytes; }

std::string_view Message::body() const { return data_->body_bytes(); }

const Text& Message::text() const { return data_->decode().text; }

const std::vector<ClassifiedText>& Message::classified() const {
    std::call_once(data_->classified, [this] {
        const MimeContent& content = data_->decode();
        OtherTexts others;
        if (const auto body = std::move(data_->taken)) others = body->others();
        data_->texts = classify_mail(hints_of(*this), content, std::move(others));
    });
    return data_->texts;
}

const std::vector<Attachment>& Message::attachments() const { return data_->find_files().all; }

bool Message::attachments_truncated() const { return data_->find_files().truncated; }

std::uint64_t Message::size() const {
    constexpr std::uint64_t line_end = 2;
    std::uint64_t size = line_end + body().size();
    const auto add = [&size](const RawField& field) {
        std::uint64_t bare = 0;  // line feeds in the value that travel as CRLF
        for (std::size_t lf = field.value.find('\n'); lf != std::string_view::npos;
             lf = field.value.find('\n', lf + 1)) {
            bare += lf == 0 || field.value[lf - 1] != '\r' ? 1U : 0U;
        }
        size += field.name.size() + std::string_view(": ").size() + field.value.size() + bare + line_end;
        return true;
    };
    constexpr std::size_t all = std::string::npos;
    data_->each_field(add, all, all);
    return size;
}

}  // namespace mailrota::mail
