#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Who is believed about signatures: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"who signed",
     R"([authentication]
authserv_id = "mx.example.com"
[[rule]]
when.dkim = ["example.com", "*.example.net", "ann@example.com"]
then = "stop"
)",
     {"m.toml:4: error: rule.when.dkim: \"ann@example.com\" is an address: what signs a mail is a domain "
      "(hint: write \"example.com\")"}},
    {"nobody says who signed",
     R"([[rule]]
when.dkim = "example.com"
then = "stop"
)",
     {"m.toml:2: error: rule.when.dkim: nobody says whose signature is good: there is no authserv_id (hint: "
      "write [authentication] with authserv_id = \"mx.example.com\", the name under which your MTA's "
      "verifier writes Authentication-Results)"}},
    {"no name of a verifier",
     R"([authentication]
authserv_id = "mx example"
[[rule]]
when.dkim = ""
then = "stop"
)",
     {"m.toml:2: error: authentication.authserv_id: \"mx example\" is no name that stands in "
      "Authentication-Results (hint: write as in \"mx.example.com\")",
      "m.toml:4: error: rule.when.dkim: an empty text would never match"}},
    {"verifier missing",
     R"([authentication]
)",
     {"m.toml:1: error: authentication.authserv_id: is missing (hint: write the name that stands in "
      "Authentication-Results)"}},
};

class SignatureMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(SignatureMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, SignatureMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
