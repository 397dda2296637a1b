#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

using policy::Field;
using testing::ElementsAre;

policy::Rule rule_of(const std::string& lines) {
    const Loaded loaded = load_text(
        "[rota.orders]\naddresses = \"orders@example.com\"\nmembers = [\"ann@example.com\"]\n"
        "[list.vip]\nfile = \"vip.list\"\n[[rule]]\n" +
        lines);
    for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << diagnostic.to_string();
    return loaded.ok() ? loaded.policy->rules().at(0) : policy::Rule{};
}

std::string to_text(const policy::Matcher& matcher) {
    struct {
        std::string operator()(const policy::Exact& exact) const { return "=" + exact.text; }
        std::string operator()(const policy::Glob& glob) const { return "~" + glob.text; }
        std::string operator()(const policy::Pattern& pattern) const { return pattern.text(); }
        std::string operator()(const policy::Network& network) const { return "net " + network.text; }
        std::string operator()(const policy::InList& in) const { return "list " + in.list->name(); }
    } const text;
    return std::visit(text, matcher);
}

std::string bound(const std::optional<std::uint64_t>& bytes) { return bytes ? std::to_string(*bytes) : "-"; }

std::string to_text(const policy::Condition& condition);

std::string to_text(const std::vector<policy::Condition>& of) {
    std::string out;
    for (const policy::Condition& one : of) out += (out.empty() ? "" : "; ") + to_text(one);
    return out;
}

// "sender(=a, ~b)", "all{…; …}": what a condition came to, for comparison.
std::string to_text(const policy::Condition& condition) {
    struct {
        std::string operator()(const policy::All& all) const { return "all{" + to_text(all.of) + "}"; }
        std::string operator()(const policy::Any& any) const { return "any{" + to_text(any.of) + "}"; }
        std::string operator()(const policy::Not& none) const { return "not{" + to_text(*none.of) + "}"; }
        std::string operator()(const policy::FieldTest& test) const {
            std::string out = std::to_string(static_cast<int>(test.field)) + " " + test.header_name + "(";
            for (const policy::Matcher& matcher : test.any_of) out += to_text(matcher) + ",";
            return out + ")";
        }
        std::string operator()(const policy::SizeTest& size) const {
            return "size " + bound(size.at_least) + ".." + bound(size.at_most);
        }
        std::string operator()(const policy::TimeTest& time) const { return "time " + time.zone.name(); }
        std::string operator()(const policy::TrustTest& trust) const {
            return trust.trusted ? "trusted" : "untrusted";
        }
        std::string operator()(const policy::OriginTest& origin) const {
            std::string out = "origin";
            for (const auto kind : origin.any_of) out += " " + std::to_string(static_cast<int>(kind));
            return out;
        }
    } const text;
    return std::visit(text, condition.node);
}

std::string field(Field field, const std::string& rest) {
    return std::to_string(static_cast<int>(field)) + " " + rest;
}

struct ConditionCase {
    const char* toml;
    std::string wanted;
};

