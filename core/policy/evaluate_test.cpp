#include "core/policy/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::Pair;

constexpr auto letter =
    "From: Alice <alice@example.com>\n"
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
    "X-Id: 1\n"
    "X-Id: 4711\n"
    "X-Folded: one\n two\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n"
    "\n"
    "--b\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n"
    "\n"
    "The M=C3=BCller invoice\n"
    "--b\n"
    "Content-Type: application/pdf\n"
    "Content-Disposition: attachment; filename=\"Bill.PDF\"\n"
    "\n"
    "%PDF\n"
    "--b--\n";

mail::Mail full_mail() {
    auto full = mail({"orders@example.com", "Ben@Example.com"}, letter);
    full.envelope.client = {"192.0.2.7", "mail.example.net", "helo.example.net", "alice"};
    full.envelope.daemon = "ORIGINATING";
    return full;
}

Match evaluate(const Condition& condition, const mail::Mail& mail, std::size_t recipient = 0) {
    return Evaluation(Seen::of(mail)).evaluate(condition, &mail.envelope.recipients.at(recipient).address);
}

TEST(Evaluate, DkimBelievesOurOwnResultsAlone) {
    const auto signed_mail = mail({"orders@example.com"},
                                  "Authentication-Results: mx.example.com; spf=pass smtp.helo=h;\n"
                                  " dkim=pass header.d=Example.NET\n"
                                  "Authentication-Results: mx.example.org; dkim=pass header.d=bank.example\n"
                                  "\nHi.\n");
    const auto ask = [&](std::string_view domain) {
        const auto condition = field(Field::dkim, {Glob{std::string(domain)}}, "mx.example.com");
        return evaluate(condition, signed_mail).answer;
    };
    EXPECT_EQ(ask("example.net"), Answer::yes);
    EXPECT_EQ(ask("bank.example"), Answer::no);
    EXPECT_EQ(to_text(FieldTest{Field::dkim, "mx.example.com", {Exact{"example.net"}}}),
              "dkim = \"example.net\"");
}

TEST(Evaluate, EveryFieldIsLookedAt) {
    struct Case {
        Field field;
        Matcher yes;
        Matcher no;
        const char* header = "";
    };
    const Case cases[] = {
        {Field::sender, Exact{"ALICE@example.com"}, Exact{"bob@example.com"}},
        {Field::rcpt, Exact{"<\"orders\"@EXAMPLE.com>"}, Exact{"ben@example.com"}},
        {Field::client_ip, *Network::parse("192.0.2.0/24"), *Network::parse("198.51.100.0/24")},
        {Field::client_ip, Exact{"192.0.2.7"}, Glob{"192.0.3.*"}},
        {Field::client_name, Glob{"*.example.NET"}, Exact{"example.net"}},
        {Field::helo, Exact{"helo.example.net"}, Exact{""}},
        {Field::auth, Exact{"Alice"}, pattern("/^Alice$/")},
        {Field::listener, Exact{"inbound"}, Exact{"relay"}},
        {Field::daemon, Exact{"originating"}, Exact{"smtpd"}},
        {Field::header, pattern("/^\\d{4}$/"), Exact{"X-Id"}, "x-id"},
        {Field::header, Exact{"one two"}, Exact{"one\n two"}, "X-Folded"},
        {Field::raw_header, pattern("/=C3=9F/"), pattern("/\xC3\x9F/"), "subject"},
        {Field::subject,
         Exact{"Gr\xC3\xBC\xC3\x9F"
               "e"},
         Glob{"=?utf-8*"}},
        {Field::body, pattern("/M\xC3\xBCller invoice$/m"), pattern("/%PDF/")},
        {Field::body_all, pattern("/M\xC3\xBCller/"), pattern("/=C3/")},
        {Field::body_raw, pattern("/M=C3=BCller/"), pattern("/^Subject/m")},
        {Field::attachment_name, Glob{"*.pdf"}, Glob{"*.exe"}},
        {Field::attachment_type, Exact{"application/pdf"}, Exact{"text/plain"}},
    };
    const auto mail = full_mail();
    for (const auto& c : cases) {
        EXPECT_EQ(evaluate(field(c.field, {c.yes}, c.header), mail).answer, Answer::yes)
            << to_string(c.field);
        EXPECT_EQ(evaluate(field(c.field, {c.no}, c.header), mail).answer, Answer::no) << to_string(c.field);
        EXPECT_EQ(evaluate(field(c.field, {c.no, c.yes}, c.header), mail).answer, Answer::yes)
            << to_string(c.field);
        EXPECT_EQ(evaluate(field(c.field, {}, c.header), mail).answer, Answer::no) << to_string(c.field);
    }
}

