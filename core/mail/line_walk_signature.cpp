#include "core/mail/folded_text.h"
#include "core/mail/history_words.h"
#include "core/mail/line_walk.h"

namespace mailrota::mail {

namespace {

// Spares most lines the rest: none begins with another letter.
bool may_begin_disclaimer(std::string_view content) {
    return std::string_view("dDcCtTeEqQ").find(content.front()) != std::string_view::npos;
}

constexpr unsigned most_signature_lines = 15;  // more is text

}  // namespace

// Puts the line as part of a signature if it is one. Only a person's own text has signatures.
bool LineWalk::sign(std::size_t line) {
    const bool own = voices_.size() == 1 && !in_history() && !hints_.machine;
    if (!own || line < no_quote_until_) return false;
    const auto put_as = [&](std::string_view why) {
        put(line, Voice{LineClass::signature, 0, why, {}, false, false});
        return true;
    };
    if (text_[line].signature) return put_as("in a signature element");
    if (signature_ && go_on_signing(line)) return put_as(signature_->why);
    if (begins_signature(line)) {
        signature_ = Signature{line, 0, false, "below the signature delimiter"};
        return put_as("signature delimiter");
    }
    if (is_device_line(line)) return put_as("device line");
    const bool paragraph = line == 0 || text_[line - 1].blank || html_;
    if (!paragraph || !may_begin_disclaimer(text_.content(line))) return false;
    if (!begins_disclaimer(fold_text(text_.content(line).substr(0, 80)))) return false;
    signature_ = Signature{line, 1, true, "disclaimer"};
    return put_as("disclaimer");
}

bool LineWalk::go_on_signing(std::size_t line) {
    const bool over = signature_->paragraph && (html_ || text_[line - 1].blank);
    if (!over && ++signature_->lines <= most_signature_lines) return true;
    if (!over) sign_off();
    signature_.reset();
    return false;
}

// It was no signature: what seemed to be one is fresh.
void LineWalk::sign_off() {
    for (std::size_t line = signature_->begin; line < text_.size(); ++line) {
        if (lines_[line].of != LineClass::signature) {
            if (!text_[line].blank) break;
            continue;
        }
        put(line, Voice{});
    }
}

// "-- " (RFC 3676 4.3); without its blank only in an answer, as machines draw lines so.
bool LineWalk::begins_signature(std::size_t line) const {
    const std::string_view words = text_.line(line);
    const bool bare = words == "--" || words == "--\r" || words == "-- \r" || words == "__" || words == "++";
    return fresh_ > 0 && (words == "-- " || (bare && answers()));
}

// A short line of its own.
bool LineWalk::is_device_line(std::size_t line) const {
    constexpr std::size_t longest = 70;
    const std::string_view content = text_.content(line);
    const bool above = line == 0 || text_[line - 1].blank || html_;
    const bool below = line + 1 >= text_.size() || text_[line + 1].blank || html_;
    return content.size() <= longest && above && below && begins_device_line(fold_text(content));
}

}  // namespace mailrota::mail
