#include <algorithm>
#include <array>

#include "core/mail/digest.h"
#include "core/policy/alert.h"
#include "core/policy/fold.h"
#include "core/policy/safe_text.h"
#include "core/policy/subject_prefix.h"

namespace mailrota::policy {
namespace {

constexpr std::size_t key_most = 200;      // bytes
constexpr std::size_t digest_digits = 32;  // hexadecimal

std::string digest_text(std::string_view purpose, std::string_view text) {
    const std::array fields{purpose, text};
    return mail::to_hex(mail::digest_of(fields)).substr(0, digest_digits);
}

// "[web - Bug #17]": a ticket number tells incidents apart, so whatever status follows it may go.
bool names_ticket(std::string_view tag) {
    const auto number = tag.find('#');
    return number != std::string_view::npos && number + 1 < tag.size() && tag[number + 1] >= '0' &&
           tag[number + 1] <= '9';
}

// Words that say how something stands, not what it is. Other words in brackets may be all that tells two
// incidents apart ("backup failed (db1)"), and stay.
bool status_word(std::string_view text) {
    constexpr auto words = std::to_array<std::string_view>(
        {"new",      "open",     "opened",   "reopened",  "assigned",    "accepted", "in progress", "pending",
         "feedback", "waiting",  "on hold",  "resolved",  "closed",      "rejected", "done",        "fixed",
         "solved",   "verified", "ok",       "up",        "down",        "warning",  "critical",    "unknown",
         "problem",  "recovery", "firing",   "emergency", "urgent",      "normal",   "high",        "low",
         "neu",      "offen",    "erledigt", "gelöst",    "geschlossen", "nouveau",  "nuevo"});
    return std::ranges::find(words, folded(text)) != words.end();
}

// The tags in square brackets at the start, with the blanks after them.
std::string_view tags_of(std::string_view subject) {
    std::size_t end = 0;
    while (end < subject.size() && subject[end] == '[') {
        const auto close = subject.find(']', end);
        if (close == std::string_view::npos) break;
        end = std::min(subject.find_first_not_of(' ', close + 1), subject.size());
    }
    return subject.substr(0, end);
}

std::string_view without_status_before(std::string_view subject, bool any_word) {
    const auto close = subject.find(')');
    if (!subject.starts_with('(') || close == std::string_view::npos) return subject;
    const auto rest = subject.substr(std::min(subject.find_first_not_of(' ', close + 1), subject.size()));
    const bool status = any_word || status_word(subject.substr(1, close - 1));
    return status && !rest.empty() ? rest : subject;
}

std::string_view without_status_behind(std::string_view subject) {
    const auto open = subject.rfind('(');
    if (!subject.ends_with(')') || open == std::string_view::npos) return subject;
    if (!status_word(subject.substr(open + 1, subject.size() - open - 2))) return subject;
    const auto end = subject.find_last_not_of(' ', open == 0 ? 0 : open - 1);
    return open == 0 || end == std::string_view::npos ? subject : subject.substr(0, end + 1);
}

}  // namespace

std::string normalised_subject(std::string_view subject) {
    const auto line = folded(single_spaced(subject));
    auto rest = take_prefixes(line).rest;
    const auto tags = tags_of(rest);
    rest = take_prefixes(rest.substr(tags.size())).rest;
    rest = without_status_behind(without_status_before(rest, names_ticket(tags)));
    const auto key = cleaned_key(std::string(tags) + std::string(rest));
    return key.empty() ? "(no subject)" : key;
}

std::string cleaned_key(std::string_view key) {
    auto clean = single_spaced(key);
    if (clean.size() <= key_most) return clean;
    const auto digest = digest_text("mailrota key", clean);
    return std::string(cut_text(clean, key_most - digest_digits - 1)) + ' ' + digest;
}

std::string line_digest(std::string_view line) {
    const auto clean = folded(single_spaced(line));
    std::string_view rest = clean;
    constexpr auto marks = std::to_array<std::string_view>({">", "|", "*", "-", "+", " ", "•", "·", "–"});
    for (bool found = true; found && !rest.empty();) {
        const auto mark = std::ranges::find_if(marks, [&](auto one) { return rest.starts_with(one); });
        found = mark != marks.end();
        if (found) rest.remove_prefix(mark->size());
    }
    return digest_text("mailrota line", rest.empty() ? clean : rest);
}

}  // namespace mailrota::policy
