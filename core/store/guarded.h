#pragma once

#include <exception>
#include <string>

#include "core/mail/result.h"

namespace mailrota::store {

// Runs a caller's work; what it throws is an error like any other.
template <class Task, class Transaction>
Result<void> guarded(const Task& task, Transaction& transaction) {
    try {
        return task(transaction);
    } catch (const std::exception& fault) {
        return invalid(std::string("a piece of work threw: ") + fault.what());
    } catch (...) {
        return invalid("a piece of work threw something that is no exception");
    }
}

}  // namespace mailrota::store
