#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/deliver_job.h"
#include "core/runtime/letter.h"
#include "core/runtime/waybill.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What is written of a mail when all of it was tried: one transaction. Made by make_receipt(). The views that
// it holds are the letter's and the mail's, which outlive it.
struct Receipt {
    struct Item {
        store::BoxItem item;
        std::string_view bytes;
        std::vector<std::string> offers{};  // journal keys of its recipients, in their order
    };

    store::StoredMail mail;
    std::vector<store::JournalEntry> entries;
    std::vector<Item> items;
    std::vector<NewJob> jobs;

    // A mail of which nothing was sent or kept is not written.
    bool empty() const { return entries.empty() && items.empty() && jobs.empty(); }
    // What another node has done or handed over since the journal was asked is not put in a box again.
    Result<void> write(store::Transaction& transaction) const;

  private:
    Result<void> put_in_boxes(store::Transaction& transaction) const;
};

store::StoredMail stored_mail(const Order& order);

// Notes what became of each recipient, leg and copy of a concluded waybill. `item_id` makes ids of box items.
Receipt make_receipt(const Order& order, const Waybill& bill, Letter& letter, std::chrono::sys_seconds now,
                     const std::function<std::string()>& item_id);

// Whether the bill has recipients that are put in a box now.
bool is_boxed(const Waybill::Party& party);

}  // namespace mailrota::runtime
