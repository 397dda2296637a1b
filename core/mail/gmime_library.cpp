#include "core/mail/gmime_library.h"

#include <gmime/gmime.h>

#include <mutex>

// LeakSanitizer's, null where it is not linked in.
extern "C" [[gnu::weak]] void __lsan_disable();  // NOLINT(bugprone-reserved-identifier)
extern "C" [[gnu::weak]] void __lsan_enable();   // NOLINT(bugprone-reserved-identifier)

namespace mailrota::mail {
namespace {

void say_nothing(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

// Registering a type anew makes GMime forget, once, the few bytes of its own entry.
void init() {
    if (__lsan_disable != nullptr) {
        __lsan_disable();
    }
    g_mime_init();
    if (__lsan_enable != nullptr) {
        __lsan_enable();
    }
}

void start() {
    init();
    const auto levels = static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION);
    g_log_set_handler("gmime", levels, say_nothing, nullptr);
    for (const char* subtype : {"rfc822", "rfc2822", "global", "news", "global-headers"}) {
        g_mime_object_register_type("message", subtype, GMIME_TYPE_PART);
    }
}

}  // namespace

void ensure_gmime() {
    static std::once_flag once;
    std::call_once(once, start);
}

}  // namespace mailrota::mail
