#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "core/mail/mail.h"
#include "core/policy/policy.h"
#include "core/runtime/async_store.h"
#include "core/runtime/intake.h"

namespace mailrota::runtime {

// Intake::take() for coroutines: decides in the coroutine's own thread, draws turns through `store` (which is
// not touched if no rota is concerned) and concludes. Never fails and never throws; see there. `intake` and
// `store` must outlive it.
boost::asio::awaitable<Taken> take(Intake& intake, AsyncStore& store,
                                   std::shared_ptr<const policy::Policy> policy,
                                   std::shared_ptr<const mail::Mail> mail, policy::Granularity granularity);

}  // namespace mailrota::runtime
