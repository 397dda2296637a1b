#include "core/config/load_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/config/header_name.h"
#include "core/config/load_members.h"

namespace mailrota::config {

namespace {

using policy::Condition;
using policy::Field;

struct FieldKey {
    std::string_view key;
    Field field;
};
constexpr std::array<FieldKey, 12> field_keys = {{{"sender", Field::sender},
                                                  {"rcpt", Field::rcpt},
                                                  {"client_name", Field::client_name},
                                                  {"helo", Field::helo},
                                                  {"auth", Field::auth},
                                                  {"listener", Field::listener},
                                                  {"daemon", Field::daemon},
                                                  {"subject", Field::subject},
                                                  {"body", Field::body},
                                                  {"body_all", Field::body_all},
                                                  {"body_raw", Field::body_raw},
                                                  {"attachment", Field::attachment_name}}};

// A table that holds keys of its own rather than { list = "NAME" }.
bool has_views(const toml::node& node) { return node.is_table() && !node.as_table()->contains("list"); }

// Reads the keys of one table of a condition.
class ConditionTable {
  public:
    ConditionTable(const Section& section, MatcherReader& matchers)
        : section_(section), matchers_(matchers) {}

    std::vector<Condition> read() {
        for (const Entry& entry : in_order(section_.table())) read_key(entry.key, *entry.node);
        return std::move(tests_);
    }

  private:
    void read_key(const std::string& key, const toml::node& node) {
        if (key == "client") return read_client(node);
        if (key == "header") return read_headers(key, Field::header);
        if (key == "raw_header") return read_headers(key, Field::raw_header);
        if (key == "dkim") return read_dkim(node);
        if (key == "body" && has_views(node)) return read_body();
        if (key == "attachment" && has_views(node)) return read_attachment();
        if (key == "size") return read_size(node);
        if (key == "time") return read_time(node);
        if (key == "origin") return read_origin();
        if (key == "trusted") return read_trusted();
        if (key == "any" || key == "all") return read_several(key, node);
        if (key == "not") return read_not();
        for (const FieldKey& known : field_keys) {
            if (known.key == key) add_field(node, section_.path(key), known.field, {});
        }
    }

    void add_field(const toml::node& node, const std::string& path, Field field, std::string header_name) {
        tests_.push_back(
            {policy::FieldTest{field, std::move(header_name), matchers_.read(node, path, field)}});
    }

    // A network looks at the client's address, a plain name or glob at its name, a pattern or list at both.
    void read_client(const toml::node& node) {
        toml::array one;
        const toml::array* values = node.as_array();
        if (values == nullptr) {
            one.push_back(node);
            values = &one;
        }
        policy::FieldTest by_ip{Field::client_ip, {}, {}};
        policy::FieldTest by_name{Field::client_name, {}, {}};
        if (values->empty()) section_.error("client", "is empty: it would never match");
        for (const toml::node& value : *values) read_client_value(value, by_ip, by_name);
        std::vector<Condition> either;
        if (!by_ip.any_of.empty()) either.push_back({std::move(by_ip)});
        if (!by_name.any_of.empty()) either.push_back({std::move(by_name)});
        if (either.size() == 1) {
            tests_.push_back(std::move(either.front()));
        } else {
            tests_.push_back({policy::Any{std::move(either)}});
        }
    }

    void read_client_value(const toml::node& value, policy::FieldTest& by_ip, policy::FieldTest& by_name) {
        const std::string path = section_.path("client");
        const auto* text = value.as_string();
        const bool network = text != nullptr && reads_as_network(text->get());
        const bool both = value.is_table() || (text != nullptr && text->get().starts_with('/'));
        const auto matchers = matchers_.read(value, path, network ? Field::client_ip : Field::client_name);
        if (network || both) by_ip.any_of.insert(by_ip.any_of.end(), matchers.begin(), matchers.end());
        if (!network) by_name.any_of.insert(by_name.any_of.end(), matchers.begin(), matchers.end());
    }

    void read_headers(const std::string& key, Field field) {
        const auto headers = section_.section(key);
        if (!headers) return;
        for (const Entry& entry : in_order(headers->table())) {
            const std::string path = headers->path(entry.key);
            if (const auto fault = header_name_fault(entry.key)) {
                section_.diagnostics().error(entry.line, headers->path(), *fault);
            }
            add_field(*entry.node, path, field, entry.key);
        }
    }

    void read_dkim(const toml::node& node) {
        if (matchers_.authserv_id().empty()) {
            section_.error(
                "dkim", "nobody says whose signature is good: there is no authserv_id",
                "write [authentication] with authserv_id = \"mx.example.com\", the name under which "
                "your MTA's verifier writes Authentication-Results");
        }
        add_field(node, section_.path("dkim"), Field::dkim, matchers_.authserv_id());
    }

    void read_body() {
        const auto body = section_.section("body");
        if (!body) return;
        constexpr std::array<FieldKey, 5> views = {{{"quoted", Field::body_quoted},
                                                    {"forwarded", Field::body_forwarded},
                                                    {"signature", Field::body_signature},
                                                    {"all", Field::body_all},
                                                    {"raw", Field::body_raw}}};
        for (const FieldKey& view : views)
            if (const auto* node = body->node(view.key))
                add_field(*node, body->path(view.key), view.field, {});
    }

