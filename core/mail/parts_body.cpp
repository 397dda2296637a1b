#include "core/mail/parts_body.h"

#include <algorithm>
#include <array>

#include "core/mail/header_text.h"
#include "core/mail/mime_extent.h"
#include "core/mail/mime_part.h"
#include "core/mail/parts_losses.h"
#include "core/mail/parts_text.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t most_parts = 1000;
constexpr std::size_t most_depth = 50;
constexpr std::size_t structure_bytes_per_part = 2048;

// Where a part stands, as its reader sees it.
struct Place {
    enum class Within { root, mixed, alternative, related_root, related };
    Within within = Within::root;
    std::size_t depth = 0;
    int choice = 0;  // the outermost multipart/alternative that it is in; 0: none
};
using Within = Place::Within;

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool is_said_inline(GMimeObject* part) {
    const char* disposition = g_mime_object_get_disposition(part);
    return disposition != nullptr && same_name(disposition, "inline");
}

bool is_smime(std::string_view type) {
    return type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime";
}

// Walks over the parts of one mail and puts each where it belongs.
class BodyWalk {
  public:
    BodyWalk(Parts& parts, std::size_t most_bytes) : parts_(parts), most_bytes_(most_bytes) {}

    void part(GMimeObject* object, const Place& place) {
        if (++count_ > most_parts || place.depth > most_depth) {
            lose_shape(parts_, "more parts, or deeper ones, than are taken apart");
            return;
        }
        if (place.within != Within::root) tell_fields(object);
        if (GMIME_IS_MULTIPART(object)) {
            multipart(GMIME_MULTIPART(object), place);
        } else if (GMIME_IS_PART(object)) {
            leaf(GMIME_PART(object), place);
        }
    }

