#include "core/runtime/late_intake.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/runtime/intake_fixture.h"

namespace mailrota::runtime {
namespace {

namespace fixture = runtime::fixture;

TEST(LateIntake, DefersUntilTheStoreIsThereAndThenTakesTurns) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("mailrota-late-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    config::StoreSettings settings;
    settings.url = "sqlite:" + (folder / "state.db").string();
    LateIntake intake(settings, runtime::system_clock());
    const auto policy = fixture::policy_of({fixture::rota("orders", {"ann"})});
    const auto take = [&](const std::string& recipient) {
        return intake.get().take(policy, fixture::mail_of({.id = "1", .recipients = {recipient}}),
                                 policy::Granularity::whole_mail_only);
    };

    const auto away = intake.open();
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(intake.store(), nullptr);
    const auto deferred = take("orders@example.com");
    ASSERT_TRUE(deferred.plan.common_reply());
    EXPECT_EQ(deferred.plan.common_reply()->code, 451);
    EXPECT_NE(deferred.trouble->text.find(folder.string()), std::string::npos) << deferred.trouble->text;
    EXPECT_TRUE(take("other@example.com").plan.untouched());

    std::filesystem::create_directories(folder);
    ASSERT_TRUE(intake.open());
    ASSERT_TRUE(intake.open());
    ASSERT_NE(intake.store(), nullptr);
    EXPECT_EQ(take("orders@example.com").plan.recipients.at(0).to,
              std::vector<std::string>{"ann@example.com"});
    EXPECT_EQ(intake.get().secret(), *intake.store()->trace_secret());
    std::filesystem::remove_all(folder);
}

TEST(LateIntake, WithoutAStoreNobodyKnowsTheSecretThatTracesAreCheckedWith) {
    config::StoreSettings settings;
    settings.url = "sqlite:/nowhere/state.db";
    LateIntake one(settings, runtime::system_clock());
    LateIntake other(settings, runtime::system_clock());
    EXPECT_NE(one.get().secret(), mail::TraceSecret{});
    EXPECT_NE(one.get().secret(), other.get().secret());
}

TEST(LateIntake, UrlThatNamesNoStoreIsInvalid) {
    config::StoreSettings settings;
    settings.url = "sqlight:/x";
    LateIntake intake(settings, runtime::system_clock());
    const auto opened = intake.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace mailrota::runtime
