#include <fmt/format.h>

#include "core/config/draft.h"

namespace mailrota::config {

namespace {

std::shared_ptr<const policy::NamedList> read_list(const Section& section, const ListSettings& settings,
                                                   const ReadFile& read_file) {
    const Result<std::string> text =
        read_file ? read_file(settings.file) : Result<std::string>(unavailable("nothing reads files here"));
    if (text) {
        return std::make_shared<const policy::NamedList>(policy::NamedList::from_text(settings.name, *text));
    }
    section.warning("file", fmt::format("{} cannot be read: {}", quoted(settings.file), text.error().text),
                    "until it can, what looks into the list cannot be told and mail is deferred");
    return std::make_shared<const policy::NamedList>(
        policy::NamedList::unreadable(settings.name, text.error().text));
}

}  // namespace

void load_lists(const Section& top, const ReadFile& read_file, Draft& draft) {
    for (const auto& [name, section] : top.named("list", "list.NAME")) {
        auto& list = draft.lists[name];
        const auto file = section.text("file");
        if (!file || file->empty()) {
            if (file || !section.has("file")) section.error("file", "a list needs a file");
            continue;
        }
        const ListSettings settings{name, beside(draft.config.file, *file),
                                    fmt::format("{}:{}", draft.config.file, section.line("file"))};
        list = read_list(section, settings, read_file);
        draft.config.lists.push_back(settings);
    }
}

}  // namespace mailrota::config
