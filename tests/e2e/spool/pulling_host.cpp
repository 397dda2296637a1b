#include "tests/e2e/spool/pulling_host.h"

#include <algorithm>
#include <boost/json.hpp>

#include "tests/rig/mailrota_program.h"

namespace mailrota::e2e {

namespace {

/// The summary is the line that begins with a brace, wherever it stands.
Pulled read(int exit_code, const std::string& output) {
    Pulled pulled;
    pulled.exit_code = exit_code;
    pulled.notes = output;
    const auto at = output.starts_with('{') ? 0 : output.rfind("\n{");
    if (at == std::string::npos) return pulled;
    const auto begin = output.find('{', at);
    const auto summary =
        boost::json::parse(output.substr(begin, output.find('\n', begin) - begin)).as_object();
    const auto number = [&](const char* key) { return summary.at(key).to_number<std::uint64_t>(); };
    pulled.mails = number("mails");
    pulled.delivered = number("delivered");
    pulled.failed = number("failed");
    pulled.deferred = number("deferred");
    pulled.repeated = number("repeated");
    pulled.possible_duplicates = number("possible_duplicates");
    pulled.bytes = number("bytes");
    pulled.left = number("left");
    if (const auto* trouble = summary.if_contains("trouble")) pulled.trouble = trouble->as_string();
    return pulled;
}

}  // namespace

PullingHost::PullingHost(std::string deliver, const std::string& token) : deliver_(std::move(deliver)) {
    token_file_ = secret("token", token);
}

std::string PullingHost::secret(const std::string& name, const std::string& text) const {
    const auto path = folder_ / name;
    rig::write_file(path, text + "\n");
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
    return path;
}

rig::Command PullingHost::command(const std::string& url, const std::vector<std::string>& more) const {
    const auto given = [&more](const char* option) { return std::ranges::count(more, option) > 0; };
    rig::Command command;
    command.argv = {rig::program("mailrota"), "pull", url, "--json", "--done-list", folder_ / "done"};
    if (!given("--deliver")) command.argv.insert(command.argv.end(), {"--deliver", deliver_});
    if (!given("--user")) command.argv.insert(command.argv.end(), {"--token-file", token_file_});
    command.argv.insert(command.argv.end(), more.begin(), more.end());
    command.environment = {"ASAN_OPTIONS=quarantine_size_mb=1"};
    return command;
}

Pulled PullingHost::pull(const std::string& url, const std::vector<std::string>& more) const {
    const auto result = rig::run(command(url, more), "", std::chrono::minutes(5));
    return read(result.exit_code, result.output + result.errors);
}

rig::Process PullingHost::start(const std::string& url, const std::vector<std::string>& more) const {
    rig::Command follower = command(url, more);
    follower.output = folder_ / "output";
    rig::write_file(follower.output, "");
    return rig::Process(follower);
}

Pulled PullingHost::ended(const rig::Process& puller) const {
    const auto exit_code = puller.wait(std::chrono::seconds(60));
    return read(exit_code.value_or(-1), rig::read_file(folder_ / "output"));
}

}  // namespace mailrota::e2e
