#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/config/config.h"

// Any bytes as a configuration: load() must end, tell errors in line order on one line each, and give a
// policy if and only if it told none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mailrota;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const config::Loaded loaded =
        config::load(text, "fuzz.toml", [](const std::string&) -> Result<std::string> {
            return std::string("ann@example.com\n@example.org\n");
        });
    bool errors = false;
    std::uint32_t line = 0;
    for (const config::Diagnostic& diagnostic : loaded.diagnostics) {
        errors = errors || diagnostic.severity == config::Diagnostic::Severity::error;
        if (diagnostic.line < line || diagnostic.to_string().find('\n') != std::string::npos) std::abort();
        line = diagnostic.line;
    }
    if (loaded.ok() == errors || loaded.config.has_value() == errors) std::abort();
    return 0;
}
