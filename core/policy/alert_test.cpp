#include "core/policy/alert.h"

#include <gtest/gtest.h>

#include "core/policy/subject_prefix.h"

namespace mailrota::policy {
namespace {

using Kind = PrefixedSubject::Kind;

TEST(NormalisedSubject, LosesPrefixesOfRepliesAndForwards) {
    for (const auto* subject :
         {"Disk full", "Re: disk full", "RE[2]: Disk full", "Re(3): Disk  full", "AW: WG: disk full",
          "SV: VS: disk full", "Antw: Odp: disk full", "Fwd: Re: Fw : disk full", "回复：disk full",
          "Отв: disk full", "VÁ: disk full", "İLT: disk full", "  R: RIF: disk full "})
        EXPECT_EQ(normalised_subject(subject), "disk full") << subject;
}

TEST(NormalisedSubject, KeepsTagsAndLosesPrefixesBehindThem) {
    EXPECT_EQ(normalised_subject("Re: [ops] Re: Disk full"), "[ops] disk full");
    EXPECT_EQ(normalised_subject("[ops] disk full"), "[ops] disk full");
}

TEST(NormalisedSubject, LosesTheStatusOfATicket) {
    const auto* wanted = "[web - bug #86581] file_system_alert";
    for (const auto* subject : {"[Web - Bug #86581] (New) File_system_alert",
                                "[Web - Bug #86581] (Waiting for ann) File_system_alert",
                                "[Web - Bug #86581] Fwd: File_system_alert",
                                "Re: [Web - Bug #86581] (In Progress) File_system_alert"})
        EXPECT_EQ(normalised_subject(subject), wanted) << subject;
}

TEST(NormalisedSubject, LosesKnownStatusWordsAtItsEndsAndNoOthers) {
    EXPECT_EQ(normalised_subject("db1 load (CRITICAL)"), "db1 load");
    EXPECT_EQ(normalised_subject("db1 load (OK)"), "db1 load");
    EXPECT_EQ(normalised_subject("(New) db1 load"), "db1 load");
    EXPECT_NE(normalised_subject("Backup failed (db1)"), normalised_subject("Backup failed (db2)"));
    EXPECT_NE(normalised_subject("[it] (Berlin) down"), normalised_subject("[it] (Paris) down"));
}

TEST(NormalisedSubject, IsNeverEmpty) {
    for (const auto* subject : {"", "  ", "Re:", "Fwd: AW: ", "\r\n"})
        EXPECT_EQ(normalised_subject(subject), "(no subject)") << subject;
    EXPECT_EQ(normalised_subject("(New)"), "(new)");
    EXPECT_EQ(normalised_subject("[ops]"), "[ops]");
    EXPECT_EQ(normalised_subject("Report: disk"), "report: disk");
}

TEST(NormalisedSubject, IsBoundedForHostileSubjects) {
    std::string prefixes;
    for (int i = 0; i < 5'000; ++i) prefixes += "Re: ";
    EXPECT_EQ(normalised_subject(prefixes + "x"), "x");
    EXPECT_LE(normalised_subject(std::string(1 << 15, '[')).size(), 200U);
    EXPECT_LE(normalised_subject(std::string(1 << 15, '(')).size(), 200U);
}

TEST(TakePrefixes, TellsAnAnswerFromAForwardByTheOutermost) {
    EXPECT_EQ(take_prefixes("Re: Fwd: x").outermost, Kind::reply);
    EXPECT_EQ(take_prefixes("WG: AW: x").outermost, Kind::forward);
    EXPECT_EQ(take_prefixes("[Web - Bug #1] Re: x").outermost, Kind::none);
    EXPECT_EQ(take_prefixes("Recovery: x").outermost, Kind::none);
    EXPECT_EQ(take_prefixes("Re x").outermost, Kind::none);
}

TEST(CleanedKey, IsOneLineWithoutControls) {
    EXPECT_EQ(cleaned_key("  a\r\n\tb\x01"
                          "c\u00A0\u00A0d "),
              "a b c d");
    EXPECT_EQ(cleaned_key("DB1"), "DB1");
    EXPECT_EQ(cleaned_key(" \t\n"), "");
}

TEST(CleanedKey, KeepsLongKeysApart) {
    const std::string umlauts = [] {
        std::string text;
        for (int i = 0; i < 300; ++i) text += "ü";
        return text;
    }();
    EXPECT_LE(cleaned_key(umlauts).size(), 200U);
    EXPECT_NE(cleaned_key(umlauts + "a"), cleaned_key(umlauts + "b"));
    EXPECT_EQ(cleaned_key(std::string(200, 'x')), std::string(200, 'x'));
}

TEST(LineDigest, IsTheSameForALineAndItsQuote) {
    const auto digest = line_digest("Priority changed from High to Emergency (Critical)");
    EXPECT_EQ(digest.size(), 32U);
    for (const auto* line : {"> Priority changed from High to Emergency (Critical)",
                             "> > * priority  changed from High to Emergency (Critical) \r",
                             "| \u2022 Priority changed from\u00A0High to Emergency (CRITICAL)"})
        EXPECT_EQ(line_digest(line), digest) << line;
    EXPECT_NE(line_digest("Priority changed from Low to Emergency (Critical)"), digest);
    EXPECT_NE(line_digest("-----"), line_digest(">"));
}

TEST(Alert, EnumsHaveTheirConfiguredNames) {
    EXPECT_EQ(to_string(Severity::info), "info");
    EXPECT_EQ(to_string(Severity::critical), "critical");
    EXPECT_EQ(to_string(Acknowledge::digit), "digit");
    EXPECT_EQ(to_string(Acknowledge::answer), "answer");
}

}  // namespace
}  // namespace mailrota::policy
