#pragma once

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

namespace mailrota::fakes {

/// All that the program holds. Belongs to one thread.
class World {
  public:
    World();

    /// By name; null if there is none.
    Provider* provider(std::string_view name);
    /// The provider that a request is for: by its Host, else by the first step of its path, which is taken
    /// off. Null for the control API and for what nobody answers.
    Provider* receiver(Request& request);

    Keyring keys;
    PostOffice office;
    Faults faults;
    std::vector<std::unique_ptr<Provider>> providers;
};

}  // namespace mailrota::fakes
