#include "core/mail/mime_text.h"

#include <algorithm>
#include <utility>

#include "core/mail/flowed_text.h"
#include "core/mail/header_text.h"
#include "core/mail/html_text.h"
#include "core/mail/mime_extent.h"
#include "core/mail/mime_part.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t structure_bytes_per_part = 2048;
constexpr std::size_t message_copies =
    8;  // attached messages are copied, up to this many times text_bytes in all

// What is looked for in a subtree.
struct Wanted {
    bool plain, html, attachments;
    bool others;  // HTML beside plain text and attached messages, instead of all the above
};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool is_text(GMimeObject* part, std::string_view type) {
    return (type == "text/plain" || type == "text/html") && !is_attachment(part);
}

bool is_attached_message(std::string_view type) {
    return type == "message/rfc822" || type == "message/global" || type == "message/rfc2822";
}

// Walks the parts of one mail and gathers what it finds; the limits hold for all of it.
class Walk {
  public:
    // `structure_left` bytes of structure may be read of attached messages. `truncated`: the mail itself was
    // cut.
    Walk(const DecodeLimits& limits, std::size_t structure_left, bool truncated)
        : limits_(limits),
          structure_left_(structure_left),
          copies_left_(limits.text_bytes * message_copies),
          truncated_(truncated) {}

    void tree(const MimeTree& tree, std::size_t depth, Wanted wanted) {
        if (tree.root() != nullptr) part(tree.root(), depth, wanted);
    }

    OtherTexts take_others() {
        OtherTexts others{std::move(content_.text), std::move(content_.origin), std::move(messages_), false};
        others.truncated = truncated_ || others.html.truncated;
        return others;
    }

    MimeContent take_text() {
        content_.text.truncated = content_.text.truncated || truncated_;
        return std::move(content_);
    }

    MimeFiles take_files() { return {std::move(files_), truncated_}; }

  private:
    void part(GMimeObject* object, std::size_t depth, Wanted wanted) {
        if (++parts_ > limits_.parts || depth > limits_.depth) {
            truncated_ = true;
        } else if (GMIME_IS_MULTIPART(object)) {
            multipart(GMIME_MULTIPART(object), depth, wanted);
        } else if (GMIME_IS_PART(object)) {
            leaf(GMIME_PART(object), depth, wanted);
        }
    }

    void multipart(GMimeMultipart* object, std::size_t depth, Wanted wanted) {
        if (g_mime_multipart_get_count(object) == 0) {
            preface(object, wanted);
        } else if (content_type(GMIME_OBJECT(object)) == "multipart/alternative") {
            alternative(object, depth, wanted);
        } else {
            children(object, depth, wanted);
        }
    }

    void children(GMimeMultipart* object, std::size_t depth, Wanted wanted) {
        const int count = g_mime_multipart_get_count(object);
        for (int i = 0; i < count && parts_ <= limits_.parts; ++i) {
            part(g_mime_multipart_get_part(object, i), depth + 1, wanted);
        }
    }

    // Plain text first; HTML counts where no plain text is offered, or an empty one.
    void alternative(GMimeMultipart* object, std::size_t depth, Wanted wanted) {
        if (wanted.others) {
            children(object, depth, {false, true, false, true});
            return;
        }
        const std::size_t before = content_.text.utf8.size();
        const std::size_t parts_before = parts_;
        children(object, depth, {wanted.plain, false, wanted.attachments, false});
        const bool found = !is_blank(std::string_view(content_.text.utf8).substr(before));
        if (wanted.html && !found && !truncated_) {
            parts_ = parts_before;
            children(object, depth, {false, true, false, false});
        }
    }

    // A multipart whose boundary never comes: what stands there is all there is to read.
    void preface(GMimeMultipart* object, Wanted wanted) {
        const char* text = g_mime_multipart_get_prologue(object);
        if (wanted.plain && text != nullptr) {
            add_text(to_utf8("", text));
        }
    }

    void leaf(GMimePart* object, std::size_t depth, Wanted wanted) {
        const std::string type = content_type(GMIME_OBJECT(object));
        if (is_text(GMIME_OBJECT(object), type)) {
            const bool html = type == "text/html";
            if (html ? wanted.html : wanted.plain) {
                text(object, html);
            } else if (html) {
                content_.other_texts = true;
            }
        } else if (wanted.others) {
            keep_message(object, type);
        } else if (wanted.attachments) {
            attachment(object, type, depth);
        } else if (is_attached_message(type)) {
            content_.other_texts = true;
        }
    }

