#include "ctl/pull_progress.h"

#include <boost/json.hpp>
#include <ostream>

namespace mailrota::ctl {
namespace {

constexpr std::chrono::seconds between_lines{10};

}  // namespace

std::string to_json(const PullSummary& summary) {
    boost::json::object object{
        {"mails", summary.mails},       {"delivered", summary.delivered},
        {"failed", summary.failed},     {"deferred", summary.deferred},
        {"repeated", summary.repeated}, {"possible_duplicates", summary.possible_duplicates},
        {"bytes", summary.bytes},       {"left", summary.left}};
    if (!summary.trouble.empty()) object["trouble"] = summary.trouble;
    return boost::json::serialize(object);
}

std::string to_text(const PullSummary& summary) {
    std::string text = std::to_string(summary.mails) + (summary.mails == 1 ? " mail" : " mails") + " pulled";
    const char* before = ": ";
    const auto add = [&](std::uint64_t count, const char* what) {
        if (count == 0) return;
        text += before + std::to_string(count) + " " + what;
        before = ", ";
    };
    add(summary.delivered, "delivered");
    add(summary.failed, "failed");
    add(summary.deferred, "deferred");
    add(summary.repeated, "done before");
    add(summary.possible_duplicates, "perhaps sent twice");
    if (summary.left > 0) text += "; " + std::to_string(summary.left) + " left";
    return text;
}

void PullProgress::clear() {
    if (shown_) out_ << "\r\x1b[K";
    shown_ = false;
}

void PullProgress::note(const std::string& text) {
    clear();
    out_ << "mailrota pull: " << text << '\n' << std::flush;
}

void PullProgress::moved(const PullSummary& summary) {
    if (terminal_) {
        clear();
        out_ << "mailrota pull: " << to_text(summary) << std::flush;
        shown_ = true;
    } else if (Clock::now() - last_ >= between_lines) {
        last_ = Clock::now();
        note(to_text(summary));
    }
}

void PullProgress::finished(const PullSummary& summary) {
    clear();
    const bool worked = summary.mails > 0 || summary.repeated > 0;
    if (worked || terminal_) note(to_text(summary));
}

}  // namespace mailrota::ctl