TEST(Conditions, EveryKeyIsRead) {
    const ConditionCase cases[] = {
        {"sender = \"Ann@example.com\"", field(Field::sender, "(=Ann@example.com,)")},
        {"sender = [\"\", \"<>\", \"@example.com\", \"a*@example.com\"]",
         field(Field::sender, "(=,=,~*@example.com,~a*@example.com,)")},
        {"sender = { list = \"vip\" }", field(Field::sender, "(list vip,)")},
        {"rcpt = [\"a@example.com\", { list = \"vip\" }]", field(Field::rcpt, "(=a@example.com,list vip,)")},
        {"client = \"192.0.2.0/24\"", field(Field::client_ip, "(net 192.0.2.0/24,)")},
        {"client = \"2001:db8::1\"", field(Field::client_ip, "(net 2001:db8::1,)")},
        {"client = \"*.example.com\"", field(Field::client_name, "(~*.example.com,)")},
        {"client = [\"192.0.2.1\", \"mx.example.com\"]",
         "any{" + field(Field::client_ip, "(net 192.0.2.1,)") + "; " +
             field(Field::client_name, "(=mx.example.com,)") + "}"},
        {"client = \"/^mx/\"",
         "any{" + field(Field::client_ip, "(/^mx/,)") + "; " + field(Field::client_name, "(/^mx/,)") + "}"},
        {"client_name = \"unknown\"", field(Field::client_name, "(=unknown,)")},
        {"helo = \"*\"", field(Field::helo, "(~*,)")},
        {"auth = \"ann\"", field(Field::auth, "(=ann,)")},
        {"listener = \"inbound\"", field(Field::listener, "(=inbound,)")},
        {"daemon = \"smtpd\"", field(Field::daemon, "(=smtpd,)")},
        {"header.X-Id = '/^\\d+$/'", field(Field::header, "X-Id(/^\\d+$/,)")},
        {"raw_header.X-Id = \"a\"", field(Field::raw_header, "X-Id(=a,)")},
        {"subject = \"/order/i\"", field(Field::subject, "(/order/i,)")},
        {"body = \"*order*\"", field(Field::body, "(~*order*,)")},
        {"body.quoted = \"*order*\"", field(Field::body_quoted, "(~*order*,)")},
        {"body.forwarded = \"*order*\"", field(Field::body_forwarded, "(~*order*,)")},
        {"body.signature = \"*order*\"", field(Field::body_signature, "(~*order*,)")},
        {"body.all = \"*order*\"", field(Field::body_all, "(~*order*,)")},
        {"body.raw = \"*order*\"", field(Field::body_raw, "(~*order*,)")},
        {"body_all = \"*order*\"", field(Field::body_all, "(~*order*,)")},
        {"body_raw = \"*order*\"", field(Field::body_raw, "(~*order*,)")},
        {"body = { list = \"vip\" }", field(Field::body, "(list vip,)")},
        {"attachment = \"*.exe\"", field(Field::attachment_name, "(~*.exe,)")},
        {"attachment.name = \"*.exe\"", field(Field::attachment_name, "(~*.exe,)")},
        {"attachment.type = \"image/png\"", field(Field::attachment_type, "(=image/png,)")},
        {"size = \">10MB\"", "size 10485761..-"},
        {"size = \">= 10MB\"", "size 10485760..-"},
        {"size = \"<200KB\"", "size -..204799"},
        {"size = \"<=200\"", "size -..200"},
        {"size = { at_least = 10, at_most = \"1GB\" }", "size 10..1073741824"},
        {"time = \"Mon-Fri 08:00-17:00\"", "time UTC"},
        {"time = { hours = \"Mon-Fri\", tz = \"Europe/London\" }", "time Europe/London"},
        {"origin = \"local\"", "origin 2"},
        {"origin = [\"inbound\", \"authenticated\"]", "origin 0 1"},
        {"trusted = false", "untrusted"},
        {"not = { trusted = true }", "not{trusted}"},
        {"any = [{ trusted = true }, { origin = \"local\", trusted = false }]",
         "any{trusted; all{origin 2; untrusted}}"},
        {"all = [{ trusted = true }]", "all{trusted}"},
    };
    for (const auto& [toml, wanted] : cases) {
        const policy::Rule rule = rule_of("when." + std::string(toml) + "\nthen = \"stop\"\n");
        EXPECT_EQ(to_text(rule.when), "all{" + wanted + "}") << toml;
    }
}

// Of tests that cost the same: the policy puts cheap ones first.
TEST(Conditions, StandInTheOrderInWhichTheyWereWritten) {
    const policy::Rule rule = rule_of("when = { trusted = true, origin = \"local\" }\nthen = \"stop\"\n");
    EXPECT_EQ(to_text(rule.when), "all{trusted; origin 2}");
}

TEST(Conditions, WithoutAnyTheRuleMatchesEveryMail) {
    EXPECT_EQ(to_text(rule_of("then = [{ quarantine = \"x\" }]\n").when), "all{}");
}

