#include <gmock/gmock.h>
#include <signal.h>

#include <boost/json.hpp>
#include <set>
#include <thread>

#include "tests/e2e/web/spool.h"
#include "tests/rig/message_text.h"
#include "tests/rig/process.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::string traced =
    "Received: from inner.example.com ([10.1.2.3])\r\n\tby mx.example.com; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
    "X-Originating-IP: [10.1.2.3]\r\nFrom: ann@example.com\r\nTo: bob@example.com\r\n"
    "bcc: secret@example.com\r\nSubject:  a  question \r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xFC\xDF"
    "e.\r\n..\r\n";
const std::string untraced =
    "From: ann@example.com\r\nTo: bob@example.com\r\nSubject:  a  question \r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xFC\xDF"
    "e.\r\n..\r\n";

std::string status(HttpClient& puller) { return puller.get("/boxes/web").body; }

TEST(Handout, PO4_PO5_PO6_PO12_BytesAreTheSameButForOriginAndBcc) {
    Spool spool;
    spool.put(traced);
    auto puller = spool.puller();
    const auto batch = lease(puller);
    ASSERT_THAT(batch.mails, SizeIs(1));
    EXPECT_EQ(batch.mails[0].sender, "ann@example.com");
    EXPECT_THAT(batch.mails[0].recipients, ElementsAre("bob@example.com"));
    const auto mail = fetch(puller, batch, batch.mails[0]);
    EXPECT_EQ(mail.status, 200);
    EXPECT_EQ(mail.body, untraced);
    EXPECT_EQ(mail.body.size(), batch.mails[0].size);
    EXPECT_EQ(mail.header("content-type"), "message/rfc822");
    EXPECT_THAT(std::string(mail.header("digest")), StartsWith("SHA-256="));
}

TEST(Handout, AcknowledgedMailIsGoneAndItsStoryTold) {
    Spool spool;
    spool.put(traced);
    auto puller = spool.puller();
    const auto batch = lease(puller);
    EXPECT_EQ(acknowledge(puller, batch, batch.mails).body,
              R"({"taken":1,"repeated":0,"stale":0,"unknown":0})");
    EXPECT_THAT(lease(puller).mails, IsEmpty());
    EXPECT_THAT(status(puller), HasSubstr(R"("waiting":0,"leased":0,"bytes":0)"));
    EXPECT_EQ(fetch(puller, batch, batch.mails[0]).status, 404);
    EXPECT_EQ(acknowledge(puller, batch, batch.mails).body,
              R"({"taken":0,"repeated":0,"stale":0,"unknown":1})");
    const auto story = spool.sql("SELECT event, CAST(text AS TEXT) FROM story ORDER BY rowid");
    EXPECT_THAT(story, HasSubstr("leased|box web to unix until "));
    EXPECT_THAT(story, HasSubstr("acknowledged|delivered by unix: 250 2.0.0 ok\n"));
}

TEST(Handout, GetChangesNothing) {
    Spool spool;
    spool.put(traced);
    auto puller = spool.puller();
    const auto batch = lease(puller);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(fetch(puller, batch, batch.mails[0]).body, untraced);
    EXPECT_THAT(status(puller), HasSubstr(R"("waiting":0,"leased":1)"));
}

TEST(Handout, OnlyTheLeaseInForceFetches) {
    Spool spool;
    spool.put(traced);
    auto puller = spool.puller();
    const auto batch = lease(puller);
    const auto path = "/boxes/web/messages/" + batch.mails[0].id;
    EXPECT_EQ(puller.get(path).status, 400);
    EXPECT_EQ(puller.get(path + "?lease=").status, 409);
    EXPECT_EQ(puller.get(path + "?lease=" + std::string(32, '0')).status, 409);
    EXPECT_THAT(puller.post("/boxes/web/renew", R"({"lease":")" + batch.token + "\"}").body,
                StartsWith(R"({"held":1,"until":"2)"));
    EXPECT_EQ(puller.post("/boxes/web/return", R"({"lease":")" + batch.token + "\"}").body,
              R"({"returned":1})");
    EXPECT_EQ(fetch(puller, batch, batch.mails[0]).status, 409);
    const auto again = lease(puller);
    ASSERT_THAT(again.mails, SizeIs(1));
    EXPECT_EQ(again.mails[0].id, batch.mails[0].id);
    EXPECT_EQ(fetch(puller, again, again.mails[0]).body, untraced);
}

