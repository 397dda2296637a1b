#pragma once

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/rig/connection.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/milter_client.h"

namespace mailrota::rig {

/// Three colleagues who take turns.
inline constexpr std::string_view orders_rota = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";

/// A whole configuration around `policy`: socket, database and control socket are the test's own. `store`:
/// further lines of [store].
inline std::string configuration(std::string_view policy, std::string_view store = "",
                                 std::string_view url = "sqlite:{folder}/state.db") {
    return "[listener.inbound]\nsocket = \"{socket}\"\n[control]\nsocket = "
           "\"{folder}/milter.ctl\"\n[store]\nurl = \"" +
           std::string(url) + "\"\n" + std::string(store) + "\n" + std::string(policy);
}

/// A mail that is like no other, for these recipients (without brackets).
inline MilterMessage mail_to(const std::vector<std::string>& recipients) {
    return MilterMessage::from_text(MessageText::fresh(), recipients);
}

/// Offers one mail in a session of its own.
inline MilterOutcome offer(const MailrotaMilter& milter, const MilterMessage& message,
                           MilterOptions options = {}) {
    auto client = MilterClient::to(milter.socket(), options);
    auto outcome = client.send_message(message);
    client.quit();
    return outcome;
}

/// Offers one mail in a session of its own and returns whom it went to; the verdict if it was not accepted.
inline std::vector<std::string> recipients_of(const MailrotaMilter& milter, const MilterMessage& message) {
    const auto outcome = offer(milter, message);
    if (!outcome.verdict.goes_on()) return {outcome.verdict.kind + (": " + outcome.verdict.text)};
    return outcome.final_recipients(message);
}

/// The edits of one kind: '+' and '2' alike for additions.
inline std::vector<std::string> edited(const MilterOutcome& outcome, char kind) {
    std::vector<std::string> names;
    for (const auto& edit : outcome.edits)
        if (edit.kind == kind || (kind == '+' && edit.kind == '2')) names.push_back(edit.name);
    return names;
}

/// The values of the header fields that the filter added under this name.
inline std::vector<std::string> added_headers(const MilterOutcome& outcome, std::string_view name) {
    std::vector<std::string> values;
    for (const auto& edit : outcome.edits)
        if ((edit.kind == 'h' || edit.kind == 'i') && edit.name == name) values.push_back(edit.value);
    return values;
}

/// What the running program says to a command on its control socket.
inline std::string ask(const MailrotaMilter& milter, std::string_view command) {
    auto connection = Connection::to_path(milter.folder() / "milter.ctl");
    connection.write(std::string(command) + "\n");
    std::string answer;
    while (const auto line = connection.read_line()) answer += *line + "\n";
    return answer;
}

/// Whether `text` has `part`: for conditions to wait for.
inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// The lines of `text` that have `part`.
inline std::vector<std::string> lines_with(std::string_view text, std::string_view part) {
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        const auto line = text.substr(start, end - start);
        if (has(line, part)) lines.emplace_back(line);
        start = end + 1;
    }
    return lines;
}

}  // namespace mailrota::rig
