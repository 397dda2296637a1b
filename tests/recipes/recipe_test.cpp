#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "core/config/config.h"
#include "core/policy/decide.h"

// The recipes of conf/recipes and sample mails of each: README.md.
namespace mailrota::recipes {
namespace {

namespace fs = std::filesystem;

const fs::path source = MAILROTA_SOURCE_DIR;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// As an administrator puts them together: who is called, then the recipe.
config::Loaded loaded_recipe(const std::string& name) {
    const fs::path folder = source / "conf/recipes";
    const auto no_lists = [](const std::string&) -> Result<std::string> { return invalid("no lists here"); };
    return config::load(read(folder / "calls.toml") + read(folder / (name + ".toml")), name, no_lists);
}

std::vector<std::string> recipe_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(source / "conf/recipes")) {
        const fs::path file = entry.path().filename();
        if (file.extension() == ".toml" && file != "calls.toml") names.push_back(file.stem());
    }
    std::ranges::sort(names);
    return names;
}

class Recipe : public testing::TestWithParam<std::string> {};

TEST_P(Recipe, IsAConfigurationWithoutADoubt) {
    const auto loaded = loaded_recipe(GetParam());
    std::vector<std::string> told;
    for (const auto& diagnostic : loaded.diagnostics) told.push_back(diagnostic.to_string());
    EXPECT_THAT(told, testing::IsEmpty());
    EXPECT_TRUE(loaded.ok());
}

TEST_P(Recipe, HasMailsThatCallThatResolveAndThatDoNeither) {
    std::map<std::string, int> kinds;
    for (const auto& entry : fs::directory_iterator(source / "tests/recipes/mails" / GetParam())) {
        const std::string name = entry.path().filename();
        if (entry.path().extension() == ".eml") ++kinds[name.substr(0, name.find('-'))];
    }
    EXPECT_GE(kinds["call"], 1);
    const bool ends_by_itself = GetParam() == "selftest";
    EXPECT_GE(kinds["resolve"], ends_by_itself ? 0 : 1);
    EXPECT_GE(kinds["nothing"], 1);
}

INSTANTIATE_TEST_SUITE_P(Conf, Recipe, testing::ValuesIn(recipe_names()),
                         [](const auto& recipe) { return recipe.param; });

// "redmine/call-new-ticket"
std::vector<std::string> sample_names() {
    std::vector<std::string> names;
    const fs::path folder = source / "tests/recipes/mails";
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".eml") continue;
        names.push_back(fs::relative(entry.path(), folder).replace_extension());
    }
    std::ranges::sort(names);
    return names;
}

// What stands between two texts in the first Received, which Postfix writes: "from … ([192.0.2.10])
// (Authenticated sender: ann) by …".
std::string received_part(const mail::Message& message, std::string_view before, std::string_view behind) {
    const std::string_view received = message.raw_header("Received");
    const std::size_t begin = received.find(before);
    if (begin == received.npos) return {};
    const std::size_t end = received.find(behind, begin);
    return std::string(received.substr(begin + before.size(), end - begin - before.size()));
}

mail::Mail sample_mail(const fs::path& eml, const config::Loaded& loaded) {
    mail::Mail mail;
    mail.message = mail::Message::from_bytes(read(eml), loaded.config->limits);
    mail.envelope.sender = mail::Address::from_envelope(mail.message.raw_header("Return-Path"));
    mail.envelope.recipients = {{mail::Address::from_envelope("oncall@example.com"), {}}};
    mail.envelope.client.ip = received_part(mail.message, "[", "]");
    mail.envelope.client.auth_user = received_part(mail.message, "(Authenticated sender: ", ")");
    mail.origin.listener = loaded.config->listeners.front().name;
    return mail;
}

std::string told(const policy::Decision& decision) {
    std::ostringstream out;
    for (const auto& trigger : decision.triggers) {
        const bool raises = trigger.kind == policy::Trigger::Kind::raise;
        out << (raises ? "raise " : "resolve ") << trigger.alert << "\n  key: " << trigger.key << '\n';
        if (raises) out << "  say: " << trigger.say << '\n';
    }
    for (const auto& beat : decision.beats) out << "heartbeat " << beat << '\n';
    for (const auto& alarm : decision.alarms) out << "alarm " << alarm << '\n';
    return out.str().empty() ? "nothing\n" : out.str();
}

class RecipeMail : public testing::TestWithParam<std::string> {};

TEST_P(RecipeMail, DoesWhatItIsMeantTo) {
    const std::string recipe = GetParam().substr(0, GetParam().find('/'));
    const auto loaded = loaded_recipe(recipe);
    ASSERT_TRUE(loaded.ok());
    const fs::path stem = source / "tests/recipes/mails" / GetParam();
    const auto mail = sample_mail(fs::path(stem) += ".eml", loaded);
    const auto decision = policy::decide(*loaded.policy, mail, mail::Trace{});
    EXPECT_EQ(told(decision), read(fs::path(stem) += ".expected"));
    ASSERT_EQ(decision.recipients.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<policy::RouteKeep>(decision.recipients[0].route)) << "the mail stays";
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::ranges::replace(name, '/', '_');
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Mails, RecipeMail, testing::ValuesIn(sample_names()), test_name);

}  // namespace
}  // namespace mailrota::recipes
