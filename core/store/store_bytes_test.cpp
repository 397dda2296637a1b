#include "core/store/mail_fixture.h"

namespace mailrota::store {
namespace {

class StoreBytes : public StoreTest {
  protected:
    void round_trip(const std::string& name, const std::string& bytes) {
        succeed(store_->write({}, [&](Transaction& t) { return t.put_bytes(name, bytes); }));
        const auto read = bytes_of(*store_, name);
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->size(), bytes.size());
        EXPECT_TRUE(*read == bytes);  // not EXPECT_EQ: it would print them
    }
};
INSTANTIATE_TEST_SUITE_P(Each, StoreBytes, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(StoreBytes, EveryValueComesBack) { round_trip("mail", every_byte()); }

TEST_P(StoreBytes, NoBytesAreNotNothing) {
    EXPECT_EQ(bytes_of(*store_, "mail"), std::nullopt);
    round_trip("mail", "");
    round_trip("", "");
}

TEST_P(StoreBytes, AHundredMegabytesComeBack) {
    std::string bytes(100'000'000, 'x');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
    round_trip("mail", bytes);
}

TEST_P(StoreBytes, ReplacedAndDropped) {
    round_trip("mail", "one");
    round_trip("mail", "two");
    for (int i = 0; i < 2; ++i)
        succeed(store_->write({}, [](Transaction& t) { return t.drop_bytes("mail"); }));
    EXPECT_EQ(bytes_of(*store_, "mail"), std::nullopt);
}

TEST_P(StoreBytes, TextFieldsHoldAnyBytes) {
    const std::string odd = every_byte();
    const StoredTurn turn{odd, odd, {odd, "", odd}, {odd}, odd, odd, odd, at(1)};
    succeed(store_->write({odd}, [&](Transaction& t) -> Result<void> {
        succeed(t.put_turn(turn));
        succeed(t.put_rota_state(odd, {{odd, credited(1)}}));
        return t.put_sticky(odd, {odd}, odd, at(10));
    }));
    EXPECT_EQ(turn_of(*store_, odd, odd), turn);
    EXPECT_EQ(state_of(*store_, odd)[odd].credit, 1);
    EXPECT_EQ(ask(*store_, [&](Transaction& t) { return t.sticky(odd, {odd}, at(1)); }), odd);
    round_trip(odd, odd);
}

TEST_P(StoreBytes, NamesThatDifferAfterANulAreTwo) {
    using namespace std::string_literals;
    round_trip("a\0b"s, "one");
    round_trip("a\0c"s, "two");
    EXPECT_EQ(bytes_of(*store_, "a\0b"s), "one");
}

}  // namespace
}  // namespace mailrota::store