    void read_attachment() {
        const auto attachment = section_.section("attachment");
        if (!attachment) return;
        const auto read = [&](std::string_view key, Field field) {
            if (const auto* node = attachment->node(key)) add_field(*node, attachment->path(key), field, {});
        };
        read("name", Field::attachment_name);
        read("type", Field::attachment_type);
    }

    void read_size(const toml::node& node) {
        if (const auto* text = node.as_string()) return read_size_text(text->get());
        if (!node.is_table()) return section_.wrong_type("size", "a text such as \">10MB\" or a table", node);
        const auto table = section_.section("size");
        const policy::SizeTest test{table->bytes("at_least"), table->bytes("at_most")};
        if (!table->has("at_least") && !table->has("at_most"))
            section_.error("size", "has neither \"at_least\" nor \"at_most\"");
        if (test.at_least && test.at_most && *test.at_least > *test.at_most) {
            section_.error("size", "\"at_least\" is more than \"at_most\": it would never match");
        }
        tests_.push_back({test});
    }

    void read_size_text(const std::string& text) {
        std::string_view number = text;
        const bool above = number.starts_with('>');
        if (!number.empty()) number.remove_prefix(1);
        const bool equal = number.starts_with('=');
        if (equal) number.remove_prefix(1);
        while (number.starts_with(' ')) number.remove_prefix(1);
        const auto bytes = parse_bytes(number);
        const bool sign = text.starts_with('>') || text.starts_with('<');
        if (!sign || !bytes || (*bytes == 0 && !above)) {
            return section_.error("size", quoted(text) + " is no size to compare with",
                                  "write as in \">10MB\" or \"<=200KB\"");
        }
        policy::SizeTest test;
        if (above) {
            test.at_least = equal ? *bytes : *bytes + 1;
        } else {
            test.at_most = equal ? *bytes : *bytes - 1;
        }
        tests_.push_back({test});
    }

    void read_time(const toml::node& node) {
        if (node.is_string()) return add_time(section_, "time", policy::Zone());
        if (!node.is_table())
            return section_.wrong_type("time", "a text such as \"Mon-Fri 08:00-17:00\" or a table", node);
        const auto table = section_.section("time");
        if (!table->has("hours")) table->error("hours", "is missing");
        add_time(*table, "hours", load_zone(*table, "tz").value_or(policy::Zone()));
    }

    void add_time(const Section& section, std::string_view key, const policy::Zone& zone) {
        const auto text = section.text(key);
        if (!text) return;
        auto hours = policy::Hours::parse(*text);
        if (!hours) return section.error(key, hours.error().text);
        tests_.push_back({policy::TimeTest{std::move(*hours), zone}});
    }

    void read_origin() {
        const std::vector<std::string> kinds = {"inbound", "authenticated", "local"};
        policy::OriginTest test;
        for (const Text& text : section_.texts("origin")) {
            const auto kind = std::find(kinds.begin(), kinds.end(), text.text);
            if (kind == kinds.end()) {
                section_.diagnostics().error(
                    text.line, section_.path("origin"),
                    fmt::format("{} is none of {}", quoted(text.text), one_of(kinds)));
                continue;
            }
            test.any_of.push_back(static_cast<policy::OriginTest::Kind>(kind - kinds.begin()));
        }
        if (is_empty_array(section_.node("origin")))
            section_.error("origin", "is empty: it would never match");
        tests_.push_back({std::move(test)});
    }

    void read_trusted() {
        if (const auto trusted = section_.boolean("trusted")) tests_.push_back({policy::TrustTest{*trusted}});
    }

    void read_several(const std::string& key, const toml::node& node) {
        const auto* array = node.as_array();
        if (array == nullptr) return section_.wrong_type(key, "an array of tables", node);
        if (array->empty()) section_.error(key, "is empty");
        std::vector<Condition> of;
        for (const toml::node& element : *array) {
            if (auto condition = read_below(key, element)) of.push_back(std::move(*condition));
        }
        if (key == "any") {
            tests_.push_back({policy::Any{std::move(of)}});
        } else {
            tests_.push_back({policy::All{std::move(of)}});
        }
    }

    void read_not() {
        const std::size_t count = matchers_.captures().size();
        auto condition = read_below("not", *section_.node("not"));
        matchers_.forget_captures(count);
        if (!condition) return;
        tests_.push_back({policy::Not{std::make_shared<const Condition>(std::move(*condition))}});
    }

    std::optional<Condition> read_below(const std::string& key, const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) {
            section_.wrong_type(key, "tables of conditions", node,
                                "write as in { sender = \"ann@example.com\" }");
            return std::nullopt;
        }
        const Section below(*table, section_.path(key), "rule.when", section_.diagnostics());
        if (table->empty()) {
            section_.diagnostics().error(line_of(node), section_.path(key),
                                         "an empty table matches every mail");
        }
        std::vector<Condition> tests = ConditionTable(below, matchers_).read();
        if (tests.size() == 1) return std::move(tests.front());
        return Condition{policy::All{std::move(tests)}};
    }

    const Section& section_;
    MatcherReader& matchers_;
    std::vector<Condition> tests_;
};

}  // namespace

Condition load_condition(const Section& section, MatcherReader& matchers) {
    return {policy::All{ConditionTable(section, matchers).read()}};
}

}  // namespace mailrota::config
