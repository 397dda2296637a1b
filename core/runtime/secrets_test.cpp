#include "core/runtime/secrets.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "tests/rig/temporary_folder.h"

namespace mailrota::runtime {
namespace {

using config::SecretSource;
using testing::HasSubstr;
using testing::Not;
using Kind = SecretSource::Kind;

class Secrets : public testing::Test {
  protected:
    std::string file(const std::string& content, mode_t mode = 0640) {
        const std::string path = folder_.path() / "secret";
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        chmod(path.c_str(), mode);
        return path;
    }
    std::string folder() const { return folder_.path(); }

  private:
    rig::TemporaryFolder folder_;
};

TEST_F(Secrets, AreTheFirstLineOfAFile) {
    EXPECT_EQ(read_secret({Kind::file, file("hush \t\r\nmore\n"), ""}), "hush");
    EXPECT_EQ(read_secret({Kind::file, file("hush"), ""}), "hush");
}

TEST_F(Secrets, AreRefusedWhereEverybodyReadsThem) {
    const auto secret = read_secret({Kind::file, file("hush", 0644), "mailrota.toml:12"});
    ASSERT_FALSE(secret);
    EXPECT_THAT(secret.error().text, HasSubstr("mailrota.toml:12: secret file " + folder()));
    EXPECT_THAT(secret.error().text, HasSubstr("everybody can read it"));
    EXPECT_THAT(secret.error().text, Not(HasSubstr("hush")));
}

TEST_F(Secrets, AreNeverEmptyNorEndless) {
    for (const std::string& content : {std::string(), std::string("\nsecond"), std::string(" \r\n")}) {
        const auto secret = read_secret({Kind::file, file(content), ""});
        ASSERT_FALSE(secret);
        EXPECT_THAT(secret.error().text, HasSubstr("is empty"));
    }
    EXPECT_FALSE(read_secret({Kind::file, file(std::string(5000, 'x')), ""}));
    EXPECT_FALSE(read_secret({Kind::file, folder(), ""}));
    EXPECT_EQ(read_secret({Kind::file, folder() + "/absent", ""}).error().kind, ErrorKind::unavailable);
}

TEST_F(Secrets, ComeFromSystemd) {
    file("hush\n");
    ASSERT_EQ(setenv("CREDENTIALS_DIRECTORY", folder().c_str(), 1), 0);
    EXPECT_EQ(read_secret({Kind::credential, "secret", ""}), "hush");
    EXPECT_FALSE(read_secret({Kind::credential, "../secret", ""}));
    EXPECT_FALSE(read_secret({Kind::credential, "absent", ""}));
    ASSERT_EQ(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    EXPECT_FALSE(read_secret({Kind::credential, "secret", ""}));
}

TEST_F(Secrets, ComeFromTheEnvironment) {
    ASSERT_EQ(setenv("MAILROTA_TEST_SECRET", "hush ", 1), 0);
    EXPECT_EQ(read_secret({Kind::env, "MAILROTA_TEST_SECRET", ""}), "hush");
    ASSERT_EQ(unsetenv("MAILROTA_TEST_SECRET"), 0);
    const auto secret = read_secret({Kind::env, "MAILROTA_TEST_SECRET", ""});
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().text, "environment variable MAILROTA_TEST_SECRET is not set");
}

TEST(SameSecret, ComparesEveryByte) {
    EXPECT_TRUE(same_secret("", ""));
    EXPECT_TRUE(same_secret(std::string("a\0b", 3), std::string("a\0b", 3)));
    EXPECT_FALSE(same_secret("abc", "abd"));
    EXPECT_FALSE(same_secret("abc", "ab"));
    EXPECT_FALSE(same_secret("", "a"));
}

}  // namespace
}  // namespace mailrota::runtime
