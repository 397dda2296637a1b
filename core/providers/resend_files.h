#pragma once

#include "core/mail/parts.h"

namespace mailrota::providers {

// True unless the extension of the file's name stands for another type than the file has. What neither names
// or types tell, fits.
bool fits_name(const mail::Parts::File& file);

}  // namespace mailrota::providers
