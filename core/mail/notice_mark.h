#pragma once

#include <string_view>

namespace mailrota::mail {

// What the trace of our own notices names among the rotas passed: such a mail raises and resolves no alert,
// whatever it quotes.
inline constexpr std::string_view notice_mark = "mailrota-notice";

}  // namespace mailrota::mail
