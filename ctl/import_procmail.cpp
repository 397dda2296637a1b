#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <ostream>
#include <set>

#include "core/config/config.h"
#include "core/policy/safe_text.h"
#include "core/runtime/policy_source.h"
#include "ctl/incident_commands.h"
#include "ctl/phone_vars.h"
#include "ctl/procmail_condition.h"
#include "ctl/procmail_text.h"
#include "ctl/state.h"

// mailrota import procmailrc: recipes become rules.
namespace mailrota::ctl {
namespace {

using Action = ProcmailRecipe::Action;

struct Imported {
    std::string toml;  // alerts and rules
    std::vector<Remark> remarks;
    std::size_t rules = 0;
};

// A name for an alert: letters, digits and "-" of the text.
std::string alert_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (fits)
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    return name.substr(0, name.find_last_not_of('-') + 1);
}

// Whether what is piped to only files, sorts or answers mail: nobody is called by it.
bool handles_mail(std::string_view command) {
    constexpr std::array<std::string_view, 11> programs = {
        "formail",  "vacation", "sendmail", "spamc",       "spamassassin", "bogofilter",
        "maildrop", "deliver",  "rcvstore", "dovecot-lda", "procmail"};
    std::string_view program = command.substr(0, command.find_first_of(" \t|;&<>"));
    program.remove_prefix(program.rfind('/') + 1);
    return std::ranges::find(programs, program) != programs.end();
}

// What a recipe inherits from the blocks around it.
struct Surroundings {
    ProcmailScope scope;
    std::vector<std::string> conditions;  // in TOML
    bool whole = true;                    // all of them could be turned
};

class Importing {
  public:
    explicit Importing(std::string escalate) : escalate_(std::move(escalate)) {}

    Imported run(const Procmailrc& procmailrc) {
        for (const Remark& remark : procmailrc.remarks) tell(remark.line, remark.text);
        turn_all(procmailrc.recipes, procmailrc.variables, {});
        std::ranges::stable_sort(imported_.remarks, {}, &Remark::line);
        return std::move(imported_);
    }

  private:
    void tell(std::size_t line, std::string text) {
        imported_.remarks.push_back({line, policy::without_controls(text)});
    }

    void turn_all(const std::vector<ProcmailRecipe>& recipes, const std::vector<ProcmailVariable>& variables,
                  Surroundings around) {
        for (const ProcmailVariable& variable : variables) {
            if (variable.name == "INCLUDERC" || variable.name == "SWITCHRC")
                tell(variable.line, variable.name + ": that file is not read; import it by itself");
            around.scope[variable.name] = variable;
        }
        bool first = true;
        for (const ProcmailRecipe& recipe : recipes) {
            turn(recipe, around, first);
            first = false;
        }
    }

    void turn(const ProcmailRecipe& recipe, Surroundings around, bool first_of_block) {
        tell_of_flags(recipe);
        if (recipe.has('E') || recipe.has('e') || ((recipe.has('A') || recipe.has('a')) && !first_of_block)) {
            around.whole = false;
            tell(recipe.line, "depends on the recipe before it (A, a, E, e), which a rule cannot");
        }
        for (const auto& condition : recipe.conditions) add_condition(condition, recipe, around);
        if (recipe.action == Action::block)
            return turn_all(recipe.recipes, recipe.variables, std::move(around));
        if (recipe.action == Action::pipe && !recipe.has('f') && !handles_mail(recipe.text))
            return write_rule(recipe, around);
        tell(recipe.action_line, not_turned(recipe));
    }

    void tell_of_flags(const ProcmailRecipe& recipe) {
        if (recipe.locked)
            tell(recipe.line, "the lock file is not needed: each incident speaks its own text");
        std::string idle;
        for (const char flag : recipe.flags)
            if (std::string_view("wWihbr").find(flag) != std::string_view::npos) idle += flag;
        if (!idle.empty()) tell(recipe.line, fmt::format("flag {} has no meaning here", idle));
    }

    static std::string not_turned(const ProcmailRecipe& recipe) {
        if (recipe.has('f')) return "a filter (flag f) is not turned: mails are not changed";
        if (recipe.action == Action::pipe) return "what handles mail calls nobody, and is not turned";
        if (recipe.action == Action::forward)
            return "forwarding is not turned; write { redirect = […] } or { copy = […] }";
        if (recipe.action == Action::into_variable) return "a variable that a program fills is not turned";
        return recipe.text == "/dev/null" ? "throwing mail away is not turned: it goes on to its delivery"
                                          : "delivery to a mailbox is not turned: mail goes on to its "
                                            "delivery, and what this recipe "
                                            "kept from those after it meets them now";
    }

