#include "lmtp/dialogue_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

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

// Each piece reaches the file at once: it is read while the session still hangs.
void DialogueLog::write(const char* who, std::string_view bytes) {
    if (bytes.empty()) return;
    fmt::print(file_.get(), "{} {} {}\n", who, time_text("%Y-%m-%dT%H:%M:%S"), bytes.size());
    std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
    if (!bytes.ends_with('\n')) std::fputc('\n', file_.get());
    std::fflush(file_.get());
}

}  // namespace mailrota::lmtp
