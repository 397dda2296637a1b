#pragma once

#include <filesystem>
#include <string>

#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// A certification authority of the test's own and a server's certificate from it, as PEM files made by the
/// openssl command. The folder goes with the object.
class Certificates {
  public:
    /// `names` as openssl writes them: "DNS:localhost,IP:127.0.0.1".
    explicit Certificates(const std::string& names = "DNS:localhost,IP:127.0.0.1");

    std::filesystem::path authority() const { return folder_ / "ca.pem"; }
    std::filesystem::path certificate() const { return folder_ / "server.pem"; }
    std::filesystem::path key() const { return folder_ / "server.key"; }

  private:
    TemporaryFolder folder_;
};

}  // namespace mailrota::rig
