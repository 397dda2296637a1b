#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/mail/line_class.h"
#include "core/mail/message.h"
#include "tests/quoting/sample_mail.h"

// Who speaks in each line of the mails of this folder: README.md.
namespace mailrota::quoting {
namespace {

using mail::ClassifiedText;
using mail::LineClass;

const std::vector<SampleMail>& samples() {
    static const std::vector<SampleMail> all = sample_mails(MAILROTA_SOURCE_DIR "/tests/quoting/mails");
    return all;
}

using Texts = std::vector<ClassifiedText>;

Texts classified(const std::string& bytes) { return mail::Message::from_bytes(bytes).classified(); }

char letter(LineClass of) {
    constexpr std::array letters{'N', 'Q', 'F', 'S'};
    return letters.at(static_cast<std::size_t>(of));
}

// The lines of all texts in the form of a sample's.
std::vector<ExpectedLine> found_lines(const Texts& texts) {
    std::vector<ExpectedLine> found;
    for (const auto& text : texts) {
        for (const auto& line : text.lines) {
            std::string folded = folded_blanks(text.text_of(line));
            if (!folded.empty()) found.push_back({letter(line.of), std::move(folded)});
        }
    }
    return found;
}

// A line of which the answer was not the expected one.
struct Mistake {
    char expected;
    char found;  // '-': the text has no such line
    std::string text;
};

struct Score {
    int scored = 0;
    std::vector<Mistake> mistakes;
};

Score score_of(const SampleMail& sample) {
    const auto found = found_lines(classified(sample.bytes));
    Score score;
    std::size_t at = 0;
    for (const auto& line : sample.lines) {
        std::size_t same = at;
        while (same < found.size() && found[same].text != line.text) ++same;
        const bool there = same < found.size();
        const char of = there ? found[same].of : '-';
        if (there) at = same + 1;
        if (line.of == '.') continue;
        ++score.scored;
        if (of != line.of) score.mistakes.push_back({line.of, of, line.text});
    }
    return score;
}

std::string told(const SampleMail& sample, const Mistake& mistake) {
    return sample.name + ": " + mistake.expected + ' ' + mistake.found + " | " + mistake.text.substr(0, 100) +
           '\n';
}

TEST(Quoting, HasAtLeastAHundredAndFiftyMails) { EXPECT_GE(samples().size(), 150U); }

TEST(Quoting, ClassifiesNinetyNineOfAHundredLinesAsAPersonDoes) {
    int scored = 0;
    int wrong = 0;
    std::string list;
    for (const auto& sample : samples()) {
        const Score score = score_of(sample);
        scored += score.scored;
        wrong += static_cast<int>(score.mistakes.size());
        for (const auto& mistake : score.mistakes) list += told(sample, mistake);
    }
    RecordProperty("scored", scored);
    RecordProperty("wrong", wrong);
    EXPECT_LE(wrong * 100, scored) << wrong << " of " << scored << " lines are wrong:\n" << list;
}

TEST(Quoting, LosesNoNewLineOfAMachine) {
    std::string lost;
    for (const auto& sample : samples()) {
        if (!sample.machine) continue;
        for (const auto& mistake : score_of(sample).mistakes) {
            if (mistake.expected == 'N') lost += told(sample, mistake);
        }
    }
    EXPECT_EQ(lost, "");
}

std::string with_crlf(const std::string& bytes) {
    std::string out;
    for (const char c : bytes) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

TEST(Quoting, LineEndsOfTheWireChangeNothing) {
    for (const auto& sample : samples()) {
        const auto here = found_lines(classified(sample.bytes));
        const auto there = found_lines(classified(with_crlf(sample.bytes)));
        const auto same = [](const auto& a, const auto& b) { return a.of == b.of && a.text == b.text; };
        EXPECT_TRUE(std::ranges::equal(here, there, same)) << sample.name;
    }
}

// The text that a rule reads for an alert: what is new and what somebody passes on.
std::string called_from(const Texts& texts) {
    std::string read;
    for (const auto& line : found_lines(texts)) {
        if (line.of == 'N' || line.of == 'F') read += line.text + '\n';
    }
    return read;
}

class QuotingCalls : public testing::TestWithParam<std::string> {};

TEST_P(QuotingCalls, FindsTheTriggerOnlyWhereItIsNew) {
    const auto sample = std::ranges::find(samples(), GetParam(), &SampleMail::name);
    ASSERT_NE(sample, samples().end());
    const std::string heard = called_from(classified(sample->bytes));
    for (const auto& call : sample->calls) {
        EXPECT_EQ(heard.find(call.words) != heard.npos, call.wanted)
            << sample->about << "\nwords: " << call.words << "\nheard:\n"
            << heard.substr(0, 2000);
    }
}

std::vector<std::string> names_with_calls() {
    std::vector<std::string> names;
    for (const auto& sample : samples()) {
        if (!sample.calls.empty()) names.push_back(sample.name);
    }
    return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Mails, QuotingCalls, testing::ValuesIn(names_with_calls()), test_name);

constexpr std::string_view trigger = "Priority changed from Normal to Emergency (Critical)";

std::string machine_mail(const std::string& text) {
    return "From: reports@example.com\nSubject: Report\nAuto-Submitted: auto-generated\n\n" + text;
}

TEST(Quoting, AReportOfFiveThousandLinesIsNewToItsEnd) {
    constexpr std::array pieces{"-----------------------", "> select 1;", "From: db1", "Date: today", "-- ",
                                "On db1 it wrote:",        "______",      "| 17 |",    "ok",          "=="};
    std::string text;
    for (std::size_t i = 0; i < 5000; ++i) text += std::string(pieces.at(i % pieces.size())) + '\n';
    text += trigger;
    const auto lines = found_lines(classified(machine_mail(text)));
    EXPECT_EQ(lines.size(), 5001U);
    EXPECT_TRUE(std::ranges::all_of(lines, [](const auto& line) { return line.of == 'N'; }));
}

TEST(Quoting, ATriggerBelowALineOfAMegabyteIsNew) {
    const auto text = std::string(1U << 20U, '>') + '\n' + std::string(trigger) + '\n';
    EXPECT_NE(called_from(classified(machine_mail(text))).find(trigger), std::string::npos);
}

}  // namespace
}  // namespace mailrota::quoting
