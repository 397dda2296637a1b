#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/store/store.h"
#include "core/wire/handout.h"

namespace mailrota::web {

// What the words of a puller are noted with.
struct Acknowledging {
    std::string box;
    std::string puller;    // its address, for the story
    std::string hostname;  // ours, for notifications
    config::WorkerSettings worker;
    std::chrono::sys_seconds now{};
};

// Notes what became of each recipient, writes the story, and for recipients that failed the job that tells
// the sender, if it may be told and NOTIFY does not forbid it: all in the transaction that it is given. What
// a puller says twice changes nothing the second time.
//
// The work grows with the results and the mails' sizes, and others wait for the transaction: see in_parts().
Result<wire::AcknowledgementAnswer> acknowledge(store::Transaction& transaction, const Acknowledging& terms,
                                                const wire::Acknowledgement& said);

// The same results in parts of `most` at most, for a transaction each: those of one item stay together as far
// as they can, in the order in which they were said.
std::vector<wire::Acknowledgement> in_parts(wire::Acknowledgement said, std::size_t most);

}  // namespace mailrota::web
