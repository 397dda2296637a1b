#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/store/sql_connection.h"

namespace mailrota::store {

// Joins conditions on columns for a WHERE, numbering their parameters. Keeps views of what it is given.
class SqlConditions {
  public:
    void add(std::string_view condition) { text_ += fmt::format(" AND {}", condition); }
    // The parameter stands between the two texts.
    void add(std::string_view before, SqlParam param, std::string_view after = {}) {
        params_.push_back(param);
        text_ += fmt::format(" AND {} ${}{}", before, params_.size(), after);
    }
    // The text ends with a parameter of its own.
    std::string end(std::string_view order, SqlParam param) {
        params_.push_back(param);
        return fmt::format("{} {} ${}", text_, order, params_.size());
    }
    const std::vector<SqlParam>& params() const { return params_; }

  private:
    std::string text_ = "1 = 1";
    std::vector<SqlParam> params_;
};

}  // namespace mailrota::store
