#include <gmock/gmock.h>

#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {
namespace {

using testing::HasSubstr;

constexpr int exit_usage = 64;
constexpr int exit_unavailable = 69;
constexpr int exit_configuration = 78;

RunResult start_with(const TemporaryFolder& folder, std::string_view text) {
    write_file(folder / "mailrota.toml", text);
    return run({program("mailrota-milter"), "--config", folder / "mailrota.toml"});
}

struct Broken {
    const char* name;
    const char* text;
    const char* said;
};
void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

class BrokenConfiguration : public testing::TestWithParam<Broken> {};

TEST_P(BrokenConfiguration, EndsWith78AndNamesTheLine) {
    const TemporaryFolder folder;
    const auto result = start_with(folder, GetParam().text);
    EXPECT_EQ(result.exit_code, exit_configuration);
    EXPECT_THAT(result.errors, HasSubstr("mailrota.toml:" + std::string(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    Files, BrokenConfiguration,
    testing::Values(
        Broken{"NotToml", "[rota.orders\n", "1: error: "},
        Broken{"UnknownKey",
               "[rota.orders]\naddresses = [\"o@example.com\"]\nmembrs = [\"ann@example.com\"]\n",
               "3: error: rota.orders: unknown key \"membrs\" (hint: did you mean \"members\"?)"},
        Broken{"NoAddress",
               "[rota.orders]\naddresses = [\"o@example.com\"]\nmembers = [\"ann at example\"]\n",
               "3: error: rota.orders.members"},
        Broken{"NoMembers", "[rota.orders]\naddresses = [\"o@example.com\"]\n", "1: error: rota.orders"},
        Broken{"BadPattern", "[[rule]]\nwhen.subject = '/(/'\nthen = [{ discard = true }]\n",
               "2: error: rule"},
        Broken{"UnknownRota", "[[rule]]\nthen = [{ rota = \"nobody\" }]\n", "2: error: rule"},
        Broken{"WrongType", "[rota.orders]\naddresses = 7\nmembers = [\"ann@example.com\"]\n",
               "2: error: rota.orders.addresses"},
        Broken{"NoSuchZone",
               "[rota.orders]\naddresses = [\"o@example.com\"]\ntz = \"Europe/Nowhere\"\nmembers = "
               "[\"ann@example.com\"]\n",
               "3: error: rota.orders.tz"},
        Broken{"UnknownStore", "[store]\nurl = \"mysql://localhost/x\"\n", "2: error: store.url"}),
    [](const auto& broken) { return broken.param.name; });

TEST(BrokenConfiguration, AllErrorsAreToldAtOnce) {
    const TemporaryFolder folder;
    const auto result = start_with(
        folder,
        "[rota.orders]\naddresses = [\"a b\"]\nmembers = [\"x\"]\n[rota.sales]\nstrateggy = \"all\"\n");
    EXPECT_THAT(result.errors, HasSubstr("mailrota.toml:2: error"));
    EXPECT_THAT(result.errors, HasSubstr("mailrota.toml:3: error"));
    EXPECT_THAT(result.errors, HasSubstr("mailrota.toml:5: error"));
    EXPECT_THAT(result.errors, HasSubstr("did you mean \"strategy\"?"));
}

TEST(BrokenConfiguration, BinaryGarbageIsAnError) {
    std::string garbage;
    for (int byte = 0; byte < 256; ++byte) garbage += static_cast<char>(byte);
    const TemporaryFolder folder;
    EXPECT_EQ(start_with(folder, garbage).exit_code, exit_configuration);
}

TEST(Start, WithoutAConfigurationFile) {
    const auto result = run({program("mailrota-milter"), "--config", "/nonexistent/mailrota.toml"});
    EXPECT_EQ(result.exit_code, exit_configuration);
    EXPECT_THAT(result.errors, HasSubstr("/nonexistent/mailrota.toml: No such file"));
}

TEST(Start, WithAnOptionThatThereIsNot) {
    EXPECT_EQ(run({program("mailrota-milter"), "--confg", "x"}).exit_code, exit_usage);
}

TEST(Start, WithASocketInAFolderThatThereIsNot) {
    const TemporaryFolder folder;
    const auto result =
        start_with(folder, "[listener.inbound]\nsocket = \"unix:/nonexistent/milter.sock\"\n");
    EXPECT_EQ(result.exit_code, exit_configuration) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr("the folder /nonexistent of the socket does not exist"));
}

TEST(Start, ASecondProgramLeavesTheFirstAlone) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto second = run({program("mailrota-milter"), "--config", milter.config_path()});
    EXPECT_EQ(second.exit_code, exit_unavailable) << second.errors;
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})),
                testing::ElementsAre("ann@example.com"));
}

TEST(Start, WithADatabaseThatIsNone) {
    const TemporaryFolder folder;
    write_file(folder / "state.db", std::string(5000, 'x'));
    const auto text =
        "[listener.inbound]\nsocket = \"unix:" + (folder / "s").string() +
        "\"\n[control]\nsocket = \"\"\n[store]\nurl = \"sqlite:" + (folder / "state.db").string() + "\"\n" +
        std::string(orders_rota);
    const auto result = start_with(folder, text);
    EXPECT_EQ(result.exit_code, exit_configuration) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr("state.db: damaged or not a SQLite database"));
}

}  // namespace
}  // namespace mailrota::rig
