#pragma once

#include <string>
#include <tl/expected.hpp>

namespace mailrota {

// Whether it helps to ask again later. `unavailable` may pass by itself (a database away, a file unreadable):
// the mail is deferred. `invalid` will not (a broken setting, a limit hit): somebody must change something.
enum class ErrorKind { invalid, unavailable };

// A fault of a peer, a user, a file or a database, told as one sentence without a line break. Never a secret
// in it.
struct Error {
    ErrorKind kind = ErrorKind::invalid;
    std::string text;

    bool operator==(const Error&) const = default;
};

// What a call that can fail returns. What is impossible terminates instead.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> invalid(std::string text) {
    return tl::unexpected(Error{ErrorKind::invalid, std::move(text)});
}

inline tl::unexpected<Error> unavailable(std::string text) {
    return tl::unexpected(Error{ErrorKind::unavailable, std::move(text)});
}

}  // namespace mailrota
