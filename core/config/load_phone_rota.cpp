#include "core/config/load_phone_rota.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/config/load_members.h"
#include "core/config/load_phone_words.h"
#include "core/config/load_relay_rota.h"
#include "core/config/load_schedule.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"
#include "core/policy/fold.h"

namespace mailrota::config {

namespace {

using policy::ContactWay;

bool names_phone(const toml::node& member) {
    const auto* table = member.as_table();
    return table != nullptr && table->contains("phone");
}

// Reads the members of one rota of telephones, one after the other.
class PhoneList {
  public:
    PhoneList(const Section& rota, const policy::Zone& zone) : rota_(rota), zone_(zone) {}

    std::vector<policy::Member> read() {
        check_member_forms(rota_);
        if (const toml::node* members = rota_.node("members")) read_mixed(*members);
        for (const Section& member : rota_.sections("member", fmt::format("[[{}.member]]", rota_.path())))
            read_table(member);
        return std::move(members_);
    }

  private:
    void read_mixed(const toml::node& members) {
        if (!members.is_array())
            return rota_.wrong_type("members", "an array", members,
                                    "write members = [{ phone = \"+15550100\" }]");
        for (const toml::node& element : *members.as_array()) {
            if (const auto* table = element.as_table()) {
                read_table(Section(*table, rota_.path("members"), "rota.NAME.member", rota_.diagnostics()));
            } else if (const auto* text = element.as_string(); text && text->get().starts_with('+')) {
                rota_.diagnostics().error(line_of(element), rota_.path("members"),
                                          quoted(text->get()) + " stands here without its key",
                                          fmt::format("write {{ phone = {} }}", quoted(text->get())));
            } else if (text != nullptr) {
                mixed(line_of(element), rota_.path("members"));
            } else {
                rota_.wrong_type("members", "tables", element, "write members = [{ phone = \"+15550100\" }]");
            }
        }
    }

    void mixed(std::uint32_t line, const std::string& path) const {
        rota_.diagnostics().error(line, path, "an address beside telephones: a rota has one kind of members",
                                  "write two rotas");
    }

    void read_table(const Section& section) {
        if (section.has("address")) return mixed(section.line("address"), section.path("address"));
        policy::Member member = load_presence(section, zone_);
        member.kind = policy::Member::Kind::phone;
        member.language = load_language(section);
        member.voice = load_voice(section);
        load_name(section, member);
        load_ways(section, member);
        if (!section.has("phone")) {
            section.error("phone", "is missing: a member is known by its number",
                          "write as in phone = \"+15550100\"");
        }
        member.target = load_phone_number(section, "phone");
        member.id = member.target;
        const auto [earlier, is_new] = numbers_.emplace(member.target, section.line("phone"));
        if (!is_new && !member.target.empty()) {
            return section.error("phone", fmt::format("{} is a member already, by line {}",
                                                      quoted(member.target), earlier->second));
        }
        members_.push_back(std::move(member));
    }

    void load_name(const Section& section, policy::Member& member) {
        constexpr std::size_t most = 100;
        const auto name = section.text("name");
        if (!name) return;
        member.name = *name;
        const bool word = !name->empty() && name->size() <= most && !name->starts_with('+') &&
                          std::none_of(name->begin(), name->end(),
                                       [](char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; });
        if (!word) {
            return section.error("name", quoted(*name) + " is no name of a person",
                                 "a name has 1 to 100 bytes, no line break, and does not begin with +");
        }
        const auto [earlier, is_new] = names_.emplace(policy::folded(*name), section.line("name"));
        if (!is_new) {
            section.error(
                "name",
                fmt::format("{} is the name of the member in line {}, too", quoted(*name), earlier->second),
                "give each member a name of its own, as in \"Ann (home)\"");
        }
    }

    static bool has_way(const policy::Member& member, ContactWay way) {
        return std::find(member.ways.begin(), member.ways.end(), way) != member.ways.end();
    }

    static void load_ways(const Section& section, policy::Member& member) {
        member.sms = load_phone_number(section, "sms");
        if (is_empty_array(section.node("contact")))
            section.error("contact", "is empty: nobody could reach the member");
        if (section.has("contact")) member.ways.clear();
        for (const Text& word : section.texts("contact")) load_way(section, word, member);
        if (section.has("sms") && !has_way(member, ContactWay::sms)) {
            section.warning("sms", "is of no use: the member is called only",
                            "write contact = [\"call\", \"sms\"]");
        }
    }

    static void load_way(const Section& section, const Text& word, policy::Member& member) {
        static const std::vector<std::string> known = {"call", "sms"};
        const auto tell = [&](std::string_view text, std::string_view hint) {
            section.diagnostics().error(word.line, section.path("contact"), text, hint);
        };
        const auto found = std::find(known.begin(), known.end(), word.text);
        if (found == known.end()) {
            return tell(fmt::format("{} is none of {}", quoted(word.text), one_of(known)),
                        nearest(word.text, known) ? suggestion(word.text, known) : "");
        }
        const auto way = found == known.begin() ? ContactWay::call : ContactWay::sms;
        if (has_way(member, way)) return tell(quoted(word.text) + " stands here twice", {});
        member.ways.push_back(way);
    }

    const Section& rota_;
    const policy::Zone& zone_;
    std::vector<policy::Member> members_;
    std::map<std::string, std::uint32_t> numbers_;  // → line
    std::map<std::string, std::uint32_t> names_;    // folded → line
};

void refuse_keys_of_addresses(const Section& rota) {
    refuse_keys(
        rota, {"addresses"}, "is of no use: its members are telephones, and no mail goes to them",
        "write an alert with escalate = [{ rota = \"…\" }], and a rule with then = [{ alert = \"…\" }]");
    refuse_keys(rota, {"fallback"}, "is of no use: its members are telephones",
                "write the fallback of the alert, or a further step");
    refuse_keys(rota, {"sticky", "on_error"}, "is of no use: its members are telephones");
}

}  // namespace

bool has_phones(const Section& rota) {
    const auto in = [&](std::string_view key) {
        const toml::node* node = rota.node(key);
        const auto* array = node == nullptr ? nullptr : node->as_array();
        return array != nullptr && std::any_of(array->begin(), array->end(), names_phone);
    };
    return in("members") || in("member");
}

RotaDraft load_phone_rota(const std::string& name, const Section& rota) {
    RotaDraft draft;
    draft.phones = true;
    draft.line = rota.line();
    draft.rota.name = name;
    draft.rota.strategy = load_strategy(rota);
    const policy::Zone zone = load_zone(rota, "tz").value_or(policy::Zone());
    draft.rota.members = PhoneList(rota, zone).read();
    load_schedule(rota, zone, draft.rota);
    refuse_keys_of_addresses(rota);
    refuse_relay_keys(rota);
    return draft;
}

void refuse_phone_keys(const Section& member) {
    refuse_keys(member, {"name", "sms", "contact", "language", "voice"},
                "is of no use: the member is no telephone");
}

}  // namespace mailrota::config
