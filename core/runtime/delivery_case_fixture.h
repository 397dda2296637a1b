#pragma once

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "core/runtime/delivery_fixture.h"
#include "core/runtime/peer_fixture.h"

// A delivery with all that it stands on. Only for tests.
namespace mailrota::runtime::fixture {

// Deliveries to two peers over the fixture's failing store.
class DeliveryCase : public IntakeTest {
  protected:
    using Outcomes = std::vector<RecipientOutcome>;

    Outcomes perform(const std::vector<Wanted>& wanted, Keeper keeper = Keeper::client) {
        return perform(order(wanted), keeper);
    }
    Outcomes perform(Order order, Keeper keeper = Keeper::client) {
        return perform_all({std::move(order)}, keeper).at(0);
    }
    // All at the same time.
    std::vector<Outcomes> perform_all(std::vector<Order> orders, Keeper keeper = Keeper::client) {
        std::vector<Outcomes> all(orders.size());
        std::size_t left = orders.size();
        for (std::size_t i = 0; i < orders.size(); ++i)
            boost::asio::co_spawn(context, delivery.perform(std::move(orders[i]), keeper),
                                  [&all, &left, i](const std::exception_ptr& fault, Outcomes outcomes) {
                                      EXPECT_FALSE(fault);
                                      all[i] = std::move(outcomes);
                                      --left;
                                  });
        while (left > 0) context.run_one();
        return all;
    }
    Order order(const std::vector<Wanted>& wanted, const std::string& bytes = some_mail) {
        Order made = order_of(wanted, bytes);
        made.listener.next_hop = next_hop.endpoint();
        made.listener.reinject = reinject.endpoint();
        return made;
    }
    std::vector<store::Job> jobs() {
        std::vector<store::Job> all;
        look([&all](store::Transaction& t) { all = t.jobs(true, 100).value(); });
        return all;
    }
    std::string bytes_of(const store::Job& job) {
        std::string bytes;
        look([&](store::Transaction& t) { bytes = t.job_bytes(job.id).value(); });
        return bytes;
    }
    std::vector<store::JournalEntry> journal() {
        std::vector<store::JournalEntry> all;
        look([&](store::Transaction& t) {
            all = t.journal_of(mail::mail_id(mail::Address::from_envelope("customer@example.net"), some_mail))
                      .value();
        });
        return all;
    }
    void look(const std::function<void(store::Transaction&)>& with) {
        const auto read = memory->read([&with](store::Transaction& transaction) -> Result<void> {
            with(transaction);
            return {};
        });
        EXPECT_TRUE(read) << read.error().text;
    }
    static std::string line(const RecipientOutcome& outcome) { return wire::to_line(outcome.reply); }

    boost::asio::io_context context{1};
    Peer next_hop{context, config::Endpoint::Protocol::lmtp};
    Peer reinject{context, config::Endpoint::Protocol::smtp};
    Metrics metrics;
    Log log{{}};
    AsyncStore async{store};
    Connections connections{context.get_executor(), "me.test"};
    UnderWay under_way;
    Delivery delivery{
        {async, connections, log, metrics, secret, under_way, [this] { return now; }, "me.test"}};
};

inline const Wanted ann_kept{"ann@example.com", keep()};
inline const Wanted orders_to_ben{"orders@example.com", redirect({"ben@example.com"})};

}  // namespace mailrota::runtime::fixture