TEST(Handout, PO1_KilledBetweenLeaseAndAcknowledgementNothingIsLost) {
    Spool spool("lease = \"10s\"\n");
    spool.put(traced);
    auto puller = spool.puller();
    const auto batch = lease(puller);
    spool.web().kill9();
    spool.web().start();
    puller.close();
    EXPECT_EQ(fetch(puller, batch, batch.mails[0]).body, untraced);  // the lease goes on
    EXPECT_THAT(lease(puller).mails, IsEmpty());
    Batch again;
    EXPECT_TRUE(wait_until([&] { return !(again = lease(puller)).mails.empty(); }, std::chrono::seconds(20)));
    ASSERT_THAT(again.mails, SizeIs(1));
    EXPECT_EQ(again.mails[0].id, batch.mails[0].id);
    EXPECT_EQ(fetch(puller, batch, batch.mails[0]).status, 409);
    EXPECT_THAT(acknowledge(puller, batch, batch.mails, "failed", "550 no").body, HasSubstr(R"("stale":1)"));
    EXPECT_THAT(acknowledge(puller, batch, batch.mails).body, HasSubstr(R"("taken":1)"));  // it has happened
    EXPECT_THAT(lease(puller).mails, IsEmpty());
}

TEST(Handout, PO3_KilledWhilePutItIsInTheBoxIfItWasTaken) {
    Spool spool;
    std::atomic<int> taken = 0;
    std::thread client([&] {
        try {
            for (;; ++taken) spool.put(MessageText::fresh("number " + std::to_string(taken)).text());
        } catch (const std::exception&) {
        }
    });
    EXPECT_TRUE(wait_until([&] { return taken > 20; }, std::chrono::seconds(20)));
    kill(spool.lmtp().pid(), SIGKILL);
    client.join();
    auto puller = spool.puller();
    std::set<std::string> seen;
    for (auto batch = lease(puller); !batch.mails.empty(); batch = lease(puller)) {
        for (const auto& mail : batch.mails) {
            const auto bytes = fetch(puller, batch, mail).body;
            EXPECT_THAT(bytes, HasSubstr("\r\n\r\nHello.\r\n"));
            seen.insert(bytes);
        }
        acknowledge(puller, batch, batch.mails);
    }
    EXPECT_GE(seen.size(), static_cast<std::size_t>(taken));
    EXPECT_LE(seen.size(), static_cast<std::size_t>(taken) + 1);  // taken, and its reply lost
}

TEST(Handout, PO7_OneOfThreeIsRefusedAndItsSenderTold) {
    Spool spool;
    spool.put(traced, {"<a@example.com>", "<b@example.com>", "<c@example.com> NOTIFY=NEVER"});
    auto puller = spool.puller();
    const auto batch = lease(puller);
    ASSERT_THAT(batch.mails[0].recipients, ElementsAre("a@example.com", "b@example.com", "c@example.com"));
    auto one = batch.mails;
    one[0].recipients = {"a@example.com"};
    EXPECT_THAT(acknowledge(puller, batch, one).body, HasSubstr(R"("taken":1)"));
    one[0].recipients = {"b@example.com"};
    EXPECT_THAT(acknowledge(puller, batch, one, "failed", "550 5.1.1 no such user").body,
                HasSubstr(R"("taken":1)"));
    EXPECT_THAT(acknowledge(puller, batch, one, "failed", "550 5.1.1 no such user").body,
                HasSubstr(R"("repeated":1)"));
    one[0].recipients = {"c@example.com"};
    EXPECT_THAT(acknowledge(puller, batch, one, "failed", "not even a reply").body,
                HasSubstr(R"("taken":1)"));
    EXPECT_EQ(lease(puller).mails.size(), 0U);
    EXPECT_EQ(spool.sql("SELECT count(*), min(CAST(payload AS TEXT) LIKE '%ann@example.com%') FROM job"),
              "1|1\n");
}

TEST(Handout, NobodyIsToldOfANullSendersMail) {
    Spool spool;
    spool.put(traced, {"<a@example.com>"}, "<>");
    auto puller = spool.puller();
    const auto batch = lease(puller);
    EXPECT_THAT(acknowledge(puller, batch, batch.mails, "failed", "550 no").body, HasSubstr(R"("taken":1)"));
    EXPECT_EQ(spool.sql("SELECT count(*) FROM job"), "0\n");
}

TEST(Handout, ADeferredMailRests) {
    Spool spool;
    spool.put(traced);
    auto puller = spool.puller();
    const auto batch = lease(puller);
    EXPECT_THAT(acknowledge(puller, batch, batch.mails, "deferred", "451 later").body,
                HasSubstr(R"("taken":1)"));
    EXPECT_THAT(lease(puller).mails, IsEmpty());
    EXPECT_THAT(status(puller), Not(HasSubstr(R"("bytes":0)")));
}

