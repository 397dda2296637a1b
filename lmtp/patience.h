#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace mailrota::lmtp {

// How long a client is waited for. Pure: the time is told.
//
// Three limits, of which the first to pass counts: `silence` without a byte; twice that without an answer of
// ours or 100 bytes for each second of `silence` (so that one byte a minute ends); twelve times that without
// the end of a mail (so that a session which says nothing but NOOP ends). With the default of five minutes:
// ten minutes and an hour.
class Patience {
  public:
    using Time = std::chrono::steady_clock::time_point;

    Patience(std::chrono::seconds silence, Time now)
        : silence_(silence), heard_(now), progress_(now), mail_(now) {}

    // So many bytes came.
    void heard(std::size_t bytes, Time now) {
        heard_ = now;
        bytes_ += bytes;
        if (bytes_ >= 100 * static_cast<std::size_t>(silence_.count())) answered(now);
    }
    // We answered something: a command was complete. The client's next silence begins now.
    void answered(Time now) {
        heard_ = progress_ = now;
        bytes_ = 0;
    }
    // A mail came to its end, which is an answer too.
    void mail_over(Time now) {
        mail_ = now;
        answered(now);
    }
    // When the client has been waited for long enough.
    Time deadline() const {
        return std::min({heard_ + silence_, progress_ + 2 * silence_, mail_ + 12 * silence_});
    }

  private:
    std::chrono::seconds silence_;
    Time heard_, progress_, mail_;
    std::size_t bytes_ = 0;  // since progress_
};

}  // namespace mailrota::lmtp
