#include "lmtp/login.h"

#include <crypt.h>
#include <gtest/gtest.h>

namespace mailrota::lmtp {
namespace {

std::string line(const std::string& user, const std::string& password,
                 const char* setting = "$6$rounds=1000$ab$") {
    crypt_data work{};
    return user + ':' + crypt_r(password.c_str(), setting, &work) + '\n';
}

TEST(Login, ThePasswordOfTheUserAndNoOther) {
    const auto lines = "# users\n\n" + line("ann", "secret") + line("ben", "other", "$5$cd$");
    EXPECT_TRUE(login_valid(lines, "ann", "secret"));
    EXPECT_TRUE(login_valid(lines, "ben", "other"));
    EXPECT_FALSE(login_valid(lines, "ann", "other"));
    EXPECT_FALSE(login_valid(lines, "ben", "secret"));
    EXPECT_FALSE(login_valid(lines, "cho", "secret"));
    EXPECT_FALSE(login_valid(lines, "", ""));
    EXPECT_FALSE(login_valid(lines, "# users", ""));
}

TEST(Login, NobodyWithoutLines) {
    EXPECT_FALSE(login_valid("", "ann", "secret"));
    EXPECT_FALSE(login_valid("ann\nann:\n:x\n", "ann", ""));
}

TEST(Login, ALockedAccountHasNoPassword) {
    for (const char* hash : {"!", "*", "*0", "*1", "x"})
        EXPECT_FALSE(login_valid("ann:" + std::string(hash) + "\n", "ann", hash)) << hash;
}

TEST(Login, NothingFollowsThePassword) {
    EXPECT_FALSE(login_valid(line("ann", "secret"), "ann", std::string("secret\0more", 11)));
}

TEST(Login, AFileThatIsNotThereIsAnError) {
    EXPECT_FALSE(login_valid_by_file("/nonexistent/users", "ann", "secret").has_value());
}

}  // namespace
}  // namespace mailrota::lmtp