    void text(GMimePart* object, bool html) {
        std::string bytes = read_content(object, text_room(), content_.text.truncated);
        std::string decoded = to_utf8(type_parameter(GMIME_OBJECT(object), "charset"), std::move(bytes));
        crlf_to_lf(decoded);
        TextOrigin origin;
        if (html) {
            HtmlText read = html_text(decoded, origin.html);
            truncated_ = truncated_ || read.truncated;
            decoded = std::move(read.utf8);
            origin.from_html = true;
        } else if (same_name(type_parameter(GMIME_OBJECT(object), "format"), "flowed")) {
            const bool delete_space = same_name(type_parameter(GMIME_OBJECT(object), "delsp"), "yes");
            decoded = unflow(decoded, delete_space, &origin.stuffed);
            origin.flowed = true;
        }
        add_origin(origin);
        add_text(std::move(decoded));
    }

    // That of a part whose text comes next.
    void add_origin(const TextOrigin& origin) {
        const std::size_t begin = content_.text.utf8.size();
        TextOrigin& all = content_.origin;
        all.flowed = all.flowed || origin.flowed;
        all.from_html = all.from_html || origin.from_html;
        for (const std::size_t byte : origin.stuffed) all.stuffed.push_back(begin + byte);
        for (HtmlMark mark : origin.html) {
            mark.begin += begin;
            mark.end += begin;
            all.html.push_back(mark);
        }
    }

    std::size_t text_room() const {
        return limits_.text_bytes - std::min(limits_.text_bytes, content_.text.utf8.size());
    }

    void add_text(std::string text) {
        content_.text.truncated = content_.text.truncated || text.size() > text_room();
        cut_utf8(text, text_room());
        if (!text.empty() && text.back() != '\n') text += '\n';
        if (content_.text.utf8.empty())
            content_.text.utf8 = std::move(text);
        else
            content_.text.utf8 += text;
    }

    void attachment(GMimePart* object, const std::string& type, std::size_t depth) {
        files_.push_back({file_name(object), type, content_size(object)});
        if (is_attached_message(type)) attached_message(object, depth);
    }

    void keep_message(GMimePart* object, const std::string& type) {
        if (!is_attached_message(type)) return;
        std::size_t room = limits_.text_bytes;
        for (const std::string& message : messages_) room -= std::min(room, message.size());
        messages_.push_back(read_content(object, room, truncated_));
    }

    // Opened for its attachments only.
    void attached_message(GMimePart* object, std::size_t depth) {
        const std::string bytes = read_content(object, copies_left_, truncated_);
        copies_left_ -= bytes.size();
        const std::size_t extent = mime_extent(bytes, structure_left_);
        truncated_ = truncated_ || extent < bytes.size();
        tree(MimeTree("", std::string_view(bytes).substr(0, extent)), depth + 1, {false, false, true, false});
    }

    const DecodeLimits& limits_;
    std::size_t structure_left_;
    std::size_t copies_left_;
    std::size_t parts_ = 0;
    bool truncated_;
    MimeContent content_;
    std::vector<Attachment> files_;
    std::vector<std::string> messages_;
};

// True if the body has parts, as GMime will see it or more often.
bool may_have_parts(std::string_view header) {
    std::string small(header);
    std::ranges::transform(small, small.begin(), g_ascii_tolower);
    return small.find("multipart") != std::string::npos;
}

}  // namespace

// The parts, and what is left of the limits after them.
struct MimeBody::Source {
    Source(const std::vector<HeaderField>& headers, std::string_view body, const DecodeLimits& given)
        : limits(given),
          header(content_header(headers)),
          structure_left(limits.parts * structure_bytes_per_part),
          extent(may_have_parts(header) ? mime_extent(body, structure_left) : body.size()),
          truncated(extent < body.size()),
          tree(header, body.substr(0, extent)) {}

    Walk walked(Wanted wanted) const {
        Walk walk(limits, structure_left, truncated);
        walk.tree(tree, 0, wanted);
        return walk;
    }

    DecodeLimits limits;
    std::string header;
    std::size_t structure_left;
    std::size_t extent;  // of the body that is read
    bool truncated;
    MimeTree tree;
};

MimeBody::MimeBody(const std::vector<HeaderField>& headers, std::string_view body, const DecodeLimits& limits)
    : source_(std::make_unique<const Source>(headers, body, limits)) {}

MimeBody::~MimeBody() = default;

MimeContent MimeBody::text() const { return source_->walked({true, true, false, false}).take_text(); }

OtherTexts MimeBody::others() const { return source_->walked({false, false, false, true}).take_others(); }

MimeFiles MimeBody::files() const { return source_->walked({false, false, true, false}).take_files(); }

}  // namespace mailrota::mail
