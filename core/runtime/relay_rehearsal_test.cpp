#include "core/runtime/relay_rehearsal.h"

#include <gmock/gmock.h>

namespace mailrota::runtime {
namespace {

using testing::ElementsAre;
using testing::Pair;
using namespace std::chrono_literals;

const store::Time now{100'000s};

config::ProviderSettings host(std::string name) {
    config::ProviderSettings settings;
    settings.name = std::move(name);
    settings.transport = config::ProviderSettings::Transport::smtp;
    return settings;
}

policy::Breaker open_breaker(std::string scope, store::Time until) {
    policy::Breaker breaker;
    breaker.scope = std::move(scope);
    breaker.state = policy::Breaker::State::open;
    breaker.until = until;
    breaker.why = "503 busy";
    return breaker;
}

// Three hosts that take anything, and a store that a test puts things into.
class RelayRehearsals : public testing::Test {
  protected:
    RelayRehearsals() : store_(store::open_store("memory:").value()) {
        config_.providers = {host("one"), host("two"), host("three")};
        config::RelayRota rota;
        rota.name = "outbound";
        rota.members = {{"one", 1}, {"two", 1}, {"three", 2}};
        config_.relay_rotas = {rota};
    }

    template <class Put>
    void put(Put what) {
        const auto written = store_->write(
            {}, [&](store::Transaction& transaction) -> Result<void> { return what(transaction); });
        ASSERT_TRUE(written) << written.error().text;
    }

    RelayRehearsal rehearse() {
        mail::Mail mail;
        mail.arrived = now;
        mail.message = mail::Message::from_bytes("From: ann@example.com\r\n\r\nHello\r\n");
        mail.envelope.sender = mail::Address::from_envelope("ann@example.com");
        mail.envelope.recipients.resize(2);
        mail.envelope.recipients[1].address = mail::Address::from_envelope("customer@example.net");
        RelayRehearsal rehearsal;
        const auto read = store_->read([&](store::Transaction& transaction) -> Result<void> {
            auto found =
                rehearse_relay(transaction, Carriers::without_secrets(config_), "outbound", mail, {1});
            if (!found) return tl::unexpected(found.error());
            rehearsal = *std::move(found);
            return {};
        });
        EXPECT_TRUE(read) << read.error().text;
        return rehearsal;
    }

    // Each with why it would be asked.
    std::vector<std::pair<std::string, std::string>> order() {
        std::vector<std::pair<std::string, std::string>> out;
        for (const auto& member : rehearse().members) out.emplace_back(member.contender.provider, member.why);
        return out;
    }

    config::Config config_;
    std::unique_ptr<store::Store> store_;
};

TEST_F(RelayRehearsals, AskOneAfterTheOtherInTheOrderOfTheList) {
    EXPECT_THAT(order(), ElementsAre(Pair("one", "first of the list"), Pair("two", "next of the list"),
                                     Pair("three", "next of the list")));
    EXPECT_FALSE(rehearse().nobody);
}

TEST_F(RelayRehearsals, WhoIsOutOfOrderStandsBelowThoseWhoAreAsked) {
    put([](store::Transaction& transaction) {
        return transaction.put_breaker(open_breaker("one", now + 1h));
    });
    put([](store::Transaction& transaction) {
        return transaction.put_breaker(open_breaker("three/example.com", now + 1h));
    });
    EXPECT_THAT(order(), ElementsAre(Pair("two", "next of the list"), Pair("one", ""), Pair("three", "")));
    const auto members = rehearse().members;
    EXPECT_EQ(members[1].contender.words, "503 busy");
    EXPECT_EQ(members[1].contender.reopens, now + 1h);
    EXPECT_TRUE(members[2].contender.blocked_for_domain);
}

TEST_F(RelayRehearsals, WithEverybodyOutOfOrderTheReplyIsTold) {
    for (const char* name : {"one", "two", "three"}) {
        put([&](store::Transaction& transaction) {
            return transaction.put_breaker(open_breaker(name, now + 1h));
        });
    }
    const RelayRehearsal rehearsal = rehearse();
    ASSERT_TRUE(rehearsal.nobody);
    EXPECT_EQ(rehearsal.nobody->code, 451);
}

TEST_F(RelayRehearsals, TheOneThatIsKeptComesFirst) {
    put([](store::Transaction& transaction) {
        return transaction.put_relay_hold("outbound", {"two", now + 1min});
    });
    EXPECT_THAT(order(), ElementsAre(Pair("two", "held"), Pair("one", "first of the list"),
                                     Pair("three", "next of the list")));
}

TEST_F(RelayRehearsals, TurnsAreDrawnAndNotStored) {
    config_.relay_rotas[0].strategy = config::RelayRota::Strategy::round_robin;
    const auto first = order();
    EXPECT_THAT(first, ElementsAre(Pair("three", "turn"), Pair("one", "turn"), Pair("two", "turn")));
    EXPECT_EQ(order(), first);
}

TEST_F(RelayRehearsals, WhoIsSuppressedIsNamed) {
    put([](store::Transaction& transaction) -> Result<void> {
        auto put = transaction.suppress({"customer@example.net", "bounced", "one", "550", now});
        if (!put) return tl::unexpected(put.error());
        return {};
    });
    const auto suppressed = rehearse().suppressed;
    ASSERT_EQ(suppressed.size(), 1U);
    EXPECT_EQ(suppressed[0].address, "customer@example.net");
}

}  // namespace
}  // namespace mailrota::runtime