TEST(Evaluate, WhatIsAbsentMatchesNothing) {
    auto bare = mail({"orders@example.com"}, "\n");
    bare.origin.listener.clear();
    for (const auto what :
         {Field::client_ip, Field::client_name, Field::helo, Field::auth, Field::listener, Field::daemon,
          Field::header, Field::raw_header, Field::subject, Field::attachment_name, Field::attachment_type})
        EXPECT_EQ(evaluate(field(what, {Glob{"*"}}, "X-None"), bare).answer, Answer::no) << to_string(what);
}

TEST(Evaluate, TheNullSenderIsAValue) {
    auto bounce = mail({"orders@example.com"});
    bounce.envelope.sender = mail::Address::from_envelope("<>");
    EXPECT_EQ(evaluate(sender(""), bounce).answer, Answer::yes);
    EXPECT_EQ(evaluate(sender("<>"), bounce).answer, Answer::yes);
    EXPECT_EQ(evaluate(sender("alice@example.com"), bounce).answer, Answer::no);
}

TEST(Evaluate, ListsOfAddressesAreAskedByKey) {
    const auto list = std::make_shared<const NamedList>(NamedList::from_text("team", "ben@example.com\n"));
    const auto test = field(Field::rcpt, {InList{list}});
    EXPECT_EQ(evaluate(test, full_mail(), 0).answer, Answer::no);
    EXPECT_EQ(evaluate(test, full_mail(), 1).answer, Answer::yes);
}

TEST(Evaluate, SizeTimeTrustAndOrigin) {
    auto mail = full_mail();
    const auto size = mail.message.size();
    EXPECT_EQ(evaluate({SizeTest{size, size}}, mail).answer, Answer::yes);
    EXPECT_EQ(evaluate({SizeTest{size + 1, {}}}, mail).answer, Answer::no);
    EXPECT_EQ(evaluate({SizeTest{{}, size - 1}}, mail).answer, Answer::no);
    EXPECT_EQ(evaluate({TimeTest{*Hours::parse("Tue 22:00-23:00"), {}}}, mail).answer, Answer::yes);
    EXPECT_EQ(evaluate({TimeTest{*Hours::parse("Wed"), {}}}, mail).answer, Answer::no);
    EXPECT_EQ(evaluate({TrustTest{true}}, mail).answer, Answer::no);
    EXPECT_EQ(evaluate({TrustTest{false}}, mail).answer, Answer::yes);
    using Kind = OriginTest::Kind;
    EXPECT_EQ(evaluate({OriginTest{{Kind::authenticated}}}, mail).answer, Answer::yes);
    mail.envelope.client.auth_user.clear();
    EXPECT_EQ(evaluate({OriginTest{{Kind::inbound}}}, mail).answer, Answer::yes);
    EXPECT_EQ(evaluate({OriginTest{{Kind::authenticated, Kind::local}}}, mail).answer, Answer::no);
    mail.envelope.route = mail::Route::local;
    EXPECT_EQ(evaluate({OriginTest{{Kind::authenticated, Kind::local}}}, mail).answer, Answer::yes);
}

// y yes, n no, p in doubt that may pass, l in doubt for good.
Condition of_letter(char c) {
    switch (c) {
        case 'y':
            return always();
        case 'n':
            return any({});
        case 'p':
            return passing();
        default:
            return limited();
    }
}

char letter_of(const Match& match) {
    if (match.answer == Answer::unknown)
        return match.doubt == Doubt::passing ? 'p' : match.doubt == Doubt::limit ? 'l' : '?';
    EXPECT_EQ(match.doubt, Doubt::none);
    return match.answer == Answer::yes ? 'y' : 'n';
}

TEST(Evaluate, ThreeValuedTables) {
    const std::string letters = "ynpl";
    const std::string all_table[] = {"ynpl", "nnnn", "pnpp", "lnpl"};
    const std::string any_table[] = {"yyyy", "ynpl", "yppp", "ylpl"};
    const auto mail = full_mail();
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            const std::vector<Condition> both = {of_letter(letters[i]), of_letter(letters[j])};
            EXPECT_EQ(letter_of(evaluate(all(both), mail)), all_table[i][j]) << letters[i] << letters[j];
            EXPECT_EQ(letter_of(evaluate(any(both), mail)), any_table[i][j]) << letters[i] << letters[j];
        }
        EXPECT_EQ(letter_of(evaluate(negated(of_letter(letters[i])), mail)), "nypl"[i]);
    }
}

TEST(Evaluate, DoubtSaysWhy) {
    EXPECT_EQ(evaluate(passing(), full_mail()).why, "list \"vips\" could not be read: no such file");
    EXPECT_EQ(evaluate(limited(), full_mail()).why, "PCRE2: match limit exceeded");
}

