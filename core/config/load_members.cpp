#include "core/config/load_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/config/load_phone_rota.h"
#include "core/config/load_phone_words.h"
#include "core/mail/address.h"

namespace mailrota::config {

namespace {

void load_hours(const Section& section, policy::Member& member) {
    const auto text = section.text("hours");
    if (!text) return;
    if (auto hours = policy::Hours::parse(*text)) {
        member.hours = std::move(*hours);
    } else {
        section.error("hours", hours.error().text);
    }
}

void load_leave(const Section& section, policy::Member& member) {
    for (const Text& text : section.texts("leave")) {
        const auto range = policy::DateRange::parse(text.text);
        if (range) {
            member.leave.push_back(*range);
        } else {
            section.diagnostics().error(text.line, section.path("leave"), range.error().text,
                                        "write as in \"2026-12-24..2027-01-02\"");
        }
    }
}

// Reads the members of one rota, one after the other.
class MemberList {
  public:
    MemberList(const Section& rota, const policy::Zone& zone, const std::vector<std::string>& providers,
               std::vector<Text>& places)
        : rota_(rota), zone_(zone), providers_(providers), places_(places) {}

    void add_address(const toml::value<std::string>& node) {
        policy::Member member;
        member.zone = zone_;
        add(std::move(member), {node.get(), line_of(node)}, rota_.path("members"));
    }

    void add_table(const Section& section) {
        policy::Member member = load_presence(section, zone_);
        refuse_phone_keys(section);
        const auto address = section.text("address");
        if (address)
            return add(std::move(member), {*address, section.line("address")}, section.path("address"));
        if (!section.has("address")) {
            section.error("address", "is missing: a member is known by its address");
        }
    }

    std::vector<policy::Member> take() { return std::move(members_); }

  private:
    void add(policy::Member member, Text place, const std::string& path) {
        const auto address = mail::parse_address(place.text);
        if (!address) {
            const bool provider =
                std::find(providers_.begin(), providers_.end(), place.text) != providers_.end();
            std::string hint;
            if (provider)
                hint = fmt::format("for the provider write {{ provider = {} }}", quoted(place.text));
            if (is_phone_number(place.text))
                hint = fmt::format("for the telephone write {{ phone = {} }}", quoted(place.text));
            rota_.diagnostics().error(place.line, path, address.error().text, hint);
            return;
        }
        const auto [earlier, is_new] = seen_.emplace(address->key(), place.line);
        if (!is_new) {
            rota_.diagnostics().error(
                place.line, path,
                fmt::format("{} is a member already, by line {}", quoted(place.text), earlier->second),
                "for more turns give it a weight");
            return;
        }
        member.id = address->key();
        member.target = place.text;
        members_.push_back(std::move(member));
        places_.push_back(std::move(place));
    }

    const Section& rota_;
    const policy::Zone& zone_;
    const std::vector<std::string>& providers_;
    std::vector<Text>& places_;
    std::vector<policy::Member> members_;
    std::map<std::string, std::uint32_t> seen_;  // address key → line
};

void add_mixed(const Section& rota, MemberList& list) {
    const toml::node* node = rota.node("members");
    if (node == nullptr) return;
    const auto* array = node->as_array();
    if (array == nullptr) {
        rota.wrong_type("members", "an array", *node,
                        "write members = [\"ann@example.com\", \"ben@example.com\"]");
        return;
    }
    for (const toml::node& element : *array) {
        if (const auto* text = element.as_string()) {
            list.add_address(*text);
        } else if (const auto* table = element.as_table()) {
            list.add_table(Section(*table, rota.path("members"), "rota.NAME.member", rota.diagnostics()));
        } else {
            rota.wrong_type("members", "addresses and tables", element);
        }
    }
}

}  // namespace

std::optional<policy::Zone> load_zone(const Section& section, std::string_view key) {
    const auto text = section.text(key);
    if (!text) return std::nullopt;
    auto zone = policy::Zone::find(*text);
    if (zone) return *zone;
    section.error(key, zone.error().text);
    return std::nullopt;
}

policy::Member load_presence(const Section& section, const policy::Zone& zone) {
    policy::Member member;
    member.zone = load_zone(section, "tz").value_or(zone);
    member.weight = static_cast<int>(section.integer("weight", 1, 1000).value_or(1));
    if (const auto cap = section.integer("max_per_day", 1, 1'000'000))
        member.max_per_day = static_cast<int>(*cap);
    member.paused = section.boolean("paused").value_or(false);
    load_hours(section, member);
    load_leave(section, member);
    return member;
}

void check_member_forms(const Section& rota) {
    if (!rota.has("members") || !rota.has("member")) return;
    rota.error(
        "members",
        fmt::format("both \"members\" and [[{}]] tables (line {})", rota.path("member"), rota.line("member")),
        "write all members in one of the two forms");
}

std::vector<policy::Member> load_members(const Section& rota, const policy::Zone& zone,
                                         const std::vector<std::string>& providers,
                                         std::vector<Text>& places) {
    MemberList list(rota, zone, providers, places);
    check_member_forms(rota);
    add_mixed(rota, list);
    for (const Section& section : rota.sections("member", fmt::format("[[{}.member]]", rota.path()))) {
        list.add_table(section);
    }
    if (is_empty_array(rota.node("members")) && !rota.has("fallback")) {
        rota.error("members", "is empty and there is no fallback");
    }
    return list.take();
}

}  // namespace mailrota::config
