#include <gmock/gmock.h>

#include "tests/structure/house.h"

namespace mailrota::structure {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string including(const std::string& path) { return "// first line\n#include \"" + path + "\"\n"; }

TEST(Structure, TheTreeKeepsTheRulesOfTheHouse) {
    const Sources sources = read_sources(MAILROTA_SOURCE_DIR);
    for (const char* folder :
         {"core/mail/", "core/policy/", "core/config/", "core/store/", "core/runtime/", "milter/", "ctl/"})
        EXPECT_TRUE(sources.lower_bound(folder) != sources.end() &&
                    sources.lower_bound(folder)->first.starts_with(folder))
            << "no sources were read from " << folder;
    EXPECT_THAT(breaches(sources), IsEmpty());
}

TEST(Structure, DownwardArrowsAndTheOwnFolderAreAllowed) {
    EXPECT_THAT(breaches({{"core/policy/rule.h", including("core/mail/mail.h")},
                          {"core/policy/rule.cpp", including("core/policy/rule.h")},
                          {"milter/main.cpp", including("core/runtime/intake.h")},
                          {"tests/e2e/kill/a_test.cpp", including("milter/edits.h")},
                          {"core/store/store_test.cpp", including("tests/rig/postgresql.h")},
                          {"demo/main.cpp", including("tests/rig/postfix.h")}}),
                IsEmpty());
}

struct BadArrow {
    const char* from;
    const char* included;
    const char* report;
};

class BadArrows : public testing::TestWithParam<BadArrow> {};

TEST_P(BadArrows, AreReportedWithTheirPlace) {
    const auto& [from, included, report] = GetParam();
    EXPECT_THAT(breaches({{from, including(included)}}),
                ElementsAre(testing::AllOf(HasSubstr(std::string(from) + ":2: "), HasSubstr(report))));
}

INSTANTIATE_TEST_SUITE_P(
    Structure, BadArrows,
    testing::Values(BadArrow{"core/mail/a.h", "core/policy/rule.h", "core/mail includes core/policy upward"},
                    BadArrow{"core/policy/a_test.cpp", "core/store/store.h", "upward"},
                    BadArrow{"core/runtime/a.cpp", "milter/edits.h", "upward"},
                    BadArrow{"ctl/a.cpp", "milter/edits.h", "ctl includes milter sideways"},
                    BadArrow{"core/store/a.cpp", "core/wire/lmtp.h",
                             "core/store includes core/wire sideways"},
                    BadArrow{"core/store/a.cpp", "tests/rig/postfix.h", "upward"},
                    BadArrow{"tests/rig/a.cpp", "core/mail/mail.h", "stands on nothing else"},
                    BadArrow{"tests/fakes/a.cpp", "core/providers/http.h", "stands on nothing else"},
                    BadArrow{"core/mail/a.cpp", "address.h", "not in a known folder"},
                    BadArrow{"core/mail/a.cpp", "core/misc/a.h", "not in a known folder"}));

TEST(Structure, AnUnknownFolderIsReported) {
    EXPECT_THAT(breaches({{"core/misc/a.h", ""}}),
                ElementsAre(HasSubstr("core/misc/a.h:1: the folder is not in")));
    EXPECT_THAT(breaches({{"a.cpp", ""}}), ElementsAre(HasSubstr("not in the list")));
}

TEST(Structure, PureFoldersHaveNoClockThreadSocketOrStore) {
    for (const char* line :
         {"auto t = std::chrono::system_clock::now();", "#include <thread>", "#include <sys/socket.h>",
          "#include <spdlog/spdlog.h>", "#include <libpq-fe.h>", "#include <sqlite3.h>"}) {
        EXPECT_THAT(breaches({{"core/policy/a.cpp", line}}), ElementsAre(HasSubstr("core/policy is pure")))
            << line;
        EXPECT_THAT(breaches({{"core/runtime/a.cpp", line}, {"core/policy/a_test.cpp", line}}), IsEmpty())
            << line;
    }
    EXPECT_THAT(breaches({{"core/policy/a.h", "/// Never calls now() or\n// #include <thread>\n"}}),
                IsEmpty());
}

}  // namespace
}  // namespace mailrota::structure
