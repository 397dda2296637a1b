#pragma once

#include <string_view>

#include "core/mail/history_words.h"
#include "core/mail/line_class.h"
#include "core/mail/message.h"

namespace mailrota::mail {

// What the first prefix of a subject says: "Re: Fwd: x" is a reply, "[list] AW: x" too.
SubjectPrefix subject_prefix(std::string_view subject);

// What the header of a message tells the classifier.
TextHints hints_of(const Message& message);

}  // namespace mailrota::mail
