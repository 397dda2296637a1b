#pragma once

namespace mailrota::runtime {

// What each program's main does before it starts a thread.

// Blocks HUP, TERM, INT and USR1 in this thread and in those that it starts, which inherit it: one of them
// waits for these. A write to a peer that is gone is an error, not a signal.
void block_signals();

// As many descriptors as the system allows: each session is one, and libmilter spins when they run out.
void raise_descriptor_limit();

}  // namespace mailrota::runtime
