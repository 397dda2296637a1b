#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/e2e/raw_milter/database_lock.h"
#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> orders = {"orders@example.com"};

/// A file system of two megabytes in memory.
class SmallDisk {
  public:
    SmallDisk() {
        if (mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=2m") != 0)
            throw std::runtime_error("a test file system cannot be mounted: " +
                                     std::string(std::strerror(errno)));
    }
    ~SmallDisk() { umount2(folder_.path().c_str(), MNT_DETACH); }
    SmallDisk(const SmallDisk&) = delete;

    std::string url() const { return "sqlite:" + (folder_ / "state.db").string(); }
    void fill() const {
        std::ofstream filler(folder_ / "filler", std::ios::binary);
        const std::string page(4096, 'x');
        while (filler.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) continue;
    }
    void make_room() const { fs::remove(folder_ / "filler"); }
    void set_read_only(bool read_only) const {
        const unsigned long flags = MS_REMOUNT | (read_only ? static_cast<unsigned long>(MS_RDONLY) : 0UL);
        if (mount("tmpfs", folder_.path().c_str(), "tmpfs", flags, "size=2m") != 0)
            throw std::runtime_error("remount: " + std::string(std::strerror(errno)));
    }

  private:
    TemporaryFolder folder_;
};

/// Whatever is wrong with the store: the mail is deferred, the log says why, other mail goes on.
void expect_deferred(const MailrotaMilter& milter, const MilterMessage& message, std::string_view reason) {
    const auto outcome = offer(milter, message);
    EXPECT_THAT(outcome.verdict.text, HasSubstr("451 4.3.0 mailrota: state store not available"));
    EXPECT_THAT(outcome.edits, testing::IsEmpty());
    EXPECT_TRUE(milter.wait_for_log(reason)) << reason << "\n" << milter.log();
    EXPECT_THAT(recipients_of(milter, mail_to({"zoe@example.com"})), ElementsAre("zoe@example.com"));
    EXPECT_TRUE(milter.running());
}

/// The fault is gone: the mail that was deferred is taken, by `colleague`.
void expect_recovered(const MailrotaMilter& milter, const MilterMessage& message,
                      const std::string& colleague) {
    std::vector<std::string> recipients;
    wait_until(
        [&] {
            recipients = recipients_of(milter, message);
            return !recipients.at(0).starts_with("y: 451");
        },
        std::chrono::seconds(30));
    EXPECT_THAT(recipients, ElementsAre(colleague)) << milter.log();
}

TEST(FullDisk, DefersUntilThereIsRoom) {
    const SmallDisk disk;
    const MailrotaMilter milter(configuration(orders_rota, "", disk.url()));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ann@example.com"));
    disk.fill();
    auto deferred = mail_to(orders);
    std::string served;
    // What is left of the last page may still take a few turns.
    ASSERT_TRUE(wait_until([&] {
        deferred = mail_to(orders);
        const auto now = recipients_of(milter, deferred).at(0);
        if (!now.starts_with("y: 451")) served = now;
        return now.starts_with("y: 451");
    }));
    expect_deferred(milter, deferred, "the disk is full");
    disk.make_room();
    const std::vector<std::string> members = {"ann@example.com", "ben@example.com", "cho@example.com"};
    const auto last = std::find(members.begin(), members.end(), served.empty() ? members[0] : served);
    expect_recovered(milter, deferred, members.at(static_cast<std::size_t>(last - members.begin() + 1) % 3));
}

TEST(FullDisk, FromTheStart) {
    const SmallDisk disk;
    disk.fill();
    const MailrotaMilter milter(configuration(orders_rota, "", disk.url()));
    const auto message = mail_to(orders);
    expect_deferred(milter, message, "disk is full");
    disk.make_room();
    expect_recovered(milter, message, "ann@example.com");
}

class ReadOnlyDatabase : public testing::TestWithParam<bool> {};

TEST_P(ReadOnlyDatabase, DefersUntilItCanBeWritten) {
    const SmallDisk disk;
    {
        MailrotaMilter first(configuration(orders_rota, "", disk.url()));
        EXPECT_THAT(recipients_of(first, mail_to(orders)), ElementsAre("ann@example.com"));
        GetParam() ? first.kill9() : static_cast<void>(first.stop());
    }
    disk.set_read_only(true);
    const MailrotaMilter milter(configuration(orders_rota, "", disk.url()));
    const auto message = mail_to(orders);
    expect_deferred(milter, message, "read-only");
    disk.set_read_only(false);
    expect_recovered(milter, message, "ben@example.com");
}

INSTANTIATE_TEST_SUITE_P(After, ReadOnlyDatabase, testing::Bool(),
                         [](const auto& crash) { return crash.param ? "ACrash" : "AStop"; });

TEST(LockedDatabase, DefersUntilTheLockIsGone) {
    const MailrotaMilter milter(configuration(orders_rota, "busy = \"1s\""));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ann@example.com"));
    const auto message = mail_to(orders);
    {
        const DatabaseLock lock(milter.folder() / "state.db");
        expect_deferred(milter, message, "locked by another program");
    }
    expect_recovered(milter, message, "ben@example.com");
}

TEST(DeletedDatabase, DefersUntilItIsBack) {
    const MailrotaMilter milter(configuration(orders_rota));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ann@example.com"));
    const fs::path away = milter.folder() / "away";
    fs::rename(milter.folder() / "state.db", away);
    const auto message = mail_to(orders);
    expect_deferred(milter, message, "the file was deleted or moved");
    fs::rename(away, milter.folder() / "state.db");
    expect_recovered(milter, message, "ben@example.com");
}

TEST(DeletedDatabase, BeginsAnewWhenRestarted) {
    MailrotaMilter milter(configuration(orders_rota));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ann@example.com"));
    for (const char* name : {"state.db", "state.db-wal", "state.db-shm"}) fs::remove(milter.folder() / name);
    const auto message = mail_to(orders);
    expect_deferred(milter, message, "the file was deleted or moved");
    milter.restart();
    expect_recovered(milter, message, "ann@example.com");
}

TEST(FailOpen, TheWholeMailPassesUntouched) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
then = [{ add_header = { name = "X-Seen", value = "1" } }]
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com"]
on_error  = "pass"
)",
                                              "busy = \"1s\""));
    const DatabaseLock lock(milter.folder() / "state.db");
    const auto message = mail_to(orders);
    const auto outcome = offer(milter, message);
    EXPECT_EQ(outcome.verdict.kind, 'c') << outcome.verdict.text;
    EXPECT_THAT(outcome.edits, testing::IsEmpty());
    EXPECT_THAT(milter.log(), HasSubstr("failed-open"));
    EXPECT_THAT(milter.log(), HasSubstr("locked by another program"));
}

TEST(FailOpen, OneRotaThatDefersHoldsTheMail) {
    const MailrotaMilter milter(configuration(R"(
[rota.open]
addresses = ["open@example.com"]
members   = ["ann@example.com"]
on_error  = "pass"
)" + std::string(orders_rota),
                                              "busy = \"1s\""));
    const DatabaseLock lock(milter.folder() / "state.db");
    expect_deferred(milter, mail_to({"open@example.com", "orders@example.com"}), "locked by another program");
}

}  // namespace
}  // namespace mailrota::rig
