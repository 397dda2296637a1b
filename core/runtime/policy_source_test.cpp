#include "core/runtime/policy_source.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mailrota::runtime {
namespace {

using testing::HasSubstr;

constexpr const char* one_rota = R"([rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)";
constexpr const char* with_list = R"([list.vips]
file = "vips.txt"
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
[[rule]]
name = "vip"
when.sender = { list = "vips" }
then = [{ rota = "orders" }]
)";

class Source : public testing::Test {
  protected:
    Source() {
        std::string pattern = testing::TempDir() + "mailrota-source-XXXXXX";
        folder = mkdtemp(pattern.data());
    }
    ~Source() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, std::string_view text) const {
        std::ofstream(folder + "/" + name, std::ios::binary) << text;
    }
    std::unique_ptr<PolicySource> open() const {
        auto opened = PolicySource::open(file());
        if (!opened) throw std::runtime_error(opened.error().text);
        return std::move(*opened);
    }
    std::string file() const { return folder + "/mailrota.toml"; }

    std::string folder;
};

TEST_F(Source, AFileThatIsMissingOrBrokenIsAnErrorWithItsName) {
    EXPECT_THAT(PolicySource::open(file()).error().text, HasSubstr("mailrota.toml: No such file"));
    EXPECT_THAT(PolicySource::open(folder).error().text, HasSubstr("Is a directory"));
    write("mailrota.toml", "[rota.orders]\nmembres = []\n");
    EXPECT_THAT(PolicySource::open(file()).error().text, HasSubstr("mailrota.toml:2: error: "));
}

TEST_F(Source, AReloadTakesTheNewFileAndLeavesTheOldOneToItsHolders) {
    write("mailrota.toml", one_rota);
    const auto source = open();
    const auto first = source->current();
    EXPECT_EQ(first->number, 1U);
    write("mailrota.toml", std::string(one_rota) + "[rota.other]\nmembers = [\"ben@example.com\"]\n");
    const auto reloaded = source->reload();
    EXPECT_TRUE(reloaded.succeeded);
    EXPECT_EQ(reloaded.generation, 2U);
    EXPECT_EQ(source->current()->number, 2U);
    EXPECT_NE(source->current()->policy->rota("other"), nullptr);
    EXPECT_EQ(first->policy->rota("other"), nullptr);
}

TEST_F(Source, ABrokenFileKeepsWhatIsInEffect) {
    write("mailrota.toml", one_rota);
    const auto source = open();
    write("mailrota.toml", "[rota.orders\n");
    const auto broken = source->reload();
    EXPECT_FALSE(broken.succeeded);
    EXPECT_EQ(broken.generation, 1U);
    EXPECT_FALSE(broken.diagnostics.empty());
    EXPECT_NE(source->current()->policy->rota("orders"), nullptr);
    std::filesystem::remove(file());
    EXPECT_THAT(source->reload().diagnostics.at(0).to_string(), HasSubstr("No such file"));
}

TEST_F(Source, SettingsThatWaitForARestartAreNamed) {
    write("mailrota.toml", one_rota);
    const auto source = open();
    write("mailrota.toml", std::string(one_rota) + "[store]\nurl = \"memory:\"\n");
    const auto reloaded = source->reload();
    EXPECT_TRUE(reloaded.succeeded);
    ASSERT_EQ(reloaded.diagnostics.size(), 1U);
    EXPECT_EQ(reloaded.diagnostics[0].key, "store");
    EXPECT_EQ(reloaded.diagnostics[0].severity, config::Diagnostic::Severity::warning);
}

TEST_F(Source, AListIsReadAgainWithoutTheFileBesideIt) {
    write("vips.txt", "boss@example.net\n");
    write("mailrota.toml", with_list);
    const auto source = open();
    EXPECT_FALSE(source->lists_changed());
    write("vips.txt", "boss@example.net\nqueen@example.net\n");
    write("mailrota.toml", "half writ");
    EXPECT_TRUE(source->lists_changed());
    EXPECT_TRUE(source->reload_lists().succeeded);
    EXPECT_FALSE(source->lists_changed());
    EXPECT_EQ(source->current()->number, 2U);
}

TEST_F(Source, AListThatGoesAndComesBackIsSeen) {
    write("vips.txt", "boss@example.net\n");
    write("mailrota.toml", with_list);
    const auto source = open();
    std::filesystem::remove(folder + "/vips.txt");
    EXPECT_TRUE(source->lists_changed());
    EXPECT_TRUE(source->reload_lists().succeeded) << "unreadable is a warning: the list cannot tell";
    EXPECT_FALSE(source->lists_changed());
    write("vips.txt", "boss@example.net\n");
    EXPECT_TRUE(source->lists_changed());
}

}  // namespace
}  // namespace mailrota::runtime
