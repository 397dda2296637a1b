#include "core/mail/header_edit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/mail/keys.h"

namespace mailrota::mail {
namespace {

using Edits = std::vector<HeaderEdit>;

HeaderEdit add(std::string name, std::string value) {
    return {HeaderEdit::Kind::add, std::move(name), std::move(value)};
}
HeaderEdit remove(std::string name) { return {HeaderEdit::Kind::remove, std::move(name), ""}; }

// The whole mail after the edits.
std::string edited(const std::string& bytes, const Edits& edits,
                   const std::optional<std::string>& trace = {}) {
    const Message message = Message::from_bytes(bytes);
    return edited_header(message, edits, trace).append(message.body());
}

const std::string mail =
    "Received: by a\r\n\tfor b\r\nX-Odd :no blank\r\nx-originating-IP:  1\r\nSubject: \xfc\r\n \r\n"
    "X-Originating-Host:\r\n\r\nbody\n.\r";

TEST(HeaderEdit, WithoutEditsEveryByteStays) { EXPECT_EQ(edited(mail, {}), mail); }

TEST(HeaderEdit, RemovesEveryFieldOfTheName) {
    EXPECT_EQ(edited(mail, {remove("RECEIVED"), remove("x-odd"), remove("Absent"), remove("")}),
              "x-originating-IP:  1\r\nSubject: \xfc\r\n \r\nX-Originating-Host:\r\n\r\nbody\n.\r");
}

TEST(HeaderEdit, AStarStandsForTheRestOfTheName) {
    EXPECT_EQ(edited(mail, {remove("X-Originating-*")}),
              "Received: by a\r\n\tfor b\r\nX-Odd :no blank\r\nSubject: \xfc\r\n \r\n\r\nbody\n.\r");
    EXPECT_EQ(edited(mail, {remove("*")}), "\r\nbody\n.\r");
}

TEST(HeaderEdit, AddsBelowWhatIsThere) {
    EXPECT_EQ(edited("A: 1\r\n\r\nbody", {add("B", "2\n3"), remove("A"), add("A", ""), add(":", "x")}),
              "B: 2\r\n\t3\r\nA:\r\n\r\nbody");
}

TEST(HeaderEdit, ATraceIsTheOnlyOne) {
    const std::string header = std::string(trace_header) + ": ";
    EXPECT_EQ(edited(header + "old\r\nA: 1\r\n" + header + "old\r\n\r\n", {add("B", "2")}, "new"),
              "A: 1\r\nB: 2\r\n" + header + "new\r\n\r\n");
}

TEST(HeaderEdit, ABrokenHeaderGetsAnEmptyLineBeforeTheBody) {
    const Edits edits{add("B", "2")};
    EXPECT_EQ(edited("", edits), "B: 2\r\n\r\n");
    EXPECT_EQ(edited("A: 1", edits), "A: 1\r\nB: 2\r\n\r\n");
    EXPECT_EQ(edited("A: 1\r\n", edits), "A: 1\r\nB: 2\r\n\r\n");
    EXPECT_EQ(edited("\r\nbody", edits), "B: 2\r\n\r\nbody");
    EXPECT_EQ(edited("A: 1\r\nno field\r\n\r\n", edits), "A: 1\r\nB: 2\r\n\r\nno field\r\n\r\n");
    EXPECT_EQ(edited("From a@b Mon\r\nA: 1\r\n", edits), "B: 2\r\n\r\nFrom a@b Mon\r\nA: 1\r\n");
}

std::vector<std::string> golden_mails() {
    std::vector<std::string> mails;
    const auto golden = std::filesystem::path(MAILROTA_SOURCE_DIR "/tests/golden");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(golden)) {
        if (entry.path().extension() != ".eml") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        mails.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return mails;
}

// Mails made of what headers are made of, in no order.
std::vector<std::string> random_mails() {
    const std::vector<std::string> pieces{"A",
                                          ":",
                                          " ",
                                          "\t",
                                          "\r\n",
                                          "\n",
                                          "\r",
                                          "\r\n",
                                          "\xff",
                                          "From ",
                                          "X-B: 1",
                                          "A:",
                                          std::string(1, '\0')};
    std::mt19937 random(1);
    std::vector<std::string> mails(5000);
    for (std::string& bytes : mails) {
        for (auto left = random() % 20; left > 0; --left) bytes += pieces[random() % pieces.size()];
    }
    return mails;
}

// No edit may touch the body or lose a byte of a field that it does not name.
void check_properties(const std::string& bytes) {
    EXPECT_EQ(edited(bytes, {}), bytes);
    EXPECT_EQ(edited(bytes, {remove("Absent")}), bytes);
    const Message before = Message::from_bytes(bytes);
    const Message added = Message::from_bytes(edited(bytes, {add("X-New", "1")}));
    auto fields = before.headers();
    fields.push_back({"X-New", "1"});
    EXPECT_EQ(added.headers(), fields);
    EXPECT_EQ(added.body(), before.body());
    EXPECT_EQ(Message::from_bytes(edited(std::string(added.bytes()), {remove("A")})).body(), before.body());
}

TEST(HeaderEdit, NothingElseIsTouchedWhateverTheMail) {
    auto mails = golden_mails();
    ASSERT_FALSE(mails.empty());
    for (std::string& bytes : random_mails()) mails.push_back(std::move(bytes));
    for (const std::string& bytes : mails) {
        SCOPED_TRACE(testing::PrintToString(bytes));
        check_properties(bytes);
        if (HasFailure()) break;
    }
}

TEST(HeaderEdit, TextIsCleaned) {
    EXPECT_EQ(clean_header_name("X-A b:\r\n"), "X-Ab");
    EXPECT_EQ(clean_header_value("X", std::string("a\r\nBcc: b\0c", 11)), "a\n\tBcc: bc");
    EXPECT_EQ(clean_header_value("X", "  a \n\n \n\t b "), "a\n\tb");
    EXPECT_EQ(clean_header_value("X", ""), "");
    const auto encoded = clean_header_value("X", "gr\xc3\xbc\xc3\x9f");
    EXPECT_TRUE(std::ranges::all_of(encoded, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    EXPECT_EQ(Message::from_parts({{"X", encoded}}, "").header("X"),
              std::vector<std::string>{"gr\xc3\xbc\xc3\x9f"});
}

TEST(HeaderEdit, LongLinesAreFolded) {
    const auto check = [](const std::string& value) {
        std::size_t start = 0, room = 998 - 3;
        for (auto end = value.find('\n');; end = value.find('\n', start)) {
            EXPECT_LE(std::min(end, value.size()) - start, room);
            if (end == std::string::npos) break;
            EXPECT_EQ(value.at(end + 1), '\t');
            start = end + 1;
            room = 998;
        }
    };
    std::string words;
    for (int i = 0; i < 1000; ++i) words += "word ";
    check(clean_header_value("X", words));
    check(clean_header_value("X", std::string(5000, 'x')));
    words.pop_back();
    auto unfolded = clean_header_value("X", words);
    std::ranges::replace(unfolded, '\t', ' ');
    std::erase(unfolded, '\n');
    EXPECT_EQ(unfolded, words);
}

}  // namespace
}  // namespace mailrota::mail