TEST(Rules, HaveNameFlagsAndPlace) {
    const policy::Rule rule = rule_of(
        "name = \"vip\"\nwhen.sender = \"a@example.com\"\nthen = \"discard\"\n"
        "stop = true\non_limit = \"match\"\non_error = \"pass\"\n");
    EXPECT_EQ(rule.name, "vip");
    EXPECT_EQ(rule.where, "m.toml:6");
    EXPECT_EQ(rule.on_limit, policy::OnLimit::match);
    EXPECT_EQ(rule.on_error, policy::OnError::pass);
    ASSERT_EQ(rule.then.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<policy::Discard>(rule.then[0]));
    EXPECT_TRUE(std::holds_alternative<policy::Stop>(rule.then[1]));
}

TEST(Rules, DeferWhenInDoubtUnlessToldOtherwise) {
    const policy::Rule rule = rule_of("then = \"stop\"\n");
    EXPECT_EQ(rule.name, "rule 1");
    EXPECT_EQ(rule.on_limit, policy::OnLimit::defer);
    EXPECT_EQ(rule.on_error, policy::OnError::defer);
}

TEST(Actions, EveryOneIsRead) {
    const policy::Rule rule = rule_of(R"(when.header.X-Id = '/(?<id>\d+)/'
then = [
  { copy = "ann@example.com" },
  { add_header = { name = "X-Ticket", value = "{id} of {sender}" } },
  { remove_header = ["X-A", "X-B"] },
  { quarantine = "ticket {id}" },
  { redirect = ["ann@example.com", "ben@example.com"] },
  { stop = true },
]
)");
    ASSERT_EQ(rule.then.size(), 7U);
    EXPECT_THAT(std::get<policy::Copy>(rule.then[0]).to, ElementsAre("ann@example.com"));
    EXPECT_EQ(std::get<policy::AddHeader>(rule.then[1]).value, "{id} of {sender}");
    EXPECT_EQ(std::get<policy::RemoveHeader>(rule.then[2]).name, "X-A");
    EXPECT_EQ(std::get<policy::RemoveHeader>(rule.then[3]).name, "X-B");
    EXPECT_EQ(std::get<policy::Quarantine>(rule.then[4]).reason, "ticket {id}");
    EXPECT_THAT(std::get<policy::Redirect>(rule.then[5]).to,
                ElementsAre("ann@example.com", "ben@example.com"));
    EXPECT_TRUE(std::holds_alternative<policy::Stop>(rule.then[6]));
}

TEST(Actions, RotaMayStandAlone) {
    const policy::Rule rule = rule_of("then = { rota = \"orders\" }\n");
    ASSERT_EQ(rule.then.size(), 1U);
    EXPECT_EQ(std::get<policy::ToRota>(rule.then[0]).rota, "orders");
}

TEST(Actions, RepliesHaveDefaults) {
    using policy::Reply;
    const auto reject = [](const std::string& value) {
        return std::get<policy::Reject>(rule_of("then = [{ reject = " + value + " }]\n").then.at(0)).reply;
    };
    const auto defer = [](const std::string& value) {
        return std::get<policy::Defer>(rule_of("then = [{ defer = " + value + " }]\n").then.at(0)).reply;
    };
    EXPECT_EQ(reject("\"no {rcpt}\""), (Reply{550, "5.7.1", "no {rcpt}"}));
    EXPECT_EQ(reject("{}"), (Reply{550, "5.7.1", "Message refused"}));
    EXPECT_EQ(reject("{ code = 554, enhanced = \"5.6.0\", text = \"no\\nreally\" }"),
              (Reply{554, "5.6.0", "no\nreally"}));
    EXPECT_EQ(defer("\"later\""), (Reply{451, "4.7.1", "later"}));
    EXPECT_EQ(defer("{ code = 452 }"), (Reply{452, "4.7.1", "Try again later"}));
}

}  // namespace
}  // namespace mailrota::config