TEST(Evaluate, TextThatWasCutMakesNoUncertain) {
    auto mail = full_mail();
    mail.message =
        mail::Message::from_bytes("Subject: x\n\n" + std::string(5'000, 'a') + " end\n", {1'000, 50, 1'000});
    const auto doubtful = evaluate(field(Field::body, {pattern("/end/")}), mail);
    EXPECT_EQ(doubtful.answer, Answer::unknown);
    EXPECT_EQ(doubtful.doubt, Doubt::limit);
    EXPECT_EQ(doubtful.why, "the mail has more text than is decoded");
    EXPECT_EQ(evaluate(field(Field::body, {pattern("/^aaa/")}), mail).answer, Answer::yes);
    EXPECT_EQ(evaluate(field(Field::body_raw, {pattern("/nothing/")}), mail).answer, Answer::no);
}

TEST(Evaluate, PartsThatWereNotLookedAtMakeNoUncertain) {
    auto mail = full_mail();
    mail.message = mail::Message::from_bytes(letter, {1'000, 50, 1});
    ASSERT_TRUE(mail.message.attachments_truncated());
    EXPECT_EQ(evaluate(field(Field::attachment_name, {Glob{"*.exe"}}), mail).doubt, Doubt::limit);
}

TEST(Evaluate, CapturesOfWhatSaidYesAndTheFirstOfAName) {
    const auto mail = full_mail();
    const auto id = field(Field::header, {pattern("/^(?<id>\\d+)$/")}, "X-Id");
    const auto who = field(Field::sender, {pattern("/^(?<id>\\w+)@(?<host>.+)$/")});
    EXPECT_THAT(evaluate(all({id, who}), mail).captures,
                ElementsAre(Pair("host", "example.com"), Pair("id", "1")));
    EXPECT_THAT(evaluate(any({id, who}), mail).captures, ElementsAre(Pair("id", "1")));
    EXPECT_TRUE(evaluate(negated(negated(id)), mail).captures.empty());
    EXPECT_TRUE(evaluate(any({all({id, any({})}), sender("x@example.com")}), mail).captures.empty());
}

TEST(Evaluate, ContentIsUnknownBeforeItIsSeen) {
    const auto mail = full_mail();
    const Seen seen{mail.envelope, mail.origin, mail.arrived, nullptr, {}};
    const auto ask = [&](const Condition& condition) {
        return letter_of(Evaluation(seen).evaluate(condition, &mail.envelope.recipients[0].address));
    };
    EXPECT_EQ(ask(subject("*")), 'p');
    EXPECT_EQ(ask(field(Field::body, {Glob{"*"}})), 'p');
    EXPECT_EQ(ask({SizeTest{1, {}}}), 'p');
    EXPECT_EQ(ask(sender("alice@example.com")), 'y');
    EXPECT_EQ(ask(all({subject("*"), rcpt("nobody@example.com")})), 'n');
    EXPECT_EQ(Evaluation(seen).evaluate(subject("*"), nullptr).why, "subject is not seen yet");
}

TEST(Evaluate, OneEvaluationServesManyRecipients) {
    const auto mail = full_mail();
    const auto condition =
        all({rcpt("ben@example.com"), field(Field::header, {pattern("/^(?<id>\\d{4})$/")}, "X-Id")});
    Evaluation evaluation(Seen::of(mail));
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(evaluation.evaluate(condition, &mail.envelope.recipients[0].address).answer, Answer::no);
        EXPECT_THAT(evaluation.evaluate(condition, &mail.envelope.recipients[1].address).captures,
                    ElementsAre(Pair("id", "4711")));
    }
}

TEST(Evaluate, TheTestsLookedAtAreTold) {
    const auto mail = full_mail();
    std::vector<TestLine> lines;
    const auto condition =
        all({any({sender("bob@example.com"), field(Field::header, {pattern("/^\\d{4}$/")}, "X-Id")}),
             negated(field(Field::subject, {Exact{"a"}, Glob{"b*"}})), field(Field::helo, {Exact{"x"}}),
             passing()});
    Evaluation(Seen::of(mail), &lines).evaluate(condition, nullptr);
    std::string told;
    for (const auto& line : lines)
        told += std::string(static_cast<std::size_t>(line.depth) * 2, ' ') + line.text + "\n";
    EXPECT_EQ(told,
              "  any: yes\n"
              "    sender = \"bob@example.com\": no, \"alice@example.com\"\n"
              "    header.X-Id = /^\\d{4}$/: yes, \"4711\"\n"
              "  not: yes\n"
              "    subject = \"a\" or \"b*\": no, \"Gr\xC3\xBC\xC3\x9F"
              "e\"\n"
              "  helo = \"x\": no, \"helo.example.net\"\n");
}

}  // namespace
}  // namespace mailrota::policy
