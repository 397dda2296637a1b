#include "core/policy/people.h"

#include <gtest/gtest.h>

namespace mailrota::policy {
namespace {

Member telephone(std::string number, std::string name) {
    Member member;
    member.kind = Member::Kind::phone;
    member.id = member.target = std::move(number);
    member.name = std::move(name);
    return member;
}

TEST(People, GoByTheirNamesInWhateverRotaTheseStand) {
    Rota first, second;
    first.members = {telephone("+15550101", ""), telephone("+15550102", "")};
    second.members = {telephone("+15550101", "Ann")};
    const Policy policy({}, {first, second});
    EXPECT_EQ(person_name(policy, "+15550101"), "Ann");
    EXPECT_EQ(person_text(policy, "+15550101"), "Ann (+15550101)");
    EXPECT_EQ(person_name(policy, "+15550102"), "+15550102");
    EXPECT_EQ(person_text(policy, "+15550102"), "+15550102");
}

TEST(People, WhoIsInNoRotaIsWhatIsWritten) {
    const Policy policy({}, {});
    EXPECT_EQ(person_text(policy, "cho at the console"), "cho at the console");
    EXPECT_EQ(person_name(policy, "a\nb"), "a b");
}

}  // namespace
}  // namespace mailrota::policy
