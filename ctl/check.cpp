#include <boost/json.hpp>
#include <ostream>

#include "core/runtime/policy_source.h"
#include "ctl/commands.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

using config::Diagnostic;

bool is_error(const Diagnostic& diagnostic) { return diagnostic.severity == Diagnostic::Severity::error; }

boost::json::object to_json(const Diagnostic& diagnostic) {
    return {{"severity", is_error(diagnostic) ? "error" : "warning"},
            {"file", diagnostic.file},
            {"line", diagnostic.line},
            {"key", diagnostic.key},
            {"text", diagnostic.text},
            {"hint", diagnostic.hint}};
}

Diagnostic no_jit(const std::string& file) {
    return {Diagnostic::Severity::warning,
            file,
            0,
            "",
            "patterns could not be compiled by PCRE2's JIT and are slow",
            "if this runs in a unit of systemd, it needs MemoryDenyWriteExecute=no"};
}

void print(const std::vector<Diagnostic>& diagnostics, bool ok, const std::string& file, Console& console) {
    if (console.json) {
        boost::json::array all;
        for (const Diagnostic& diagnostic : diagnostics) all.push_back(to_json(diagnostic));
        console.out << boost::json::object{{"ok", ok}, {"diagnostics", std::move(all)}} << '\n';
        return;
    }
    for (const Diagnostic& diagnostic : diagnostics) console.out << diagnostic.to_string() << '\n';
    if (ok) console.out << file << ": ok\n";
}

}  // namespace

Exit check(const std::string& config_file, Console& console) {
    const auto text = runtime::read_file(config_file);
    if (!text) return fail(console, Exit::no, text.error().text);
    config::Loaded loaded = config::load(*text, config_file, runtime::read_file);
    if (loaded.ok() && !loaded.policy->jitted()) loaded.diagnostics.push_back(no_jit(config_file));
    print(loaded.diagnostics, loaded.ok(), config_file, console);
    return loaded.ok() ? Exit::fine : Exit::no;
}

}  // namespace mailrota::ctl
