#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/config/config.h"
#include "ctl/commands.h"

namespace mailrota::ctl {
namespace {

std::string manual_page() {
    std::ifstream file(MAILROTA_SOURCE_DIR "/doc/man/mailrota.toml.5");
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin);
    const auto until = text.find(end);
    if (from == std::string::npos || until == std::string::npos) return "";
    return text.substr(from + begin.size(), until - from - begin.size());
}

TEST(Settings, TheManualPageSaysWhatTheProgramKnows) {
    std::istringstream in;
    std::ostringstream out, err;
    Console console{in, out, err, [] { return std::chrono::sys_seconds{}; }};
    EXPECT_EQ(settings(true, console), Exit::fine);
    EXPECT_NE(out.str().find("rota.NAME.strategy"), std::string::npos);
    EXPECT_EQ(between(manual_page(), ".\\\" settings: made by \"mailrota settings --man\"\n",
                      ".\\\" settings: end\n"),
              out.str())
        << "put the output of `mailrota settings --man` between the marks of doc/man/mailrota.toml.5";
}

TEST(Settings, TheManualPageSaysWhatABoxHides) {
    std::string page = manual_page();
    std::erase(page, '\\');
    const std::string hidden = between(page, "The default is\n.RS\n.nf\n", ".fi\n.RE\n.SS Telephones");
    std::string expected;
    for (const std::string& name : config::origin_headers())
        expected += (expected.empty() ? "" : ", ") + name;
    std::string one_line = hidden;
    std::ranges::replace(one_line, '\n', ' ');
    EXPECT_EQ(one_line, expected + " ");
}

}  // namespace
}  // namespace mailrota::ctl
