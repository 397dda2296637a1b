#include "lmtp/dialogue_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

namespace mailrota::lmtp {
namespace {

std::string time_text(const char* format) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    std::tm utc{};
    gmtime_r(&now.tv_sec, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), format, &utc);
    return fmt::format("{}.{:03}Z", text.data(), now.tv_nsec / 1'000'000);
}

enum class Begins { with_auth, with_another, unsure };

// A line of which perhaps only the beginning is there.
Begins begins(std::string_view line) {
    constexpr std::string_view auth = "AUTH";
    const auto head = line.substr(0, auth.size());
    if (!boost::algorithm::iequals(head, auth.substr(0, head.size()))) return Begins::with_another;
    if (line.size() <= auth.size()) return Begins::unsure;
    return std::string_view(" \t\r\n").find(line[auth.size()]) == std::string_view::npos
               ? Begins::with_another
               : Begins::with_auth;
}

std::size_t line_end(std::string_view bytes, std::size_t from) {
    const auto end = bytes.find('\n', from);
    return end == std::string_view::npos ? bytes.size() : end + 1;
}

}  // namespace

Result<DialogueLog> DialogueLog::open(const std::string& folder, const std::string& session) {
    const auto path = folder + "/" + time_text("%Y%m%dT%H%M%S") + "-" + session + ".log";
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return unavailable(path + ": " + std::generic_category().message(errno));
    std::FILE* file = fdopen(descriptor, "a");
    if (file == nullptr) {
        close(descriptor);
        return unavailable(path + ": no memory");
    }
    return DialogueLog(file);
}

void DialogueLog::received(std::string_view bytes) {
    const std::string joined = std::exchange(begun_, {}).append(bytes);
    const std::string_view all = joined;
    if (hiding_) return hide(all);
    for (std::size_t line = within_a_line_ ? line_end(all, 0) : 0; line < all.size();
         line = line_end(all, line)) {
        const Begins what = begins(all.substr(line));
        if (what == Begins::with_another) continue;
        within_a_line_ = false;
        write("C", all.substr(0, line));
        if (what == Begins::with_auth) return hide(all.substr(line));
        begun_ = all.substr(line);
        return;
    }
    within_a_line_ = !all.ends_with('\n');
    write("C", all);
}

// A client may have sent its whole dialogue of AUTH at once.
void DialogueLog::hide(std::string_view bytes) {
    hiding_ = !bytes.ends_with('\n');
    remark(std::to_string(bytes.size()) + " bytes that may have a password");
}

// Each piece reaches the file at once: it is read while the session still hangs.
void DialogueLog::write(const char* who, std::string_view bytes) {
    if (bytes.empty()) return;
    fmt::print(file_.get(), "{} {} {}\n", who, time_text("%Y-%m-%dT%H:%M:%S"), bytes.size());
    std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
    if (!bytes.ends_with('\n')) std::fputc('\n', file_.get());
    std::fflush(file_.get());
}

}  // namespace mailrota::lmtp
