#include "core/runtime/secrets.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace mailrota::runtime {
namespace {

constexpr std::size_t longest_secret = 4096;

// A descriptor that is closed with its scope.
class OpenFile {
  public:
    explicit OpenFile(const std::string& path)
        : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenFile() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

std::string first_line(std::string text) {
    text.erase(std::min(text.find('\n'), text.size()));
    text.erase(text.find_last_not_of(" \t\r\v\f") + 1);
    return text;
}

tl::unexpected<Error> system_error(const std::string& place) {
    return unavailable(place + ": " + std::strerror(errno));
}

Result<std::string> read_start(const OpenFile& file, const std::string& place) {
    std::array<char, longest_secret + 1> buffer;
    std::size_t size = 0;
    while (size < buffer.size()) {
        const ssize_t count = read(file.descriptor(), buffer.data() + size, buffer.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error(place);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    std::string line = first_line({buffer.data(), size});
    OPENSSL_cleanse(buffer.data(), buffer.size());
    if (line.size() > longest_secret) return invalid(place + ": the secret is longer than 4096 bytes");
    return line;
}

Result<std::string> read_file(const std::string& path, const std::string& place, bool guarded) {
    const OpenFile file(path);
    struct stat status {};
    if (file.descriptor() < 0 || fstat(file.descriptor(), &status) != 0) return system_error(place);
    if (!S_ISREG(status.st_mode)) return invalid(place + ": not a regular file");
    if (guarded && (status.st_mode & S_IROTH) != 0)
        return invalid(place + ": everybody can read it; chmod o-r is needed");
    return read_start(file, place);
}

Result<std::string> read_credential(const std::string& name, const std::string& place) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr)
        return unavailable(place + ": CREDENTIALS_DIRECTORY is not set; is LoadCredential= in the unit?");
    if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.'))
        return invalid(place + ": no name of a credential");
    return read_file(std::string(folder) + "/" + name, place, false);
}

Result<std::string> read_environment(const std::string& name, const std::string& place) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return unavailable(place + " is not set");
    return first_line(value);
}

}  // namespace

Result<std::string> read_secret(const config::SecretSource& source) {
    using Kind = config::SecretSource::Kind;
    const std::string before = source.where.empty() ? "" : source.where + ": ";
    std::string place = before + "secret file " + source.name;
    Result<std::string> secret = unavailable("");
    if (source.kind == Kind::file) {
        secret = read_file(source.name, place, true);
    } else if (source.kind == Kind::credential) {
        place = before + "credential " + source.name;
        secret = read_credential(source.name, place);
    } else {
        place = before + "environment variable " + source.name;
        secret = read_environment(source.name, place);
    }
    if (secret && secret->empty()) return invalid(place + " is empty");
    return secret;
}

bool same_secret(std::string_view a, std::string_view b) {
    // The length of a secret is no secret that is worth keeping: it is in the documentation of most tokens.
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace mailrota::runtime
