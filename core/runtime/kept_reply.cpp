#include "core/runtime/kept_reply.h"

#include <string_view>

#include "core/mail/text_encoding.h"
#include "core/policy/safe_text.h"

namespace mailrota::runtime {
namespace {

constexpr std::size_t longest = 1000;

std::string kept(std::string_view words) {
    // What is no UTF-8 grows: cut again.
    std::string text = policy::without_controls(words.substr(0, longest));
    mail::cut_utf8(text, longest);
    return text;
}

}  // namespace

std::string kept_line(const wire::Reply& reply) { return kept(wire::to_line(reply)); }

std::string kept_text(const wire::Reply& reply) { return kept(reply.text); }

}  // namespace mailrota::runtime
