#include "core/mail/text_hints.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/mail/folded_text.h"
#include "core/mail/header_text.h"

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

// The fields of a header, read once.
class Fields {
  public:
    explicit Fields(const std::vector<HeaderField>& all) : all_(all) {}

    // The first of that name; empty if there is none.
    std::string_view value(std::string_view name) const {
        const auto found =
            std::ranges::find_if(all_, [&](const HeaderField& field) { return same_name(field.name, name); });
        return found == all_.end() ? std::string_view{} : std::string_view(found->value);
    }
    bool has(std::string_view name) const { return !value(name).empty(); }
    bool says(std::string_view name, std::string_view word) const {
        return fold_text(value(name).substr(0, 200)).find(word) != std::string::npos;
    }

  private:
    const std::vector<HeaderField>& all_;
};

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
    const Fields fields(message.headers());
    const SubjectPrefix prefix = subject_prefix(message.subject());
    hints.reply_subject = prefix == SubjectPrefix::reply;
    hints.forward_subject = prefix == SubjectPrefix::forward;
    hints.answers = fields.has("In-Reply-To") || fields.has("References");
    hints.machine = fields.says("Auto-Submitted", "auto-generated") || fields.says("Precedence", "bulk") ||
                    fields.says("Precedence", "list") || fields.says("Precedence", "junk") ||
                    std::ranges::any_of(machine_fields, [&](auto name) { return fields.has(name); });
    return hints;
}

}  // namespace mailrota::mail
