#pragma once

#include <glib-object.h>

#include <memory>

namespace mailrota::mail {

// Starts GMime once in this process; every function that calls GMime calls this first. From any thread.
//
// Attached messages are registered as plain parts: GMime would open them while parsing, with address headers
// parsed by an unbounded recursion, so a mail could exhaust the stack. We open them ourselves, as deep as the
// limits allow.
void ensure_gmime();

struct UnrefObject {
    void operator()(gpointer object) const { g_object_unref(object); }
};

// A reference of ours to a GObject.
template <class T>
using ObjectPtr = std::unique_ptr<T, UnrefObject>;

struct FreeString {
    void operator()(gchar* text) const { g_free(text); }
};

// A string that GLib allocated.
using StringPtr = std::unique_ptr<gchar, FreeString>;

}  // namespace mailrota::mail
