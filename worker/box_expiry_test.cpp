#include "worker/box_expiry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>

#include "core/runtime/deliver_job.h"
#include "core/store/store.h"

namespace mailrota::worker {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr store::Time start{std::chrono::hours{24 * 20'000}};

store::BoxRecipient waiting(std::string address, std::vector<std::string> parameters = {}) {
    return {std::move(address), std::move(parameters), store::BoxRecipient::State::waiting, {}};
}

class BoxExpiryCase : public testing::Test {
  protected:
    ~BoxExpiryCase() override { std::filesystem::remove_all(folder); }

    bool end_one() {
        bool ended = false;
        boost::asio::co_spawn(context, expiry.end_one(), [&ended](const std::exception_ptr& fault, bool one) {
            EXPECT_FALSE(fault);
            ended = one;
        });
        context.restart();
        context.run();
        return ended;
    }
    void put(const std::string& sender, std::vector<store::BoxRecipient> recipients) {
        store::BoxItem item;
        item.id = item.mail = "00112233445566778899aabbccddeeff";
        item.box = "web";
        item.sender = sender;
        item.recipients = std::move(recipients);
        item.queued = start;
        item.expires = start + std::chrono::hours(1);
        in_store([&item](store::Transaction& transaction) {
            return transaction.put_in_box(item, "Subject: hello\r\n\r\ntext\r\n");
        });
    }
    void in_store(const store::Work& work) {
        const auto done = store->write({}, work);
        EXPECT_TRUE(done) << done.error().text;
    }
    struct Left {
        std::vector<store::BoxItem> items;
        std::vector<store::Job> jobs;
        std::vector<store::StoryLine> story;
        std::string notification;
    };
    Left left() {
        Left found;
        in_store([&found](store::Transaction& transaction) -> Result<void> {
            found.items = transaction.box_items("web", 10).value();
            found.jobs = transaction.jobs(true, 10).value();
            found.story = transaction.story_of("00112233445566778899aabbccddeeff").value();
            if (!found.jobs.empty()) found.notification = transaction.job_bytes(found.jobs[0].id).value();
            return {};
        });
        return found;
    }

    static std::string new_folder() {
        std::string pattern = testing::TempDir() + "mailrota-worker-XXXXXX";
        return mkdtemp(pattern.data());
    }

    std::string folder = new_folder();
    std::unique_ptr<store::Store> store =
        std::move(store::open_store("sqlite:" + folder + "/state.db").value());
    boost::asio::io_context context{1};
    runtime::AsyncStore async{*store};
    runtime::Log log{{}};
    store::Time now = start + std::chrono::hours(2);
    BoxExpiry expiry{{async, log, [this] { return now; }, {}, "me.test"}};
};

TEST_F(BoxExpiryCase, WhatHasTimeLeftStays) {
    put("ann@example.com", {waiting("ben@example.com")});
    now = start + std::chrono::minutes(59);
    EXPECT_FALSE(end_one());
    EXPECT_THAT(left().items, SizeIs(1));
}

TEST_F(BoxExpiryCase, TheSenderIsToldOfThoseWhoStillWaitedWhenTheMailIsDropped) {
    put("ann@example.com", {waiting("ben@example.com"),
                            {"had@example.com", {}, store::BoxRecipient::State::delivered, "250 ok"},
                            waiting("quiet@example.com", {"NOTIFY=NEVER"})});
    EXPECT_TRUE(end_one());
    const Left after = left();
    EXPECT_THAT(after.items, IsEmpty());
    ASSERT_THAT(after.jobs, SizeIs(1));
    const auto job = runtime::read_deliver_job(after.jobs[0].payload).value();
    EXPECT_EQ(job.sender, "");
    EXPECT_EQ(job.recipients.at(0).address, "ann@example.com");
    EXPECT_THAT(after.notification, HasSubstr("Status: 5.4.7"));
    EXPECT_THAT(after.notification, HasSubstr("ben@example.com"));
    EXPECT_THAT(after.notification, Not(HasSubstr("had@example.com")));
    EXPECT_THAT(after.notification, Not(HasSubstr("quiet@example.com")));
    ASSERT_THAT(after.story, SizeIs(1));
    EXPECT_EQ(after.story[0].event, "expired");
    EXPECT_FALSE(end_one());
}

TEST_F(BoxExpiryCase, MailOfTheNullSenderIsDroppedAndNobodyTold) {
    put("", {waiting("ben@example.com")});
    EXPECT_TRUE(end_one());
    EXPECT_THAT(left().items, IsEmpty());
    EXPECT_THAT(left().jobs, IsEmpty());
    EXPECT_THAT(left().story, SizeIs(1));
}

TEST_F(BoxExpiryCase, MailWhoseBytesAreLostEndsToo) {
    put("ann@example.com", {waiting("ben@example.com")});
    sqlite3* database = nullptr;
    sqlite3_open((folder + "/state.db").c_str(), &database);
    EXPECT_EQ(sqlite3_exec(database, "DELETE FROM box_bytes", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    EXPECT_TRUE(end_one());
    EXPECT_THAT(left().items, IsEmpty());
    EXPECT_THAT(left().notification, HasSubstr("ben@example.com"));
    EXPECT_FALSE(end_one());
}

}  // namespace
}  // namespace mailrota::worker
