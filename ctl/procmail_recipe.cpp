#include "ctl/procmail_recipe.h"

#include <algorithm>
#include <utility>

namespace mailrota::ctl {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr int deepest = 20;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

bool is_name(std::string_view text) {
    return !text.empty() && (text[0] < '0' || text[0] > '9') && std::ranges::all_of(text, [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

std::string unquoted(std::string_view value) {
    value = trimmed(value);
    const bool quoted =
        value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
    return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

struct Line {
    std::size_t number = 0;
    std::string text;  // lines that end with a backslash are joined
};

// Without empty lines and comments, from the last to the first.
std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    bool goes_on = false;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!goes_on && (line.empty() || line.front() == '#')) continue;
        if (!goes_on) lines.push_back({number, {}});
        goes_on = line.ends_with('\\');
        if (goes_on) line.remove_suffix(1);
        lines.back().text += line;
    }
    std::erase_if(lines, [](const Line& line) { return line.text.empty(); });
    std::ranges::reverse(lines);
    return lines;
}

class Reader {
  public:
    explicit Reader(std::string_view text) : lines_(lines_of(text)) {}

    Procmailrc run() {
        while (!lines_.empty()) {
            read_items(read_.variables, read_.recipes, 0);
            if (!lines_.empty()) remark(take(), "a } without its {");
        }
        return std::move(read_);
    }

  private:
    Line take() {
        Line line = std::move(lines_.back());
        lines_.pop_back();
        return line;
    }
    void remark(const Line& line, std::string text) {
        read_.remarks.push_back({line.number, std::move(text)});
    }

    // Until the } that ends the block, which is left, or the end.
    void read_items(std::vector<ProcmailVariable>& variables, std::vector<ProcmailRecipe>& recipes,
                    int depth) {
        while (!lines_.empty() && lines_.back().text.front() != '}') {
            const Line line = take();
            if (line.text.front() == ':')
                recipes.push_back(read_recipe(line, depth));
            else
                read_variable(line, variables);
        }
    }

    void read_variable(const Line& line, std::vector<ProcmailVariable>& variables) {
        const auto equals = line.text.find('=');
        const std::string_view name = trimmed(std::string_view(line.text).substr(0, equals));
        if (!is_name(name)) return remark(line, "is no recipe and no variable");
        const std::string value = equals == std::string::npos
                                      ? std::string()
                                      : unquoted(std::string_view(line.text).substr(equals + 1));
        variables.push_back({line.number, std::string(name), value});
    }

    ProcmailRecipe read_recipe(const Line& line, int depth) {
        ProcmailRecipe recipe;
        recipe.line = line.number;
        read_head(recipe, std::string_view(line.text).substr(1));
        while (!lines_.empty() && lines_.back().text.front() == '*') {
            const Line condition = take();
            recipe.conditions.push_back(
                {condition.number, std::string(trimmed(std::string_view(condition.text).substr(1)))});
        }
        if (lines_.empty() || lines_.back().text.front() == '}')
            remark(line, "a recipe that does nothing");
        else
            read_action(recipe, depth);
        return recipe;
    }

    static void read_head(ProcmailRecipe& recipe, std::string_view head) {
        head = trimmed(head.substr(0, head.find('#')));
        head.remove_prefix(std::min(head.find_first_not_of("0123456789"), head.size()));
        const auto colon = head.find(':');
        for (const char c : head.substr(0, colon))
            if (blanks.find(c) == std::string_view::npos) recipe.flags += c;
        recipe.locked = colon != std::string_view::npos;
        if (recipe.locked) recipe.lock = trimmed(head.substr(colon + 1));
    }

    void read_action(ProcmailRecipe& recipe, int depth) {
        Line line = take();
        recipe.action_line = line.number;
        const std::string_view text = line.text;
        if (text.front() == '{') return read_block(recipe, std::move(line), depth);
        const auto bar = text.find("=|");
        if (text.front() == '|') {
            recipe.action = ProcmailRecipe::Action::pipe;
        } else if (text.front() == '!') {
            recipe.action = ProcmailRecipe::Action::forward;
        } else if (bar != std::string_view::npos && is_name(text.substr(0, bar))) {
            recipe.action = ProcmailRecipe::Action::into_variable;
        } else {
            recipe.text = line.text;
            return;
        }
        recipe.text = trimmed(text.substr(1));
    }

    void read_block(ProcmailRecipe& recipe, Line line, int depth) {
        recipe.action = ProcmailRecipe::Action::block;
        if (depth >= deepest) remark(line, "blocks are nested too deep: what is in this one is not read");
        const auto rest = trimmed(std::string_view(line.text).substr(1));
        if (!rest.empty()) put_back_rest(line.number, rest);
        if (depth < deepest)
            read_items(recipe.variables, recipe.recipes, depth + 1);
        else
            skip_block();
        if (lines_.empty()) return remark(line, "a { without its }");
        const Line end = take();
        const auto after = trimmed(std::string_view(end.text).substr(1));
        if (!after.empty() && after.front() != '#') lines_.push_back({end.number, std::string(after)});
    }

    // "{ }", or "{ NAME=value }": what stands beside the brackets is lines of its own.
    void put_back_rest(std::size_t number, std::string_view rest) {
        if (rest.front() == '#') return;
        if (rest.size() > 1 && rest.ends_with('}')) {
            lines_.push_back({number, "}"});
            rest = trimmed(rest.substr(0, rest.size() - 1));
        }
        if (!rest.empty()) lines_.push_back({number, std::string(rest)});
    }

    // To the } of this block.
    void skip_block() {
        for (int open = 0; !lines_.empty(); lines_.pop_back()) {
            const char first = lines_.back().text.front();
            if (first == '}' && open-- == 0) return;
            if (first == '{') ++open;
        }
    }

    std::vector<Line> lines_;  // the next one last
    Procmailrc read_;
};

}  // namespace

Procmailrc read_procmailrc(std::string_view text) { return Reader(text).run(); }

}  // namespace mailrota::ctl