TEST(Handout, PO8_TwoPullersNeverShareAMail) {
    Spool spool;
    for (int i = 0; i < 60; ++i) spool.put(MessageText::fresh().text());
    std::array<std::vector<std::string>, 4> got;
    std::vector<std::thread> pullers;
    for (auto& ids : got)
        pullers.emplace_back([&spool, &ids] {
            auto puller = spool.puller();
            for (auto batch = lease(puller, R"({"count":3})"); !batch.mails.empty();
                 batch = lease(puller, R"({"count":3})")) {
                EXPECT_LE(batch.mails.size(), 3U);
                for (const auto& mail : batch.mails) ids.push_back(mail.id);
                acknowledge(puller, batch, batch.mails);
            }
        });
    for (auto& puller : pullers) puller.join();
    std::multiset<std::string> all;
    for (const auto& ids : got) all.insert(ids.begin(), ids.end());
    EXPECT_EQ(all.size(), 60U);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 60U);
}

TEST(Handout, PO9_TenThousandComeFirstInFirstOut) {
    Spool spool("lease_count = 500\n");
    constexpr int count = 10'000;
    Command source;
    source.argv = {"smtp-source",
                   "-L",
                   "-s",
                   "10",
                   "-m",
                   std::to_string(count),
                   "-l",
                   "200",
                   "-d",
                   "-N",
                   "-f",
                   "ann@example.com",
                   "-t",
                   "bob@example.com",
                   "unix:" + spool.lmtp_path()};
    ASSERT_EQ(run(source, "", std::chrono::minutes(5)).exit_code, 0);
    auto puller = spool.puller();
    std::vector<int> order;  // -N: each recipient has the mail's number before it
    for (auto batch = lease(puller); !batch.mails.empty(); batch = lease(puller)) {
        EXPECT_LE(batch.mails.size(), 500U);
        for (const auto& mail : batch.mails) order.push_back(std::stoi(mail.recipients.at(0)));
        acknowledge(puller, batch, batch.mails);
    }
    ASSERT_THAT(order, SizeIs(count));
    // Ten sessions run beside each other: a mail that began earlier may be taken a little later.
    int farthest = 0;
    for (int i = 0; i < count; ++i)
        farthest = std::max(farthest, std::abs(order[static_cast<std::size_t>(i)] - i));
    EXPECT_LT(farthest, 500);
    EXPECT_EQ(std::set<int>(order.begin(), order.end()).size(), order.size());
}

TEST(Handout, PO10_AHugeMailComesInBoundedMemory) {
    Spool spool;
    constexpr std::size_t size = 100'000'000;
    std::string mail = "Received: by mx\r\nSubject: large\r\n\r\n";
    const std::string line(76, 'x');
    while (mail.size() < size) mail.append(line).append("\r\n");
    spool.put(mail);
    auto puller = spool.puller();
    const auto before = peak_memory(spool.web().pid());
    const auto batch = lease(puller);
    ASSERT_THAT(batch.mails, SizeIs(1));
    puller.connection().set_timeout(std::chrono::minutes(2));
    const auto got = fetch(puller, batch, batch.mails[0]);
    EXPECT_EQ(got.body.size(), batch.mails[0].size);
    EXPECT_TRUE(got.body == mail.substr(std::string_view("Received: by mx\r\n").size()));
    const auto grown = peak_memory(spool.web().pid()) - before;
    std::cout << "grown by " << grown << " KB\n";
    EXPECT_LT(grown, 4 * size / 1000);  // the driver's copy and ours
}

TEST(Handout, BatchesAreBoundedByBytes) {
    Spool spool("lease_bytes = 20000\n");
    std::string lines;
    for (int i = 0; i < 100; ++i) lines += std::string(78, 'x') + "\r\n";
    for (int i = 0; i < 3; ++i) spool.put("Subject: number " + std::to_string(i) + "\r\n\r\n" + lines);
    auto puller = spool.puller();
    const auto all = lease(puller);
    EXPECT_THAT(all.mails, SizeIs(2));
    EXPECT_EQ(all.left, 1U);
    EXPECT_THAT(lease(puller, R"({"bytes":1})").mails, SizeIs(1));  // one comes whatever its size
}

// The same mail to a puller, and to the journal one of its own.
std::string numbered(int number) {
    return "Received: by mx" + std::to_string(number) + ".example.net\r\n" + traced;
}

