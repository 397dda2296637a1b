#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::lmtp {

// The raw dialogue of one session in a file of its own (mode 0600), for support: each piece as it was read or
// written, under a line that says which, when and how long. It has everything, mails included, and grows as
// they do, but no AUTH: from a line that begins with it until a read ends with a line, only the number of
// bytes is told. One thread; what cannot be written is lost.
class DialogueLog {
  public:
    // A new file in `folder`, named by time and session.
    static Result<DialogueLog> open(const std::string& folder, const std::string& session);

    void received(std::string_view bytes);
    void sent(std::string_view bytes) { write("S", bytes); }
    // Something that is not shown: "12 bytes before login".
    void remark(std::string_view text) { write("#", text); }

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    explicit DialogueLog(std::FILE* file) : file_(file) {}
    void write(const char* who, std::string_view bytes);
    void hide(std::string_view bytes);

    std::unique_ptr<std::FILE, Close> file_;
    std::string begun_;           // of a line that may become AUTH; not written yet
    bool within_a_line_ = false;  // what comes next belongs to a line that is written or hidden
    bool hiding_ = false;
};

}  // namespace mailrota::lmtp
