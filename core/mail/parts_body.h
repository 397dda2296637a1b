#pragma once

#include "core/mail/parts.h"

namespace mailrota::mail {

// Fills in the texts, the files and what is lost of the body. Called by take_apart().
void take_body(Parts& parts, const Message& message);

}  // namespace mailrota::mail
