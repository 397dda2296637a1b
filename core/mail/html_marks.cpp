#include "core/mail/html_marks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/mail/embedded_header.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t longest_attribute = 4096;
constexpr std::size_t most_marks = 100'000;

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A class or id, which clients put their own prefixes before ("x_", "ecx").
struct NamedElement {
    std::string_view part, why;
    bool following;  // what comes after it is meant, too
};
constexpr std::array<NamedElement, 17> named = {
    {{"divRplyFwdMsg", "behind Outlook's div", true},
     {"appendonsend", "behind Outlook's div", true},
     {"mail-editor-reference-message-container", "behind Outlook's div", true},
     {"oriMsgHtmlSeperator", "behind a web mailer's separator", true},
     {"origbody", "behind a web mailer's separator", true},
     {"OLK_SRC_BODY_SECTION", "in Outlook's quote", false},
     {"moz-cite-prefix", "in Thunderbird's attribution", false},
     {"moz-forward-container", "in Thunderbird's forward", false},
     {"yahoo_quoted", "in Yahoo's quote", false},
     {"yahooQuoted", "in Yahoo's quote", false},
     {"protonmail_quote", "in Proton's quote", false},
     {"tutanota_quote", "in Tuta's quote", false},
     {"zmail_extra", "in Zoho's quote", false},
     {"ik_mail_quote", "in Infomaniak's quote", false},
     {"reply139content", "in a web mailer's quote", false},
     {"isReplyContent", "in a web mailer's quote", false},
     {"isForwardContent", "in a web mailer's quote", false}}};

constexpr std::array<std::string_view, 5> signatures = {"gmail_signature", "moz-signature",
                                                        "AppleMailSignature", "ms-outlook-mobile-signature",
                                                        "protonmail_signature"};

// A style without blanks, in small letters.
std::string squeezed(std::string_view style) {
    std::string out;
    for (const char c : style) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    return out;
}

// The rule that Outlook and Windows Mail draw above the history.
bool draws_history_rule(std::string_view style) {
    if (!holds(style, "order-top") && !holds(style, "ORDER-TOP")) return false;
    const std::string text = squeezed(style);
    const bool outlook = (holds(text, "border-top:solid#b5c4df") || holds(text, "border-top:solid#e1e1e1")) &&
                         holds(text, "padding:3.0pt0");
    const bool windows = holds(text, "padding-top:5px") && holds(text, "border-top-color:rgb(229,229,229)");
    return outlook || windows;
}

const NamedElement* find_named(std::string_view classes, std::string_view id) {
    if (classes.empty() && id.empty()) return nullptr;
    const auto found = std::ranges::find_if(
        named, [&](const NamedElement& one) { return holds(classes, one.part) || holds(id, one.part); });
    return found == named.end() ? nullptr : &*found;
}

bool is_signature(std::string_view classes, std::string_view id) {
    if (classes.empty() && id.empty()) return false;
    return std::ranges::any_of(signatures,
                               [&](std::string_view one) { return holds(classes, one) || holds(id, one); });
}

// Whether the first words behind a mark are a label such as "From:".
bool begins_with_label(std::string_view text) {
    const std::size_t begin = text.find_first_not_of('\n');
    if (begin == std::string_view::npos) return false;
    text.remove_prefix(begin);
    return read_label(text.substr(0, text.find('\n'))).has_value();
}

}  // namespace

std::string_view HtmlElement::attribute(std::string_view of) const {
    for (const unsigned char** at = attributes; at != nullptr && *at != nullptr; at += 2) {
        if (at[1] == nullptr || of != reinterpret_cast<const char*>(at[0])) continue;
        return std::string_view(reinterpret_cast<const char*>(at[1])).substr(0, longest_attribute);
    }
    return {};
}

