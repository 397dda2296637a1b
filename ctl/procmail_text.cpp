#include "ctl/procmail_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/safe_text.h"
#include "ctl/procmail_condition.h"
#include "ctl/procmail_grep.h"

namespace mailrota::ctl {
namespace {

constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::string folded(std::string_view name) {
    std::string low(name);
    for (char& c : low)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return low;
}

// Fills a spoken text's variables in.
class Speaking {
  public:
    Speaking(const ProcmailScope& scope, ProcmailText& into) : scope_(scope), into_(into) {}

    void speak(const ProcmailVariable& from, std::string_view text) {
        line_ = from.line;
        std::string say;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at];
            if (c == '\\' && at + 1 < text.size()) {
                say += text[++at] == 'n' || text[at] == 't' ? ' ' : text[at];
            } else if (c == '$') {
                at = fill(text, at, say);
            } else {
                say += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
            }
        }
        for (const auto& [pattern, line] : lines_)
            into_.conditions.push_back(fmt::format("{{ body = {} }}", toml_text(line.pattern())));
        if (!lines_.empty())
            remark("a mail without the line that its values are taken from calls nobody now");
        into_.say = policy::single_spaced(say);
        // What stood behind a closing line that is gone: "…  ${LUCK}!".
        while (into_.say.ends_with(" !") || into_.say.ends_with(" .")) into_.say.resize(into_.say.size() - 2);
    }

  private:
    void remark(std::string text) { into_.remarks.push_back({line_, std::move(text)}); }

    // Where the variable's name ends.
    std::size_t fill(std::string_view text, std::size_t at, std::string& say) {
        const bool braces = text.substr(at + 1, 1) == "{";
        const auto begin = at + (braces ? 2 : 1);
        const auto end = std::min(text.find_first_not_of(name_letters, begin), text.size());
        say += value_of(std::string(text.substr(begin, end - begin)));
        return braces && end < text.size() ? end : end - 1;
    }

    std::string value_of(const std::string& name) {
        const auto known = scope_.find(name);
        if (known == scope_.end()) return unknown(name);
        const std::string& value = known->second.value;
        if (!value.starts_with('`')) {
            if (value.find_first_of("$`{}\\") != std::string::npos) return unknown(name);
            return value;
        }
        if (value.find("shuf ") != std::string::npos) return luck(value);
        const auto formail = value.find("formail -x");
        if (formail != std::string::npos) return header(value.substr(formail + 10), name);
        return captured(value, name);
    }

    std::string unknown(const std::string& name) {
        remark(fmt::format("${} is left out of the text: it is not known where it comes from", name));
        return {};
    }

    std::string header(const std::string& rest, const std::string& name) {
        const auto begin = rest.find_first_not_of(" \"'");
        const auto end = rest.find_first_of(": \"'`|", begin);
        if (begin == std::string::npos || end == std::string::npos) return unknown(name);
        const std::string field = rest.substr(begin, end - begin);
        const bool fits = field.find_first_not_of(std::string(name_letters) + "-") == std::string::npos;
        return fits && !field.empty() ? fmt::format("{{header.{}}}", field) : unknown(name);
    }

    std::string captured(const std::string& value, const std::string& name) {
        const auto cut = grep_cut_of(value);
        if (!cut) return unknown(name);
        const std::string capture = folded(name);
        const bool is_new = std::ranges::find(captures_, capture) == captures_.end();
        const auto [line, is_first] = lines_.try_emplace(cut->pattern, cut->pattern);
        if (is_new && !line->second.capture(*cut, capture)) {
            if (is_first) lines_.erase(line);
            return unknown(name);
        }
        if (is_new) captures_.push_back(capture);
        const bool is_number = cut->first == cut->last;
        if (is_number && into_.key.empty()) into_.key = fmt::format("{{{}}}", capture);
        return fmt::format("{{{}}}", capture);
    }

    // The file whose lines one is drawn of; mailrota puts that line at the end.
    std::string luck(const std::string& value) {
        const auto begin = value.find('$');
        std::string file = value.substr(value.find_last_of(' ', value.size() - 2) + 1);
        if (begin != std::string::npos) {
            const auto from = value.find_first_of(name_letters, begin);
            const auto to = value.find_first_not_of(name_letters, from);
            const auto known = scope_.find(value.substr(from, to - from));
            file = known == scope_.end() ? "" : known->second.value;
        }
        if (!file.empty() && file.back() == '`') file.pop_back();
        if (file.starts_with('/') && file.find_first_of("{}$") == std::string::npos)
            into_.luck = file;
        else
            remark("the file of closing lines is not known: write luck = { file = \"…\" } into the alert");
        return {};
    }

    const ProcmailScope& scope_;
    ProcmailText& into_;
    std::map<std::string, GrepLine> lines_;  // by the pattern of grep
    std::vector<std::string> captures_;
    std::size_t line_ = 0;
};

}  // namespace

ProcmailText text_of(const ProcmailScope& scope) {
    ProcmailText text;
    for (const auto& [name, variable] : scope) {
        const std::string& value = variable.value;
        const auto say = value.find("<Say");
        const auto begin = value.find('>', say);
        const auto end = value.find("</Say>", begin);
        if (say == std::string::npos || end == std::string::npos) continue;
        Speaking(scope, text).speak(variable, std::string_view(value).substr(begin + 1, end - begin - 1));
        break;
    }
    if (text.say.empty()) text.say = "{subject}";
    return text;
}

}  // namespace mailrota::ctl
