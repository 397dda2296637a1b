#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <vector>

#include "core/runtime/delivery.h"
#include "core/runtime/leftover.h"
#include "core/runtime/letter.h"
#include "core/runtime/receipt.h"
#include "core/runtime/waybill.h"

namespace mailrota::runtime {

// One mail on its way through Delivery: asks the journal, sends, writes. What to do is the waybill's to say.
// Lives in the frame of Delivery::perform(), which awaits run() once.
class Errand {
  public:
    // `in_doubt`: whether the store failed to write the last time; then it is tried before anything is sent.
    Errand(Delivery::Services& services, Order order, Keeper keeper, bool& in_doubt);
    Errand(const Errand&) = delete;

    // Never throws: a fault of ours defers what was not sent.
    boost::asio::awaitable<std::vector<RecipientOutcome>> run();

  private:
    using Way = Waybill::Way;

    boost::asio::awaitable<void> carry_out();
    boost::asio::awaitable<void> ask_journal();
    boost::asio::awaitable<void> send_all();
    boost::asio::awaitable<void> send(Way way);
    boost::asio::awaitable<void> relay();
    boost::asio::awaitable<void> relay(std::string rota, std::vector<std::size_t> legs);
    std::shared_ptr<Closing> closing_of(const std::vector<std::size_t>& legs);
    // Notes what became of legs of a relay.
    void note(const std::vector<std::size_t>& legs, std::vector<Carried> carried);
    // What is to be written when all is sent; the bill is concluded by it.
    Receipt finish();
    boost::asio::awaitable<void> record();
    UnderWay::Held hold();
    wire::OutgoingMail outgoing(Way way, const std::vector<std::size_t>& legs);
    Consignment consignment(std::string rota, const std::vector<std::size_t>& legs);
    std::vector<std::string> sender_parameters() const;
    bool provider_has_dsn(const std::string& provider) const;
    LeftoverTerms terms() const;
    std::chrono::seconds time_left() const;
    std::chrono::microseconds took() const;
    void not_written(const Error& error);
    void give_up(const Error& error);

    Delivery::Services& services_;
    const Order order_;
    const Keeper keeper_;
    bool& in_doubt_;
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    Waybill bill_;
    Letter letter_;
    std::optional<Receipt> receipt_;  // of finish()
    bool recorded_ = false;           // it is written already, with the end of a relay
};

}  // namespace mailrota::runtime