TEST(Handout, LostBytesHoldUpNobodyElse) {
    Spool spool("legacy = true\n");
    for (int i = 0; i < 3; ++i) spool.put(numbered(i));
    spool.sql("DELETE FROM box_bytes WHERE item = (SELECT min(item) FROM box_bytes)");
    auto puller = spool.puller();
    const auto batch = lease(puller, R"({"count":2})");
    ASSERT_THAT(batch.mails, SizeIs(1));
    EXPECT_EQ(fetch(puller, batch, batch.mails[0]).body, untraced);
    EXPECT_TRUE(spool.web().wait_for_log("box-mail-without-bytes"));
    puller.post("/boxes/web/return", R"({"lease":")" + batch.token + "\"}");
    EXPECT_THAT(boost::json::parse(puller.get("/boxes/web/postoffice").body).as_array(), SizeIs(2));
    // What was written to the last byte is dropped after that; the lost one expires.
    EXPECT_TRUE(wait_until([&] { return spool.sql("SELECT count(*) FROM box_item") == "1\n"; }));
}

TEST(Handout, ManyResultsAreTakenInPartsAndTooManyNotAtAll) {
    Spool spool;
    for (int i = 0; i < 3; ++i) {
        std::vector<std::string> recipients;
        for (int to = 0; to < 80; ++to) recipients.push_back("<bob" + std::to_string(to) + "@example.com>");
        spool.put(numbered(i), recipients);
    }
    auto puller = spool.puller();
    const auto batch = lease(puller);
    std::vector<Handed> often;
    for (int i = 0; i < 5; ++i) often.insert(often.end(), batch.mails.begin(), batch.mails.end());
    EXPECT_EQ(acknowledge(puller, batch, often).status, 413);
    EXPECT_EQ(acknowledge(puller, batch, batch.mails, "failed").body,
              R"({"taken":240,"repeated":0,"stale":0,"unknown":0})");
    EXPECT_EQ(spool.sql("SELECT count(*) FROM box_item"), "0\n");
}

TEST(Legacy, IsNotThereUnlessItIsAskedFor) {
    Spool spool;
    EXPECT_EQ(spool.puller().get("/boxes/web/postoffice").status, 404);
}

TEST(Legacy, PO11_HandsOutInPostOfficesFormAndForgets) {
    Spool spool("legacy = true\n");
    auto puller = spool.puller();
    EXPECT_EQ(puller.get("/boxes/web/postoffice").body, "[]");
    EXPECT_THAT(puller.post("/boxes/web/lease", "").body, HasSubstr(R"("lease":"")"));
    spool.put(traced);
    EXPECT_EQ(puller.request("HEAD", "/boxes/web/postoffice").status, 200);
    auto postman = spool.stranger("Basic YW5uOnBhc3M6d29yZA==");  // ann:pass:word
    const auto answer = boost::json::parse(postman.get("/boxes/web/postoffice").body).as_array();
    ASSERT_THAT(answer, SizeIs(1));
    EXPECT_EQ(answer[0].at("mail_from"), "ann@example.com");
    EXPECT_EQ(answer[0].at("rcpt_tos").as_array().at(0), "bob@example.com");
    EXPECT_EQ(answer[0].at("subject"), "a  question");
    EXPECT_EQ(answer[0].at("body"),
              "Gr\xC3\xBC\xC3\x9F"
              "e.\n..\n");
    EXPECT_THAT(std::string(answer[0].at("data").as_string()), Not(HasSubstr("10.1.2.3")));
    EXPECT_EQ(postman.get("/boxes/web/postoffice").body, "[]");
    EXPECT_THAT(status(puller), HasSubstr(R"("bytes":0)"));
}

TEST(Legacy, WhatAnotherOneLeasedMeanwhileStaysHis) {
    Spool spool("legacy = true\n");
    std::string text = "Subject: large\r\n\r\n";
    while (text.size() < 8'000'000) text.append(70, 'x').append("\r\n");
    spool.put(text);
    auto slow = spool.puller();
    slow.connection().write(slow.head("GET", "/boxes/web/postoffice", 0));
    ASSERT_TRUE(wait_until([&] { return spool.sql("SELECT lease FROM box_item").size() > 30; }));
    spool.sql("UPDATE box_item SET lease = CAST('other' AS BLOB)");
    EXPECT_EQ(read_http_answer(slow.connection()).status, 200);
    EXPECT_THAT(status(slow), HasSubstr(R"("leased":1)"));
}

}  // namespace
}  // namespace mailrota::rig