    void add_condition(const ProcmailRecipe::Condition& condition, const ProcmailRecipe& recipe,
                       Surroundings& around) {
        const auto turned = condition_of(condition.text, recipe);
        if (!turned) {
            around.whole = false;
            tell(condition.line, fmt::format("the condition {} is not turned: {}",
                                             policy::quoted(condition.text), turned.error().text));
            return;
        }
        if (!turned->remark.empty()) tell(condition.line, turned->remark);
        around.conditions.push_back(turned->toml);
    }

    void write_rule(const ProcmailRecipe& recipe, const Surroundings& around) {
        if (!around.whole)
            return tell(recipe.line, "no rule is made of this recipe: it would call for other mail, too");
        if (around.conditions.empty())
            return tell(recipe.line, "no rule is made of this recipe: every mail would call");
        const ProcmailText text = text_of(around.scope);
        for (const Remark& remark : text.remarks) tell(remark.line, remark.text);
        auto conditions = around.conditions;
        conditions.insert(conditions.end(), text.conditions.begin(), text.conditions.end());
        const std::string name = write_alert(recipe, text);
        imported_.toml += fmt::format(
            "\n[[rule]]\nname = \"{} (line {})\"\nwhen.all = [\n    {},\n]\nthen = [{{ alert = \"{}\" }}]\n",
            name, recipe.line, fmt::join(conditions, ",\n    "), name);
        ++imported_.rules;
    }

    std::string write_alert(const ProcmailRecipe& recipe, const ProcmailText& text) {
        std::string name = alert_name(recipe.lock.substr(0, recipe.lock.rfind(".lock")));
        if (name.empty() || !names_.insert(name).second) name = fmt::format("recipe-{}", recipe.line);
        names_.insert(name);
        imported_.toml += fmt::format("\n[alert.{}]\nsay         = {}\n", name, toml_text(text.say));
        if (!text.key.empty()) imported_.toml += fmt::format("key         = {}\n", toml_text(text.key));
        imported_.toml += fmt::format("acknowledge = \"answer\"\nescalate    = {}\n", escalate_);
        if (!text.luck.empty())
            imported_.toml += fmt::format("luck        = {{ file = {} }}\n", toml_text(text.luck));
        return name;
    }

    std::string escalate_;
    Imported imported_;
    std::set<std::string> names_;
};

constexpr std::string_view preface =
    "# Made of a procmailrc by mailrota import procmailrc. What is looked for in the body is looked for in "
    "the\n"
    "# text that is new in a mail: what is quoted does not call. procmail ends at the first recipe that "
    "delivers;\n"
    "# all rules are looked at here, and the mail goes on to its delivery. Whoever answers a call takes the\n"
    "# incident on (acknowledge), as it was; with \"digit\" a key must be pressed.\n\n";

void print(const std::string& file, const std::string& toml, const std::vector<Remark>& remarks,
           Console& console) {
    if (console.json) {
        boost::json::array told;
        for (const Remark& remark : remarks) told.push_back({{"line", remark.line}, {"text", remark.text}});
        console.out << boost::json::object{{"toml", toml}, {"remarks", std::move(told)}} << '\n';
        return;
    }
    console.out << toml;
    for (const Remark& remark : remarks) {
        const bool of_a_line = remark.line != 0;
        console.err << (of_a_line ? fmt::format("{}:{}", file, remark.line) : "mailrota") << ": "
                    << remark.text << '\n';
    }
}

}  // namespace

Exit import_procmail(const ImportRequest& request, Console& console) {
    const auto text = runtime::read_file(request.file);
    if (!text) return fail(console, Exit::no, text.error().text);
    PhoneVars vars;
    for (const std::string& file : request.vars) {
        const auto read = runtime::read_file(file);
        if (!read) return fail(console, Exit::no, read.error().text);
        if (const auto done = read_phone_vars(*read, vars); !done)
            return fail(console, Exit::no, file + ": " + done.error().text);
    }
    PhoneSettings phones = phone_settings(vars);
    Imported imported = Importing(phones.escalate).run(read_procmailrc(*text));
    for (std::string& remark : phones.remarks)
        imported.remarks.push_back({0, policy::without_controls(remark)});
    if (imported.rules == 0) {
        print(request.file, "", imported.remarks, console);
        return fail(console, Exit::no, request.file + ": no recipe could be turned");
    }
    const std::string toml = std::string(preface) + phones.toml + imported.toml;
    const auto checked = config::load(toml, "the rules made", runtime::read_file);
    for (const config::Diagnostic& diagnostic : checked.diagnostics)
        imported.remarks.push_back({0, policy::without_controls(diagnostic.to_string())});
    print(request.file, toml, imported.remarks, console);
    return checked.ok() ? Exit::fine : Exit::no;
}

}  // namespace mailrota::ctl
