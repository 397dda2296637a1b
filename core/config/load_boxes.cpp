#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/header_name.h"
#include "core/config/load_secret.h"
#include "core/config/load_sockets.h"
#include "core/policy/fold.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds shortest_lease{10};
constexpr hours longest_lease{24};
constexpr hours longest_wait{24 * 365};
constexpr std::int64_t most_of_a_batch = 1000;

// Reads one [box.NAME].
class BoxReader {
  public:
    BoxReader(const std::string& name, const Section& section, const std::string& file)
        : section_(section), file_(file) {
        box_.name = name;
    }

    BoxSettings read() {
        box_.tokens = load_secrets(section_, "token", "tokens", file_);
        box_.users = load_users(section_, file_);
        check_entrance();
        box_.allow = load_networks(section_, "allow").value_or(box_.allow);
        read_limits();
        read_hidden();
        box_.legacy = section_.boolean("legacy").value_or(false);
        if (box_.legacy && !section_.has("users")) {
            section_.warning("legacy", "has no users: PostOffice's own puller knows no token",
                             "write users = [{ name = \"…\", password = { file = \"…\" } }]");
        }
        return std::move(box_);
    }

  private:
    void check_entrance() const {
        const auto given = [this](std::string_view key) {
            return section_.has(key) && !is_empty_array(section_.node(key));
        };
        if (given("token") || given("tokens") || given("users")) return;
        section_.diagnostics().error(
            section_.line(), section_.path(), "has neither a token nor users: anybody could take its mail",
            fmt::format("write token = {{ file = \"/etc/mailrota/secrets/{}\" }}", box_.name));
    }

    void read_limits() {
        box_.lease = load_duration(section_, "lease", shortest_lease, longest_lease).value_or(box_.lease);
        load_count(section_, "lease_count", most_of_a_batch, box_.lease_count);
        box_.lease_bytes = section_.bytes("lease_bytes").value_or(box_.lease_bytes);
        const auto expire = load_duration(section_, "expire", seconds{60}, longest_wait);
        box_.expire = expire.value_or(box_.expire);
        if (expire && box_.expire <= box_.lease)
            section_.error("expire", "is not longer than a lease: mail would expire while it is fetched");
    }

    void read_hidden() {
        box_.hide = origin_headers();
        if (!section_.has("hide")) return;
        box_.hide.clear();
        for (const Text& name : section_.texts("hide")) {
            check_hidden(name);
            box_.hide.push_back(name.text);
        }
        for (const char* always : {"Bcc", "Resent-Bcc"}) {
            const bool there = std::any_of(box_.hide.begin(), box_.hide.end(), [&](const std::string& name) {
                return policy::equal_folded(name, always);
            });
            if (!there) box_.hide.emplace_back(always);
        }
    }

    void check_hidden(const Text& name) const {
        std::string_view fixed = name.text;
        if (fixed.ends_with('*')) fixed.remove_suffix(1);
        if (fixed.empty() && !name.text.empty()) return tell(name, "\"*\" would leave every field out");
        if (const auto fault = header_name_fault(fixed)) return tell(name, *fault);
        if (fixed.find('*') != std::string_view::npos)
            tell(name, quoted(name.text) + " has a * that is not at its end");
    }

    void tell(const Text& name, std::string_view text) const {
        section_.diagnostics().error(name.line, section_.path("hide"), text);
    }

    const Section& section_;
    const std::string& file_;
    BoxSettings box_;
};

}  // namespace

void load_boxes(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("box", "box.NAME")) {
        draft.box_lines.emplace(name, section.line());
        draft.config.boxes.push_back(BoxReader(name, section, draft.config.file).read());
    }
}

}  // namespace mailrota::config
