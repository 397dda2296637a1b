#include "core/mail/text_hints.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/mail/folded_text.h"

namespace mailrota::mail {
namespace {

// Fields that only programs and lists add. Their values do not matter.
constexpr std::array<std::string_view, 20> machine_fields = {"List-Id",
                                                             "List-Post",
                                                             "X-Auto-Response-Suppress",
                                                             "X-Cron-Env",
                                                             "X-Redmine-Host",
                                                             "X-Redmine-Site",
                                                             "X-Redmine-Project",
                                                             "X-JIRA-FingerPrint",
                                                             "X-Bugzilla-Type",
                                                             "X-Bugzilla-Status",
                                                             "X-GitHub-Reason",
                                                             "X-GitLab-Project",
                                                             "X-Nagios-Notification-Type",
                                                             "X-Icinga-Host",
                                                             "X-Trac-Version",
                                                             "X-OTRS-Loop",
                                                             "X-Zammad-Ticket-ID",
                                                             "X-Phabricator-Sent-This-Message",
                                                             "X-Launchpad-Bug",
                                                             "Feedback-ID"};

// "[list] " before the prefix; a tracker's "[Project #123] " belongs to the subject.
std::string_view without_list_name(std::string_view subject) {
    const std::size_t end = subject.find(']');
    if (!subject.starts_with('[') || end == std::string_view::npos) return subject;
    if (subject.substr(0, end).find('#') != std::string_view::npos) return subject;
    return trim_blanks(subject.substr(end + 1));
}

bool says(const Message& message, std::string_view field, std::string_view value) {
    return fold_text(message.raw_header(field).substr(0, 200)).find(value) != std::string::npos;
}

}  // namespace

SubjectPrefix subject_prefix(std::string_view subject) {
    constexpr std::size_t longest_prefix = 40;
    subject = without_list_name(trim_blanks(subject));
    const std::string folded = fold_text(subject.substr(0, longest_prefix));
    const std::size_t colon = folded.find(':');
    if (colon == std::string::npos) return SubjectPrefix::none;
    std::string_view word = std::string_view(folded).substr(0, colon);
    word = trim_blanks(word.substr(0, word.find_first_of("[(^*")));  // "Re[2]:"
    while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
    return find_subject_prefix(trim_blanks(word));
}

TextHints hints_of(const Message& message) {
    TextHints hints;
    const SubjectPrefix prefix = subject_prefix(message.subject());
    hints.reply_subject = prefix == SubjectPrefix::reply;
    hints.forward_subject = prefix == SubjectPrefix::forward;
    hints.answers = !message.raw_header("In-Reply-To").empty() || !message.raw_header("References").empty();
    hints.machine =
        says(message, "Auto-Submitted", "auto-generated") || says(message, "Precedence", "bulk") ||
        says(message, "Precedence", "list") || says(message, "Precedence", "junk") ||
        std::ranges::any_of(machine_fields,
                            [&](std::string_view field) { return !message.raw_header(field).empty(); });
    return hints;
}

}  // namespace mailrota::mail
