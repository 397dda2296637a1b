#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/faults.h"
#include "tests/fakes/hook.h"
#include "tests/fakes/post_office.h"
#include "tests/fakes/provider.h"
#include "tests/fakes/twilio.h"

namespace mailrota::fakes {

/// All that the program holds. Belongs to one thread.
class World {
  public:
    /// Calls and messages are played on the executor.
    explicit World(boost::asio::any_io_executor executor);

    /// By name; null if there is none.
    Provider* provider(std::string_view name);
    Twilio* telephone(std::string_view name);
    Api* api(std::string_view name);
    /// The API that a request is for: by its Host, else by the first step of its path, which is taken
    /// off. Null for the control API and for what nobody answers.
    Api* receiver(Request& request);

    Keyring keys;
    PostOffice office;
    Faults faults;
    std::vector<std::unique_ptr<Provider>> providers;
    std::vector<std::unique_ptr<Twilio>> telephones;  ///< twilio and twilio2: two accounts
};

}  // namespace mailrota::fakes
