#include "bench/report.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tests/rig/temporary_folder.h"

namespace mailrota::bench {

void Report::write_to(const std::string& file) const {
    if (file.empty()) return;
    boost::json::array all;
    for (const auto& row : rows_) {
        boost::json::object made;
        for (const auto& [name, value] : row)
            std::visit([&, &key = name](const auto& given) { made[key] = given; }, value);
        all.push_back(std::move(made));
    }
    rig::write_file(file, boost::json::serialize(all) + "\n");
}

}  // namespace mailrota::bench
