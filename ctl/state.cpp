#include "ctl/state.h"

#include <filesystem>
#include <ostream>

#include "core/runtime/policy_source.h"

namespace mailrota::ctl {
namespace {

// Whether it is certain that the database was never made. Of a server's database that is not known.
bool missing(const std::string& url) {
    constexpr std::string_view sqlite = "sqlite:";
    if (!url.starts_with(sqlite)) return false;
    std::error_code unknown;
    return !std::filesystem::exists(url.substr(sqlite.size()), unknown) && !unknown;
}

Result<std::unique_ptr<store::Store>> open_existing(const config::Config& config) {
    return store::open_store(config.store.url, {.busy = config.store.busy, .create = false});
}

}  // namespace

std::optional<config::Loaded> load_configuration(const std::string& file, Console& console) {
    const auto text = runtime::read_file(file);
    if (!text) {
        fail(console, Exit::no, text.error().text);
        return std::nullopt;
    }
    config::Loaded loaded = config::load(*text, file, runtime::read_file);
    if (loaded.ok()) return loaded;
    for (const config::Diagnostic& diagnostic : loaded.diagnostics)
        console.err << diagnostic.to_string() << '\n';
    return std::nullopt;
}

Result<OpenedStore> open_for_looking(const config::Config& config) {
    const bool stand_in = missing(config.store.url);
    auto store = stand_in ? store::open_store("memory:") : open_existing(config);
    if (!store) return tl::unexpected(store.error());
    return OpenedStore{std::move(*store), stand_in};
}

tl::expected<View, Exit> open_view(const std::string& config_file, Console& console) {
    auto loaded = load_configuration(config_file, console);
    if (!loaded) return tl::unexpected(Exit::no);
    auto opened = open_for_looking(*loaded->config);
    if (!opened) return tl::unexpected(fail(console, opened.error()));
    return View{*std::move(loaded), *std::move(opened)};
}

Result<std::unique_ptr<store::Store>> open_for_change(const config::Config& config) {
    if (missing(config.store.url)) {
        return unavailable("there is no database " + config.store.url +
                           " yet; the milter makes it when it first starts");
    }
    return open_existing(config);
}

Exit fail(Console& console, Exit exit, const std::string& text) {
    console.err << "mailrota: " << text << '\n';
    return exit;
}

Exit fail(Console& console, const Error& error) { return fail(console, Exit::away, error.text); }

}  // namespace mailrota::ctl
