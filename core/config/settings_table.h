#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::config {

// One setting that can be written. The table of them drives the check of keys, the defaults in the reference
// and settings().
struct Setting {
    std::string_view section;   // "" at the top, "store", "rota.NAME", "rule.when": NAME stands for any name
    std::string_view key;       // "NAME" for any key
    std::string_view type;      // as a person writes it
    std::string_view fallback;  // the default as written, empty if there is none
    std::string_view text;      // what it is
    bool later = false;         // a word of a later version: known, but an error today
};

// Whether the words of telephone calls and alerts are of a later version, all of them.
inline constexpr bool calls_later = false;

// The parts of the table beside rotas and rules. Where mail comes in and goes out, what is remembered, the
// programs.
std::span<const Setting> place_settings();
// On those who carry mail out, and on what they tell of it.
std::span<const Setting> relaying_settings();
// On those who place calls, on alerts and heartbeats.
std::span<const Setting> calling_settings();

// In the order of the reference.
const std::vector<Setting>& setting_table();

// The setting `key` of `section`; a section whose keys are names knows every key. Null if there is none.
const Setting* find_setting(std::string_view section, std::string_view key);

// The keys of a section that this version has.
std::vector<std::string> known_keys(std::string_view section);

}  // namespace mailrota::config
