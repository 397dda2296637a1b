#pragma once

#include <vector>

#include "core/mail/line_class.h"
#include "core/mail/mime_text.h"

namespace mailrota::mail {

// The texts of a mail with their classes, as Message::classified() gives them.
std::vector<ClassifiedText> classify_mail(const TextHints& hints, const MimeContent& content,
                                          OtherTexts others);

}  // namespace mailrota::mail
