#include <gtest/gtest.h>

#include "core/policy/evaluate.h"
#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;

const std::string reply =
    "Subject: Re: x\n\nOn it.\n\n-- \nSam\n\n---------- Forwarded message ---------\nFrom: a@example.com\n"
    "Date: 6 Mar 2017\nSubject: x\n\nPassed on\n> Said\n";

Answer ask(Field what, const char* text, const std::string& bytes = reply) {
    const auto condition = field(what, {pattern(text)});
    const auto sent = mail({"orders@example.com"}, bytes);
    return Evaluation(Seen::of(sent)).evaluate(condition, nullptr).answer;
}

TEST(BodyClasses, EachViewHoldsItsLinesOnly) {
    const std::pair<Field, const char*> views[] = {{Field::body, "/^On it/m"},
                                                   {Field::body_signature, "/^Sam/m"},
                                                   {Field::body_forwarded, "/^Passed on/m"},
                                                   {Field::body_quoted, "/^> Said/m"}};
    for (const auto& [view, of_view] : views) {
        for (const auto& [other, of_other] : views)
            EXPECT_EQ(ask(view, of_other), view == other ? Answer::yes : Answer::no) << to_string(view);
        EXPECT_EQ(ask(Field::body_all, of_view), Answer::yes);
    }
}

TEST(BodyClasses, AViewThatIsEmptyMatchesNothing) {
    EXPECT_EQ(ask(Field::body_quoted, "/^/", "\nnew\n"), Answer::no);
    EXPECT_EQ(ask(Field::body, "/^$/", "Subject: x\n\n"), Answer::yes);
}

}  // namespace
}  // namespace mailrota::policy
