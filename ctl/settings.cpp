#include <boost/json.hpp>
#include <ostream>
#include <string>

#include "core/config/config.h"
#include "ctl/commands.h"
#include "ctl/table.h"

namespace mailrota::ctl {
namespace {

// Text for a manual page: roff's own characters escaped, no line that begins with a control character.
std::string roff(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
            out += "\\&";
            out += c;
        } else {
            out += c;
        }
    }
    return out;
}

void print_manual(std::ostream& out) {
    for (const config::SettingDoc& setting : config::settings()) {
        out << ".TP\n.B " << roff(setting.key) << '\n' << roff(setting.type);
        if (!setting.fallback.empty()) out << "; default " << roff(setting.fallback);
        out << ".\n.br\n" << roff(setting.text) << '\n';
    }
}

void print_json(std::ostream& out) {
    boost::json::array all;
    for (const config::SettingDoc& setting : config::settings())
        all.push_back({{"key", setting.key},
                       {"type", setting.type},
                       {"default", setting.fallback},
                       {"text", setting.text}});
    out << boost::json::serialize(all) << '\n';
}

void print_table(std::ostream& out, bool colours) {
    Table table({"setting", "type", "default", "meaning"});
    for (const config::SettingDoc& setting : config::settings())
        table.add({setting.key, {setting.type, Cell::Mood::faint}, setting.fallback, setting.text});
    table.print(out, colours);
}

}  // namespace

Exit settings(bool as_manual, Console& console) {
    if (as_manual) {
        print_manual(console.out);
    } else if (console.json) {
        print_json(console.out);
    } else {
        print_table(console.out, console.colours);
    }
    return Exit::fine;
}

}  // namespace mailrota::ctl
