#include "ctl/done_list.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/rig/temporary_folder.h"

namespace mailrota::ctl {
namespace {

using Outcome = wire::Acknowledgement::Result::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'795'168'800)};
const wire::Acknowledgement::Result delivered{"i1", "ann@x", Outcome::delivered, "250 ok"};
const wire::Acknowledgement::Result failed{"i1", "ben@x", Outcome::failed, "550 no\tsuch\nuser\\"};
const wire::Acknowledgement::Result deferred{"i1", "cho@x", Outcome::deferred, "451"};

class DoneLists : public testing::Test {
  protected:
    std::unique_ptr<DoneList> open(std::chrono::sys_seconds at = now) const {
        auto list = DoneList::open(path(), at);
        EXPECT_TRUE(list) << list.error().text;
        return list ? *std::move(list) : nullptr;
    }
    std::string path() const { return folder / "state/pull.done"; }
    std::string content() const {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void append(const std::string& bytes) const { std::ofstream(path(), std::ios::app) << bytes; }

    rig::TemporaryFolder folder;
};

TEST_F(DoneLists, KeepWhatIsDoneUntilItIsAcknowledged) {
    ASSERT_TRUE(open()->done("t", {delivered, failed, deferred}, now));
    auto list = open();
    EXPECT_THAT(list->waiting(), ElementsAre(Pair("t", ElementsAre(delivered, failed))));
    ASSERT_NE(list->find("i1", "ben@x"), nullptr);
    EXPECT_EQ(list->find("i1", "ben@x")->reply, failed.reply);
    EXPECT_EQ(list->find("i1", "cho@x"), nullptr);
    EXPECT_EQ(list->find("i2", "ann@x"), nullptr);
    ASSERT_TRUE(list->acknowledged({delivered}));
    ASSERT_TRUE(list->compact());
    list.reset();
    EXPECT_THAT(open()->waiting(), ElementsAre(Pair("t", ElementsAre(failed))));
}

TEST_F(DoneLists, KnowWhatWasBegunAndNotEnded) {
    auto list = open();
    ASSERT_TRUE(list->begin("t", "i1", {"ann@x", "ben@x", "cho@x", "dan@x"}, now));
    ASSERT_TRUE(list->done("t", {delivered, failed, deferred}, now));
    list.reset();
    list = open();
    for (const char* each : {"ann@x", "ben@x", "cho@x"}) EXPECT_FALSE(list->begun("i1", each)) << each;
    EXPECT_TRUE(list->begun("i1", "dan@x"));
    EXPECT_THAT(list->leases(), ElementsAre("t"));
    EXPECT_EQ(list->find("i1", "dan@x"), nullptr);
    EXPECT_THAT(list->waiting().at("t"), SizeIs(2));
}

TEST_F(DoneLists, SurviveEveryTear) {
    ASSERT_TRUE(open()->done("t", {delivered}, now));
    const std::string first = content();
    const std::string second = to_line({DoneLine::What::failed, now, "t", "i1", "ben@x", "550 no"});
    for (std::size_t length = 0; length < second.size(); ++length) {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << first << second.substr(0, length);
        const bool whole = length + 1 == second.size();  // only the line end is missing
        EXPECT_THAT(open()->waiting().at("t"), SizeIs(whole ? 2 : 1)) << length;
    }
    append(std::string(100, '\0') + "\nnonsense\n\n\tx\n" + second);
    auto list = open();
    EXPECT_THAT(list->waiting().at("t"), SizeIs(2));
    ASSERT_TRUE(list->done("t", {{"i2", "ann@x", Outcome::delivered, ""}}, now));
    list.reset();
    EXPECT_THAT(open()->waiting().at("t"), SizeIs(3));
}

TEST_F(DoneLists, ForgetAfterFourteenDays) {
    ASSERT_TRUE(open()->done("t", {delivered}, now));
    EXPECT_THAT(open(now + std::chrono::days(13))->waiting(), SizeIs(1));
    EXPECT_THAT(open(now + std::chrono::days(15))->waiting(), IsEmpty());
    EXPECT_EQ(content(), "");
}

TEST_F(DoneLists, BelongToOnePuller) {
    const auto list = open();
    const auto second = DoneList::open(path(), now);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
}

TEST_F(DoneLists, DoNotGrowWithWhatIsAcknowledged) {
    auto list = open();
    wire::Acknowledgement all;
    std::vector<std::string> recipients;
    for (int i = 0; i < 100; ++i) {
        recipients.push_back("r" + std::to_string(i));
        all.results.push_back({"i1", recipients.back(), Outcome::delivered, ""});
    }
    std::size_t largest = 0;
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(list->begin("t", "i1", recipients, now));
        ASSERT_TRUE(list->done("t", all.results, now));
        ASSERT_TRUE(list->acknowledged(all.results));
        largest = std::max(largest, static_cast<std::size_t>(std::ranges::count(content(), '\n')));
    }
    EXPECT_GE(largest, 200U);
    EXPECT_LE(largest, 1200U);
}

TEST_F(DoneLists, ThatCannotBeWrittenAreAnError) {
    std::filesystem::create_directories(path());
    const auto list = DoneList::open(path(), now);
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace mailrota::ctl
