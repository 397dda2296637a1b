#include "lmtp/front.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "core/mail/digest.h"

namespace mailrota::lmtp {

std::string Front::random_name() {
    std::array<std::uint8_t, 8> bytes{};
    if (getentropy(bytes.data(), bytes.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "getentropy");
    return mail::to_hex(bytes);
}

Result<void> Front::open_carriers() {
    auto opened = runtime::Carriers::open(service.policies().current()->config);
    if (!opened) return tl::unexpected(opened.error());
    carriers.set(*std::move(opened));
    return {};
}

std::string Front::new_session() { return fmt::format("{}-{}", process_, ++sessions_); }

}  // namespace mailrota::lmtp
