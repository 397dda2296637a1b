#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/endpoint.h"
#include "core/config/listener_settings.h"
#include "core/config/toml_reader.h"

namespace mailrota::config {

// What listeners, boxes, web and worker write alike. Each reads one key; what is wrong is told.

// In libmilter's form; empty after an error.
std::string read_socket(const Section& section, std::string_view key, const Text& socket);
// `socket_mode`, 0660 if it is not written.
std::uint32_t load_mode(const Section& section);
// Tells `keys` that are written as being of no use, `because`.
void refuse_keys(const Section& section, std::initializer_list<std::string_view> keys,
                 std::string_view because, std::string_view hint = {});
// Nothing if the key is not written; an empty one after an error.
std::optional<Endpoint> load_endpoint(const Section& section, std::string_view key);
// The same where only SMTP will do.
std::optional<Endpoint> load_smtp_endpoint(const Section& section, std::string_view key);
// Nothing if the key is not written.
std::optional<std::vector<policy::Network>> load_networks(const Section& section, std::string_view key);
// 127.0.0.0/8 and ::1
std::vector<policy::Network> loopback();
std::optional<TlsSettings> load_tls(const Section& section);
// An absolute path; empty if it is not written or wrong.
std::string load_path(const Section& section, std::string_view key);
// A duration of at least `least` and at most `most`.
std::optional<std::chrono::seconds> load_duration(const Section& section, std::string_view key,
                                                  std::chrono::seconds least, std::chrono::seconds most);
// A number that counts something; `into` stays as it is after an error.
void load_count(const Section& section, std::string_view key, std::int64_t most, std::uint32_t& into);

}  // namespace mailrota::config
