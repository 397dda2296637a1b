#include <boost/json.hpp>
#include <ostream>
#include <sstream>

#include "core/runtime/control.h"
#include "ctl/commands.h"
#include "ctl/state.h"
#include "ctl/table.h"

// The commands that ask the running milter: status, reload, metrics.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;

// Where to ask. Why that is not known has been told by then, with the exit code that goes with it.
tl::expected<std::string, Exit> socket_of(const Running& running, Console& console) {
    if (!running.socket.empty()) return running.socket;
    const auto loaded = load_configuration(running.config_file, console);
    if (!loaded) return tl::unexpected(Exit::no);
    const std::string& socket = loaded->config->control.socket;
    if (!socket.empty()) return socket;
    return tl::unexpected(fail(console, Exit::away, "[control] socket is empty: the milter cannot be asked"));
}

// The milter's answer; likewise.
tl::expected<std::string, Exit> ask(const Running& running, const char* command, Console& console) {
    const auto socket = socket_of(running, console);
    if (!socket) return tl::unexpected(socket.error());
    auto answer = runtime::ask_control(*socket, command);
    if (answer) return *answer;
    const std::string& why = answer.error().text;
    if (answer.error().kind == ErrorKind::invalid) return tl::unexpected(fail(console, Exit::no, why));
    return tl::unexpected(
        fail(console, Exit::away, "the milter is not running or not to be asked (" + why + ")"));
}

std::string plain(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_bool()) return value.get_bool() ? "yes" : "no";
    return json::serialize(value);
}

// "store.ok yes", a line each.
void add_rows(Table& table, const std::string& prefix, const json::object& object) {
    for (const auto& [key, value] : object) {
        const std::string name = prefix + std::string(key);
        if (value.is_object()) {
            add_rows(table, name + ".", value.get_object());
        } else {
            table.add({name, plain(value)});
        }
    }
}

bool store_works(const json::value& status) {
    const json::value* ok = status.is_object() ? status.get_object().if_contains("store") : nullptr;
    if (ok != nullptr && ok->is_object()) ok = ok->get_object().if_contains("ok");
    return ok == nullptr || !ok->is_bool() || ok->get_bool();
}

// {"mailrota_sessions": 1, "mailrota_messages_total{outcome=\"edited\"}": 4}
json::object samples(const std::string& exposition) {
    json::object all;
    std::istringstream lines(exposition);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t blank = line.rfind(' ');
        if (line.starts_with('#') || blank == std::string::npos) continue;
        all[line.substr(0, blank)] = std::strtod(line.c_str() + blank, nullptr);
    }
    return all;
}

}  // namespace

Exit status(const Running& running, Console& console) {
    const auto answer = ask(running, "status", console);
    if (!answer) return answer.error();
    boost::system::error_code broken;
    const json::value status = json::parse(*answer, broken);
    if (broken || !status.is_object())
        return fail(console, Exit::no, "the milter's answer is not understood");
    if (console.json) {
        console.out << *answer;
    } else {
        Table table({"MILTER", "running"});
        add_rows(table, "", status.get_object());
        table.print(console.out, console.colours);
    }
    return store_works(status) ? Exit::fine : Exit::no;
}

Exit reload(const Running& running, Console& console) {
    const auto answer = ask(running, "reload", console);
    if (!answer) return answer.error();
    if (console.json) {
        console.out << json::object{{"ok", true}, {"text", *answer}} << '\n';
    } else {
        console.out << *answer;
    }
    return Exit::fine;
}

Exit metrics(const Running& running, Console& console) {
    const auto answer = ask(running, "metrics", console);
    if (!answer) return answer.error();
    if (console.json) {
        console.out << samples(*answer) << '\n';
    } else {
        console.out << *answer;
    }
    return Exit::fine;
}

Exit version(Console& console) {
    if (console.json) {
        console.out << json::object{{"version", MAILROTA_VERSION}} << '\n';
    } else {
        console.out << "mailrota " MAILROTA_VERSION "\n";
    }
    return Exit::fine;
}

}  // namespace mailrota::ctl