void HtmlMarks::open(const HtmlElement& element, std::string_view text) {
    elements_.push_back(text.size());
    if (element.name == "blockquote") return open_blockquote(element, text);
    if (element.attributes == nullptr) return;
    if (element.name == "hr") {
        if (holds(element.attribute("data-marker"), "__DIVIDER__"))
            begin_following("behind Zimbra's divider", text);
        else if (element.attribute("tabindex") == "-1")
            begin_following("behind Outlook's rule", text, true);
        return;
    }
    const std::string_view classes = element.attribute("class"), id = element.attribute("id");
    if (is_signature(classes, id))
        return begin(HtmlMark::Kind::signature, "in a signature element", elements_.size(), text);
    if (const NamedElement* one = find_named(classes, id)) {
        if (one->following) return begin_following(one->why, text);
        return begin(HtmlMark::Kind::history, one->why, elements_.size(), text);
    }
    if (holds(classes, "gmail_quote")) {
        begin(HtmlMark::Kind::history, "in Gmail's quote", elements_.size(), text);
        open_.back().container = true;
    } else if (element.name == "div" && element.attribute("name") == "quote") {
        begin(HtmlMark::Kind::history, "in GMX's quote", elements_.size(), text);
    } else if (draws_history_rule(element.attribute("style"))) {
        begin_following("behind Outlook's rule", text);
    }
}

// In a Gmail quote that is no forward, only the attribution and the blockquotes are old.
void HtmlMarks::open_blockquote(const HtmlElement& element, std::string_view text) {
    if (!open_.empty() && open_.back().container) {
        Open& container = open_.back();
        container.container = false;
        const auto inside = text.substr(std::min(container.mark.begin, text.size()));
        if (!inside.starts_with("-----")) {
            end(container, text);
            open_.pop_back();
        }
    }
    const bool gmail = holds(element.attribute("class"), "gmail_quote");
    if (gmail || element.attribute("type") == "cite")
        begin(HtmlMark::Kind::history, "in a quoting element", elements_.size(), text);
    else
        begin(HtmlMark::Kind::blockquote, "in a blockquote", elements_.size(), text);
}

bool HtmlMarks::begun_here(std::string_view text) const {
    return std::ranges::any_of(open_.rbegin(), open_.rend(), [&](const Open& open) {
        return open.mark.kind == HtmlMark::Kind::history && open.mark.begin == text.size();
    });
}

void HtmlMarks::begin(HtmlMark::Kind kind, std::string_view why, std::size_t scope, std::string_view text,
                      bool wants_header) {
    open_.push_back({{text.size(), 0, kind, why}, scope, false, wants_header});
}

// Up to the end of the parent, or of the innermost element that began with more than this.
void HtmlMarks::begin_following(std::string_view why, std::string_view text, bool wants_header) {
    constexpr std::size_t deepest_nesting = 64;
    if (open_.size() > deepest_nesting || begun_here(text)) return;
    std::size_t scope = elements_.size() - 1;
    while (scope > 1 && elements_[scope - 1] == text.size()) --scope;
    const auto after = std::ranges::find_if(open_, [&](const Open& open) { return open.scope > scope; });
    open_.insert(after, {{text.size(), 0, HtmlMark::Kind::history, why}, scope, false, wants_header});
}

void HtmlMarks::end(const Open& open, std::string_view text) {
    HtmlMark mark = open.mark;
    mark.end = text.size();
    const bool counts = !open.wants_header || begins_with_label(text.substr(mark.begin));
    if (counts && mark.end > mark.begin && marks_.size() < most_marks) marks_.push_back(mark);
}

void HtmlMarks::close(std::string_view text) {
    if (!elements_.empty()) elements_.pop_back();
    while (!open_.empty() && open_.back().scope > elements_.size()) {
        end(open_.back(), text);
        open_.pop_back();
    }
}

std::vector<HtmlMark> HtmlMarks::take(std::string_view text) {
    for (const Open& open : open_) end(open, text);
    open_.clear();
    std::ranges::stable_sort(marks_, {}, &HtmlMark::begin);
    return std::move(marks_);
}

}  // namespace mailrota::mail
