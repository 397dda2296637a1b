#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mailrota::structure {

/// The sources of a tree: path from the root, such as "core/mail/address.h", to the text.
using Sources = std::map<std::string, std::string>;

/// Reads all .h and .cpp files below `root`, except in hidden folders and in those that builds make at the
/// top
/// ("build…", "obj-…").
Sources read_sources(const std::filesystem::path& root);

/// Checks the rules of the house and returns one line for each breach, "path:line: what"; empty when all is
/// well.
///
/// - Every source stands in a folder of the list in house.cpp, which gives each folder its floor.
/// - An #include "…" names a file from the root of the tree, in the same folder or on a lower floor. Folders
/// on one
///   floor never include each other; nothing includes a program.
/// - tests, bench, fuzz and demo may include anything below, and only they, *_test.cpp and *_fixture.* may
/// include
///   tests/rig. tests/rig itself includes nothing of ours but itself.
/// - The pure folders read no clock, start no thread, open no socket, log nothing and know no database.
std::vector<std::string> breaches(const Sources& sources);

}  // namespace mailrota::structure
