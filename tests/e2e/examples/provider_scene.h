#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/rig/fake_providers.h"

namespace mailrota::rig {

/// The configuration of an example with providers, for fake ones: its keys lie in `secrets`, and providers
/// over HTTP are reached at their real addresses by way of a proxy that leads to the fakes.
std::string for_fakes(std::string config, const FakeProviders& fakes, const std::filesystem::path& secrets);

/// A folder for the socket of a listener below Postfix's queue directory, as the package makes it.
void make_socket_folder(const std::filesystem::path& spool);

/// Writes a secret as the README of an example has it done.
void write_secret(const std::filesystem::path& file, const std::string& secret);

}  // namespace mailrota::rig
