#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime/intake.h"

// What the tests of settle and intake stand on: rotas, mails and a store in memory. Only for tests.
namespace mailrota::runtime::fixture {

inline const mail::TraceSecret secret{1, 2, 3};
inline const std::chrono::sys_seconds start{std::chrono::hours{24 * 20'000 + 10}};  // 10:00 UTC of some day

inline policy::Rota rota(std::string name, const std::vector<std::string>& members) {
    policy::Rota made;
    made.addresses = {name + "@example.com"};
    made.name = std::move(name);
    for (const std::string& member : members) {
        policy::Member one;
        one.id = one.target = member + "@example.com";
        made.members.push_back(one);
    }
    return made;
}

inline policy::Policy policy_of(std::vector<policy::Rota> rotas) { return {{}, std::move(rotas)}; }

// A mail by its Message-ID; an empty one gives a key that no other offer has.
struct MailText {
    std::string id;
    std::vector<std::string> recipients = {"orders@example.com"};
    std::string sender = "customer@example.net";
    std::string references = {};
};

inline mail::Mail mail_of(const MailText& text) {
    static int offers = 0;
    std::vector<mail::HeaderField> headers{{"From", " " + text.sender},
                                           {"Date", " Fri, 20 Nov 2026 10:00:00 +0000"}};
    if (!text.id.empty()) headers.push_back({"Message-ID", " <" + text.id + "@example.net>"});
    if (!text.references.empty()) headers.push_back({"References", " <" + text.references + "@example.net>"});
    mail::Mail made;
    made.message = mail::Message::from_parts(std::move(headers), "An order.\r\n");
    made.queue_id = "4XyZ" + std::to_string(++offers);
    made.key = mail::message_key(made.message, made.queue_id, std::to_string(offers));
    made.envelope.sender = mail::Address::from_envelope("<" + text.sender + ">");
    for (const std::string& recipient : text.recipients) {
        made.envelope.recipients.push_back({mail::Address::from_envelope("<" + recipient + ">"), {}});
    }
    made.arrived = start;
    return made;
}

// Passes everything on; fails or throws where it is told to.
class FailingStore : public store::Store {
  public:
    explicit FailingStore(store::Store& below) : below_(below) {}

    enum class Fault { none, at_once, after_the_work, throws };
    Fault fault = Fault::none;
    std::atomic<int> writes = 0;
    std::atomic<int> reads = 0;
    std::atomic<int> failing_write = 0;  // its number; 0: none
    std::atomic<bool> unreadable = false;

    Result<void> write(std::vector<std::string> rotas, store::Work work) override {
        if (++writes == failing_write) return unavailable("the disk is full");
        if (fault == Fault::at_once) return unavailable("secret path /var/lib/x is locked");
        if (fault == Fault::throws) throw std::runtime_error("the driver threw");
        return below_.write(std::move(rotas), [&](store::Transaction& transaction) -> Result<void> {
            auto worked = work(transaction);
            if (worked && fault == Fault::after_the_work) return unavailable("the disk is full");
            return worked;
        });
    }
    std::vector<Result<void>> write_all(std::vector<store::Write> works) override {
        std::vector<Result<void>> results;
        for (store::Write& one : works) results.push_back(write(std::move(one.rotas), std::move(one.work)));
        return results;
    }
    Result<void> read(store::Work work) override {
        ++reads;
        return unreadable ? unavailable("the server is away") : below_.read(std::move(work));
    }
    Result<void> rehearse(std::vector<std::string> rotas, store::Work work) override {
        return below_.rehearse(std::move(rotas), std::move(work));
    }
    Result<mail::TraceSecret> trace_secret() override { return below_.trace_secret(); }
    Result<std::size_t> purge(store::Time now, std::chrono::seconds keep) override {
        return below_.purge(now, keep);
    }
    Result<void> probe() override { return below_.probe(); }
    store::StoreCounters counters() const override { return below_.counters(); }
    std::string description() const override { return below_.description(); }

  private:
    store::Store& below_;
};

// An intake over a store in memory with a clock that the test sets.
class IntakeTest : public testing::Test {
  protected:
    Taken take(const policy::Policy& policy, const mail::Mail& mail) {
        return intake.take(policy, mail, policy::Granularity::whole_mail_only);
    }
    // Whom the first recipient goes to: the local parts, joined by '+'; "" if to nobody.
    std::string whose(const policy::Policy& policy, const MailText& text) {
        return joined(take(policy, mail_of(text)).plan.recipients.at(0).to);
    }
    // The same of one mail after the other: "ann ben ann".
    std::string row(const policy::Policy& policy, const std::vector<std::string>& ids) {
        std::string all;
        for (const std::string& id : ids) all += (all.empty() ? "" : " ") + whose(policy, {.id = id});
        return all;
    }
    static std::string joined(const std::vector<std::string>& addresses) {
        std::string all;
        for (const std::string& one : addresses)
            all += (all.empty() ? "" : "+") + one.substr(0, one.find('@'));
        return all;
    }
    policy::MemberState state_of(const std::string& name, const std::string& member) {
        policy::MemberState found;
        const auto read = memory->read([&](store::Transaction& transaction) -> Result<void> {
            auto states = transaction.rota_state(name);
            if (!states) return tl::unexpected(states.error());
            found = (*states)[member + "@example.com"];
            return {};
        });
        EXPECT_TRUE(read) << read.error().text;
        return found;
    }
    std::size_t stored_turns() {
        std::size_t count = 0;
        const auto read = memory->read([&](store::Transaction& transaction) -> Result<void> {
            auto turns = transaction.history("", 1000);
            if (!turns) return tl::unexpected(turns.error());
            count = turns->size();
            return {};
        });
        EXPECT_TRUE(read) << read.error().text;
        return count;
    }

    std::unique_ptr<store::Store> memory = std::move(store::open_store("memory:").value());
    FailingStore store{*memory};
    std::chrono::sys_seconds now = start;
    Intake intake{store, secret, [this] { return now; }};
};

}  // namespace mailrota::runtime::fixture