  private:
    void tell_fields(GMimeObject* object) {
        constexpr std::array<const char*, 6> kept{"Content-Type",        "Content-Transfer-Encoding",
                                                  "Content-Disposition", "Content-ID",
                                                  "MIME-Version",        "X-Attachment-Id"};
        GMimeHeaderList* list = g_mime_object_get_header_list(object);
        for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
            const char* name = g_mime_header_get_name(g_mime_header_list_get_header_at(list, i));
            const auto same = [name](const char* other) { return same_name(name, other); };
            if (std::ranges::none_of(kept, same)) lose_detail(parts_, "header fields of single parts");
        }
    }

    void multipart(GMimeMultipart* object, const Place& place) {
        const std::string type = content_type(GMIME_OBJECT(object));
        if (g_mime_multipart_get_count(object) == 0) return preface(object, place);
        if (type == "multipart/alternative") return alternative(object, place);
        if (type == "multipart/related") return related(object, place);
        if (type == "multipart/signed") return signed_parts(object, place);
        if (type == "multipart/encrypted") {
            lose_shape(parts_, "multipart/encrypted would become files");
        } else if (type == "multipart/report") {
            lose_shape(parts_, "multipart/report would become a plain mail with files");
        } else if (type != "multipart/mixed") {
            lose_detail(parts_, type + " would become multipart/mixed");
        }
        children(object, below(place, place.within == Within::related ? Within::related : Within::mixed));
    }

    static Place below(const Place& place, Within within) { return {within, place.depth + 1, place.choice}; }

    void children(GMimeMultipart* object, const Place& place) {
        const int count = g_mime_multipart_get_count(object);
        for (int i = 0; i < count && count_ <= most_parts; ++i) {
            part(g_mime_multipart_get_part(object, i), place);
        }
    }

    void alternative(GMimeMultipart* object, const Place& place) {
        Place inside = below(place, Within::alternative);
        if (place.within == Within::related) inside.within = Within::related;
        if (inside.choice == 0) inside.choice = ++choices_;
        children(object, inside);
    }

    // The root is what "start" names, else the first (RFC 2387 section 3.2).
    void related(GMimeMultipart* object, const Place& place) {
        std::string start = type_parameter(GMIME_OBJECT(object), "start");
        if (start.starts_with('<') && start.ends_with('>')) start = start.substr(1, start.size() - 2);
        const int count = g_mime_multipart_get_count(object);
        int root = 0;
        for (int i = 0; i < count && !start.empty(); ++i) {
            if (content_id(g_mime_multipart_get_part(object, i)) == start) {
                root = i;
                break;
            }
        }
        const Within root_within = place.within == Within::related ? Within::related : Within::related_root;
        for (int i = 0; i < count && count_ <= most_parts; ++i) {
            part(g_mime_multipart_get_part(object, i),
                 below(place, i == root ? root_within : Within::related));
        }
    }

    // The signature fits nothing that is built anew, so it is left out.
    void signed_parts(GMimeMultipart* object, const Place& place) {
        lose_shape(parts_, "multipart/signed would lose its signature");
        part(g_mime_multipart_get_part(object, 0), below(place, place.within));
    }

    // A multipart whose boundary never comes: what stands there is all there is to read.
    void preface(GMimeMultipart* object, const Place& place) {
        const char* prologue = g_mime_multipart_get_prologue(object);
        lose_shape(parts_, "a multipart without parts");
        if (prologue != nullptr && place.within != Within::related && !parts_.text) {
            parts_.text = to_utf8("", prologue);
        }
    }

    void leaf(GMimePart* object, const Place& place) {
        const std::string type = content_type(GMIME_OBJECT(object));
        const bool attached = is_attachment(GMIME_OBJECT(object));
        tell_shape(object, type, place, attached);
        if ((type == "text/plain" || type == "text/html") && !attached && may_be_body(object, place)) {
            text(object, type == "text/html", place);
        } else if (place.within == Within::alternative && type.starts_with("text/") &&
                   type != "text/calendar" && !attached) {
            lose_detail(parts_, "the alternative in " + type);
        } else {
            const bool related = place.within == Within::related;
            file(object, is_said_inline(GMIME_OBJECT(object)) ||
                             (related && (!attached || !content_id(GMIME_OBJECT(object)).empty())));
        }
    }

    void tell_shape(GMimePart* object, std::string_view type, const Place& place, bool attached) {
        if (type.starts_with("message/")) {
            lose_shape(parts_, std::string(type) + " would become a file");
        } else if (is_smime(type) && !attached) {
            lose_shape(parts_, "an S/MIME part would become a file");
        } else if (is_smime(type) && place.within == Within::root) {
            lose_shape(parts_, "an S/MIME mail would become a file");
        } else if (type == "text/calendar" && place.within == Within::alternative) {
            lose_shape(parts_, "an invitation among the alternatives would become a file");
        } else if (type == "text/calendar" && !type_parameter(GMIME_OBJECT(object), "method").empty()) {
            lose_shape(parts_, "an invitation would become a file");
        }
    }

    // A named part that stands by itself is a file, whatever its disposition.
    static bool may_be_body(GMimePart* object, const Place& place) {
        if (place.within == Within::related) return false;
        return place.within != Within::mixed || file_name(object).empty();
    }

    void text(GMimePart* object, bool html, const Place& place) {
        std::string decoded = decoded_text(parts_, object, most_bytes_);
        const bool first = !parts_.text && !parts_.html;
        const bool other_choice = place.choice != 0 && place.choice == body_choice_;
        std::optional<std::string>& body = html ? parts_.html : parts_.text;
        if (first || (other_choice && !body)) {
            body_choice_ = place.choice;
            body = std::move(decoded);
        } else {
            further_text(object, html, place, decoded);
        }
    }

    void further_text(GMimePart* object, bool html, const Place& place, const std::string& decoded) {
        const bool joins = !html && !parts_.html && parts_.files.empty() && place.choice == 0 &&
                           body_choice_ == 0 && parts_.text;
        if (is_blank(decoded)) {
            lose_detail(parts_, "an empty text part");
        } else if (joins) {
            lose_detail(parts_, "several plain texts would become one");
            if (!parts_.text->empty() && !parts_.text->ends_with('\n')) *parts_.text += '\n';
            *parts_.text += decoded;
        } else {
            lose_shape(parts_, "several text parts: all but the first would become files");
            file(object, true);
        }
    }

    void file(GMimePart* object, bool shown) {
        parts_.files.push_back(read_file(parts_, object, shown, most_bytes_));
    }

    Parts& parts_;
    std::size_t most_bytes_;  // no part is longer than the whole body
    std::size_t count_ = 0;
    int choices_ = 0;
    int body_choice_ = 0;  // Place::choice of the texts
};

bool says_multipart(std::string header) {
    std::ranges::transform(header, header.begin(), g_ascii_tolower);
    return header.find("multipart") != std::string::npos;
}

}  // namespace

void take_body(Parts& parts, const Message& message) {
    const std::string header = content_header(message.headers());
    std::string_view body = message.body();
    if (says_multipart(header)) {
        std::size_t budget = most_parts * structure_bytes_per_part;
        const std::size_t extent = mime_extent(body, budget);
        if (extent < body.size()) lose_shape(parts, "more parts, or deeper ones, than are taken apart");
        body = body.substr(0, extent);
    }
    const MimeTree tree(header, body);
    BodyWalk walk(parts, body.size());
    if (tree.root() != nullptr) walk.part(tree.root(), {});
}

}  // namespace mailrota::mail
