#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>
#include <filesystem>
#include <functional>
#include <ostream>
#include <sstream>
#include <system_error>
#include <vector>

#include "core/runtime/control.h"
#include "ctl/commands.h"
#include "ctl/state.h"
#include "ctl/table.h"

// The commands that ask the running programs: status, reload, metrics.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;

constexpr std::array programs = {"milter", "lmtp", "web", "worker"};

// A program and where it is asked.
struct Target {
    std::string program;
    std::string socket;
};

// Those that have a control socket; the milter if none has one. A program that crashed has left its own.
std::vector<Target> all_that_run(const config::ControlSettings& settings) {
    std::vector<Target> found;
    std::error_code ignored;
    for (const char* program : programs) {
        const auto socket = settings.socket_of(program);
        if (std::filesystem::exists(socket, ignored)) found.push_back({program, socket});
    }
    if (found.empty()) found.push_back({"milter", settings.socket});
    return found;
}

// Whom to ask. Why that is not known has been told by then, with the exit code that goes with it.
tl::expected<std::vector<Target>, Exit> targets(const Running& running, Console& console) {
    const bool any = running.program.empty();
    if (!running.socket.empty())
        return std::vector<Target>{{any ? "milter" : running.program, running.socket}};
    const auto loaded = load_configuration(running.config_file, console);
    if (!loaded) return tl::unexpected(Exit::no);
    const auto& control = loaded->config->control;
    if (control.socket.empty())
        return tl::unexpected(
            fail(console, Exit::away, "[control] socket is empty: the milter cannot be asked"));
    if (any) return all_that_run(control);
    return std::vector<Target>{{running.program, control.socket_of(running.program)}};
}

struct Answer {
    std::string program;
    std::string text;
};
struct Answers {
    std::vector<Answer> given;
    bool several = false;    // were asked
    Exit exit = Exit::fine;  // the worst that came
};

void ask(const Target& target, const char* command, Answers& answers, Console& console) {
    auto answer = runtime::ask_control(target.socket, command);
    if (answer) {
        answers.given.push_back({target.program, *std::move(answer)});
        return;
    }
    const auto whom = target.program == "milter" ? "the milter" : "mailrota-" + target.program;
    const std::string& why = answer.error().text;
    const bool said_no = answer.error().kind == ErrorKind::invalid;
    const auto exit =
        said_no ? fail(console, Exit::no, answers.several ? whom + ": " + why : why)
                : fail(console, Exit::away, whom + " is not running or not to be asked (" + why + ")");
    answers.exit = std::max(answers.exit, exit);
}

Answers ask(const Running& running, const char* command, Console& console) {
    Answers answers;
    const auto asked = targets(running, console);
    if (!asked) {
        answers.exit = asked.error();
        return answers;
    }
    answers.several = asked->size() > 1;
    for (const auto& target : *asked) ask(target, command, answers, console);
    return answers;
}

// What one program said by itself; of several, an object with a member for each.
void print_json(const Answers& answers, Console& console,
                const std::function<json::value(const std::string& text)>& value) {
    if (answers.given.empty()) return;
    json::object all;
    for (const auto& [program, text] : answers.given) all[program] = value(text);
    console.out << (answers.several ? json::value(all) : all.begin()->value()) << '\n';
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

// Null if it is no JSON.
json::value parsed(const std::string& text) {
    boost::system::error_code broken;
    auto value = json::parse(text, broken);
    return broken ? json::value() : value;
}

bool store_works(const json::value& status) {
    const json::value* ok = status.is_object() ? status.get_object().if_contains("store") : nullptr;
    if (ok != nullptr && ok->is_object()) ok = ok->get_object().if_contains("ok");
    return ok == nullptr || !ok->is_bool() || ok->get_bool();
}

std::string capitals(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

// What each said, under a line with its name if there are several.
void print_text(const Answers& answers, Console& console, const char* before_name) {
    for (const auto& [program, text] : answers.given) {
        if (answers.several) console.out << before_name << program << ":\n";
        console.out << text;
    }
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
    auto answers = ask(running, "status", console);
    for (const auto& [program, text] : answers.given) {
        const auto status = parsed(text);
        if (!status.is_object()) return fail(console, Exit::no, program + ": the answer is not understood");
        if (!store_works(status)) answers.exit = std::max(answers.exit, Exit::no);
    }
    if (console.json) {
        print_json(answers, console, parsed);
        return answers.exit;
    }
    for (const auto& [program, text] : answers.given) {
        if (program != answers.given.front().program) console.out << '\n';
        Table table({capitals(program), "running"});
        add_rows(table, "", parsed(text).get_object());
        table.print(console.out, console.colours);
    }
    return answers.exit;
}

Exit reload(const Running& running, Console& console) {
    const auto answers = ask(running, "reload", console);
    if (console.json)
        print_json(answers, console, [](const std::string& text) {
            return json::value{{"ok", true}, {"text", text}};
        });
    else
        print_text(answers, console, "");
    return answers.exit;
}

Exit metrics(const Running& running, Console& console) {
    const auto answers = ask(running, "metrics", console);
    if (console.json)
        print_json(answers, console, samples);
    else
        print_text(answers, console, "# ");
    return answers.exit;
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
