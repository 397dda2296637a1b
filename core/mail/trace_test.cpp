#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include "core/mail/keys.h"

namespace mailrota::mail {
namespace {

const TraceSecret secret{1, 2, 3};
const std::string name(trace_header);

std::vector<HeaderField> usual() {
    return {{"Message-ID", "<1@client.example>"},
            {"Date", "Mon, 20 Nov 2023 10:00:00 +0000"},
            {"From", "ann@example.com"}};
}

Message with(const std::vector<std::string>& traces, std::vector<HeaderField> headers = usual()) {
    for (const std::string& trace : traces) {
        headers.push_back({name, trace});
    }
    return Message::from_parts(std::move(headers), "");
}

std::string signed_for_usual(const Trace& trace) {
    return sign_trace(trace, trace_identity(with({})), secret);
}

TEST(Trace, HasThePromisedForm) {
    std::string value = signed_for_usual({{"orders", "sales"}, 2});
    EXPECT_EQ(value.substr(0, value.find('\n')), "v1; hops=2; rotas=orders,sales;");
    EXPECT_TRUE(std::regex_match(value, std::regex("v1; hops=2; rotas=orders,sales;\n mac=[0-9a-f]{64}")));
}

TEST(Trace, ComesBackAsItWasSigned) {
    for (const Trace& trace : {Trace{}, Trace{{"orders"}, 1}, Trace{{"A_b.c-9", "orders", "sales"}, 10}}) {
        EXPECT_EQ(read_trace(with({signed_for_usual(trace)}), secret), trace);
    }
}

TEST(Trace, KnowsWhatItPassed) {
    const Trace trace{{"orders", "sales"}, 2};
    EXPECT_TRUE(trace.passed("sales"));
    EXPECT_FALSE(trace.passed("sale"));
    EXPECT_FALSE(Trace().passed(""));
}

TEST(Trace, IsFoldedAndSurvivesOtherFolding) {
    Trace trace;
    trace.hops = 10;
    for (int i = 0; i < 60; ++i) {
        trace.rotas.push_back("rota-number-" + std::to_string(i));
    }
    std::string value = signed_for_usual(trace);
    std::istringstream lines(name + ": " + value);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 78U) << line;
        EXPECT_NE(line.find_first_not_of(' '), std::string::npos);
    }
    EXPECT_EQ(read_trace(with({value}), secret), trace);
    std::string crlf = std::regex_replace(value, std::regex("\n "), "\r\n\t");
    EXPECT_EQ(read_trace(with({crlf}), secret), trace);
    std::string unfolded = std::regex_replace(value, std::regex("\n"), "");
    EXPECT_EQ(read_trace(with({unfolded}), secret), trace);
}

TEST(Trace, StaysValidWhenOtherHeadersChange) {
    auto headers = usual();
    headers.insert(headers.begin(), {"Received", "from elsewhere"});
    headers.push_back({"Subject", "[list] something"});
    const Trace trace{{"orders"}, 1};
    EXPECT_EQ(read_trace(with({signed_for_usual(trace)}, headers), secret), trace);
}

TEST(Trace, CannotBeMovedToAnotherMail) {
    auto headers = usual();
    headers[0].value = "<2@client.example>";
    EXPECT_EQ(read_trace(with({signed_for_usual({{"orders"}, 9})}, headers), secret), Trace());
}

TEST(Trace, CannotBeReadWithAnotherSecret) {
    EXPECT_EQ(read_trace(with({signed_for_usual({{"orders"}, 9})}), TraceSecret{9}), Trace());
}

TEST(Trace, IsVoidWhereverOneByteIsChangedOrMissing) {
    const std::string value = signed_for_usual({{"orders", "sales"}, 2});
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == ' ' || value[i] == '\n') {
            continue;
        }
        std::string changed = value;
        changed[i] = changed[i] == '0' ? '1' : '0';
        EXPECT_EQ(read_trace(with({changed}), secret), Trace()) << changed;
        std::string shorter = value;
        shorter.erase(i, 1);
        EXPECT_EQ(read_trace(with({shorter}), secret), Trace()) << shorter;
        EXPECT_EQ(read_trace(with({value.substr(0, i)}), secret), Trace()) << i;
    }
}

TEST(Trace, ForgeriesAreIgnored) {
    const std::string mac(64, '0');
    for (const std::string& value :
         {std::string(), std::string("v1"), "v1; hops=2; rotas=orders; mac=" + mac,
          "v2; hops=2; rotas=; mac=" + mac, "v1; hops=-1; rotas=; mac=" + mac,
          "v1; hops=99999999999999; rotas=; mac=" + mac, "v1; hops=1; rotas=a b,,c; mac=" + mac,
          std::string("v1; hops=1; rotas=orders; mac="), std::string(100000, ';')}) {
        EXPECT_EQ(read_trace(with({value}), secret), Trace()) << value;
    }
}

TEST(Trace, OfSeveralTheValidOneWithMostHopsCounts) {
    const Trace one{{"orders"}, 1};
    const Trace two{{"orders", "sales"}, 2};
    std::string forged = signed_for_usual({{"none"}, 3});
    forged.back() = forged.back() == '0' ? '1' : '0';
    EXPECT_EQ(read_trace(with({signed_for_usual(one), forged, signed_for_usual(two), signed_for_usual(one)}),
                         secret),
              two);
}

TEST(Trace, NamesAreNotMistakenForEachOther) {
    const std::string one = signed_for_usual({{"ab", "c"}, 1});
    const std::string two = signed_for_usual({{"a", "bc"}, 1});
    EXPECT_NE(one.substr(one.find("mac=")), two.substr(two.find("mac=")));
}

}  // namespace
}  // namespace mailrota::mail
