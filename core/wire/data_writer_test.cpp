#include "core/wire/data_writer.h"

#include <gtest/gtest.h>

namespace mailrota::wire {
namespace {

std::string written(const std::vector<std::string_view>& pieces, std::size_t most) {
    DataWriter writer(pieces);
    std::string all;
    while (!writer.finished()) {
        std::string out;
        writer.write(out, most);
        EXPECT_LE(out.size(), most + 6);
        all += out;
    }
    return all;
}

TEST(DataWriter, DoublesDotsAndEndsTheData) {
    EXPECT_EQ(written({}, 100), ".\r\n");
    EXPECT_EQ(written({""}, 100), ".\r\n");
    EXPECT_EQ(written({"."}, 100), "..\r\n.\r\n");
    EXPECT_EQ(written({"a.b\r\n.\r\n..c\r\n"}, 100), "a.b\r\n..\r\n...c\r\n.\r\n");
    EXPECT_EQ(written({"no line end"}, 100), "no line end\r\n.\r\n");
    EXPECT_EQ(written({"bare\n"}, 100), "bare\n\r\n.\r\n");
    EXPECT_EQ(written({"a\n.\r\nMAIL"}, 100), "a\n..\r\nMAIL\r\n.\r\n") << "no smuggling";
}

TEST(DataWriter, ItDoesNotMatterWhereTheContentIsCut) {
    const std::string_view content = ".a\r\n..\r\n\r\n.\r\nb.\r\n.";
    const std::string whole = "..a\r\n...\r\n\r\n..\r\nb.\r\n..\r\n.\r\n";
    for (std::size_t first = 0; first <= content.size(); ++first)
        for (std::size_t second = first; second <= content.size(); ++second)
            for (std::size_t most = 1; most < 30; ++most)
                EXPECT_EQ(written({content.substr(0, first), content.substr(first, second - first),
                                   content.substr(second)},
                                  most),
                          whole)
                    << first << ' ' << second << ' ' << most;
}

}  // namespace
}  // namespace mailrota::wire
