#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <future>

#include "tests/e2e/spool/mail_servers.h"
#include "tests/e2e/spool/origin.h"
#include "tests/e2e/spool/pulling_host.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using testing::Each;
using testing::SizeIs;

/// Mails of the long test: MAILROTA_SPOOL_MAILS, else 500.
std::size_t many() {
    const char* given = std::getenv("MAILROTA_SPOOL_MAILS");
    return given != nullptr ? std::stoul(given) : 500;
}

/// smtp-source puts mails into the box, to 1bob@example.com, 2bob@example.com, … in that order if there is
/// one session.
void fill(const Origin& origin, std::size_t mails, int sessions) {
    rig::Command command;
    command.argv = {"smtp-source",
                    "-N",
                    "-m",
                    std::to_string(mails),
                    "-s",
                    std::to_string(sessions),
                    "-l",
                    "2000",
                    "-f",
                    "ann@example.com",
                    "-t",
                    "bob@example.com",
                    "127.0.0.1:" + std::to_string(origin.smtp_port())};
    const auto result = rig::run(command, "", std::chrono::minutes(10));
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    ASSERT_EQ(origin.in_box(), mails);
}

/// The numbers in front of the recipients, in the order in which the mails came.
std::vector<std::size_t> numbers(const std::filesystem::path& dump) {
    std::vector<std::size_t> numbers;
    const std::string text = rig::read_file(dump);
    constexpr std::string_view mark = "\nX-Rcpt-Args: <";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
        numbers.push_back(std::stoul(text.substr(at + mark.size(), 20)));
    return numbers;
}

/// A sink that writes all mails into one file, one after the other.
class Record {
  public:
    Record() : folder_(), dump_(folder_.make("dump", "postfix") / "mails"), sink_(options()) {}
    int port() const { return sink_.port(); }
    std::vector<std::size_t> order() const { return numbers(dump_); }

  private:
    rig::SmtpSinkOptions options() const {
        auto options = on_a_port({"-D", dump_});
        options.keep_mails = false;
        return options;
    }
    rig::TemporaryFolder folder_;
    std::filesystem::path dump_;
    rig::SmtpSink sink_;
};

TEST(PO8, TwoPullersAtOnceDeliverEachMailOnce) {
    Origin origin;
    fill(origin, 100, 5);
    const Record record;
    const PullingHost first = PullingHost::to_port(record.port());
    const PullingHost second = PullingHost::to_port(record.port());
    const std::string url = origin.url();
    const std::vector<std::string> few = {"--count", "3"};
    auto other = std::async(std::launch::async, [&] { return second.pull(url, few); });
    const Pulled one = first.pull(url, few);
    const Pulled two = other.get();
    EXPECT_EQ(one.exit_code, 0) << one.notes;
    EXPECT_EQ(two.exit_code, 0) << two.notes;
    EXPECT_EQ(one.mails + two.mails, 100U);
    auto came = record.order();
    std::ranges::sort(came);
    EXPECT_THAT(came, SizeIs(100));
    EXPECT_TRUE(std::ranges::adjacent_find(came) == came.end());
    EXPECT_EQ(origin.in_box(), 0U);
}

TEST(PO8, ASecondPullerWithTheSameDoneListGivesWay) {
    Origin origin;
    const rig::SmtpSink sink(on_a_port());
    const PullingHost host = PullingHost::to_port(sink.port());
    const rig::Process follower = host.start(origin.url(), {"--follow", "--every", "1"});
    fill(origin, 1, 1);
    ASSERT_TRUE(rig::wait_until([&] { return sink.mails().size() == 1; }, std::chrono::seconds(30)));
    EXPECT_EQ(host.pull(origin.url()).exit_code, 75);
}

TEST(PO9, ThousandsAreHandedOutFirstInFirstOut) {
    const std::size_t mails = many();
    Origin origin;
    fill(origin, mails, 1);
    const Record record;
    const Pulled pulled = PullingHost::to_port(record.port()).pull(origin.url());
    EXPECT_EQ(pulled.exit_code, 0) << pulled.notes;
    EXPECT_EQ(pulled.delivered, mails);
    const auto came = record.order();
    EXPECT_THAT(came, SizeIs(mails));
    EXPECT_TRUE(std::ranges::is_sorted(came));
    EXPECT_TRUE(std::ranges::adjacent_find(came) == came.end());
    EXPECT_EQ(origin.in_box(), 0U);
}

}  // namespace
}  // namespace mailrota::e2e
