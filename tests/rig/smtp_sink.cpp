#include "tests/rig/smtp_sink.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

constexpr auto dump_folder = "mails";
constexpr auto user = "postfix";  // smtp-sink does not run as root

/// The line at the beginning of `text`, which is removed from it with its LF.
std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

bool take_field(std::string_view line, std::string_view name, std::string& value) {
    if (!line.starts_with(name)) return false;
    value = line.substr(name.size());
    return true;
}

}  // namespace

SinkMail parse_sink_dump(std::string_view dump) {
    SinkMail mail;
    std::string recipient;
    while (dump.starts_with("X-")) {
        const std::string_view line = take_line(dump);
        take_field(line, "X-Client-Proto: ", mail.protocol);
        take_field(line, "X-Mail-Args: ", mail.sender);
        if (take_field(line, "X-Rcpt-Args: ", recipient)) mail.recipients.push_back(recipient);
    }
    if (dump.starts_with("Received: ")) take_line(dump);
    while (dump.starts_with('\t')) take_line(dump);
    if (dump.ends_with('\n')) dump.remove_suffix(1);
    mail.content = dump;
    return mail;
}

SmtpSink::SmtpSink(SmtpSinkOptions options) : options_(std::move(options)) {
    folder_.make(dump_folder, geteuid() == 0 ? user : "");
    if (options_.socket == SmtpSinkOptions::Socket::inet) port_ = free_port();
    socket_ = port_ == 0 ? "unix:" + path().string() : "inet:127.0.0.1:" + std::to_string(port_);
    start();
}

std::string SmtpSink::endpoint() const {
    const std::string protocol = options_.lmtp ? "lmtp:" : "smtp:";
    return protocol + (port_ == 0 ? socket_ : "127.0.0.1:" + std::to_string(port_));
}

std::vector<std::string> SmtpSink::command() const {
    std::vector<std::string> argv = {"smtp-sink"};
    if (options_.lmtp) argv.emplace_back("-L");
    if (geteuid() == 0) argv.insert(argv.end(), {"-u", user});
    if (options_.keep_mails) argv.insert(argv.end(), {"-d", (folder_ / dump_folder).string() + "/mail."});
    argv.insert(argv.end(), options_.switches.begin(), options_.switches.end());
    argv.insert(argv.end(), {socket_, "1024"});
    return argv;
}

void SmtpSink::start() {
    Command sink;
    sink.argv = command();
    sink.output = folder_ / "log";
    std::filesystem::remove(path());
    process_.emplace(sink);
    const bool up = wait_until([this] { return accepts(socket_) || !process_->running(); });
    if (!up || !process_->running())
        throw std::runtime_error("smtp-sink does not start:\n" + read_file(folder_ / "log"));
}

void SmtpSink::stop() {
    process_->stop();
    process_.reset();
}

std::vector<SinkMail> SmtpSink::mails() const {
    std::vector<SinkMail> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / dump_folder))
        all.push_back(parse_sink_dump(read_file(entry.path())));
    return all;
}

}  // namespace mailrota::rig
