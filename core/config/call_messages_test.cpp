#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Telephone accounts and [calls]: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"a telephone alone",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[rota.oncall]
members = [{ phone = "+15550101" }]
[alert.fire]
say = "Fire."
acknowledge = "answer"
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {}},
    {"nothing of a telephone",
     R"([telephone.main]
)",
     {"m.toml:1: error: telephone.main.account: is missing (hint: write as in account = \"AC…\")",
      "m.toml:1: error: telephone.main.secret: is missing (hint: write secret = { file = "
      "\"/etc/mailrota/secrets/main\" })",
      "m.toml:1: error: telephone.main.from: is missing: who calls? (hint: write as in from = "
      "\"+15550100\")"}},
    {"wrong values of a telephone",
     R"([telephone.main]
kind = "twillio"
account = "AC0123"
user = "AC0123456789abcdef0123456789abcdef"
secret = "s3cret"
auth_token = []
from = "0555 0100"
messaging_service = "MGxyz"
ca_file = "ca.pem"
proxy = "proxy:3128"
timeout = "5m"
pace = "0ms"
in_flight = 0
detect_machines = "yes"
acount = "x"
)",
     {"m.toml:2: error: telephone.main.kind: \"twillio\" is none of \"twilio\" (hint: did you mean "
      "\"twilio\"?)",
      "m.toml:3: error: telephone.main.account: \"AC0123\" is no such id (hint: write \"AC\" and 32 "
      "hexadecimal digits, as the provider's console shows it)",
      "m.toml:4: error: telephone.main.user: \"AC0123456789abcdef0123456789abcdef\" is no such id (hint: "
      "write \"SK\" and 32 hexadecimal digits, as the provider's console shows it)",
      "m.toml:5: error: telephone.main.secret: a secret does not stand in the configuration itself (hint: "
      "write { file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:6: error: telephone.main.auth_token: is empty",
      "m.toml:7: error: telephone.main.from: \"0555 0100\" is no telephone number with its country code "
      "(E.164) (hint: write +, the country code and the number without its leading 0, as in \"+15550100\")",
      "m.toml:8: error: telephone.main.messaging_service: \"MGxyz\" is no such id (hint: write \"MG\" and 32 "
      "hexadecimal digits, as the provider's console shows it)",
      "m.toml:9: error: telephone.main.ca_file: \"ca.pem\" is no absolute path",
      "m.toml:10: error: telephone.main.proxy: is no URL: it does not begin with https:// (hint: write as in "
      "\"http://proxy.example.com:3128\")",
      "m.toml:11: error: telephone.main.timeout: \"5m\" is out of range: from 1s to 2m",
      "m.toml:12: error: telephone.main.pace: \"0ms\" is no pace: from \"1ms\" to \"60s\" (hint: write as in "
      "\"1s\" or \"200ms\")",
      "m.toml:13: error: telephone.main.in_flight: 0 is out of range: from 1 to 1000",
      "m.toml:14: error: telephone.main.detect_machines: takes true or false, not a string",
      "m.toml:15: error: telephone.main: unknown key \"acount\" (hint: did you mean \"account\"?)"}},
    {"another service has other ids",
     R"([telephone.main]
account = "3f9c-7b"
base_url = "https://calls.example.com/api"
user = "me/you"
secret = { file = "/s" }
from = "+15550100"
)",
     {"m.toml:4: error: telephone.main.user: \"me/you\" is no such id (hint: an id has 1 to 100 letters, "
      "digits, _ . and -)"}},
    {"region without edge",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
region = "ie1"
)",
     {"m.toml:1: error: telephone.main.edge: is missing: one without the other is another region than is "
      "meant (hint: write both, as in region = \"ie1\" and edge = \"dublin\")"}},
    {"region beside base url",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
region = "ie1"
edge = "dub lin"
base_url = "http://api.example.com/"
)",
     {"m.toml:5: error: telephone.main.region: is of no use beside a base_url (hint: leave one of the two "
      "out)",
      "m.toml:6: error: telephone.main.edge: \"dub lin\" is no name of one (hint: write as in \"dublin\")",
      "m.toml:6: error: telephone.main.edge: is of no use beside a base_url (hint: leave one of the two out)",
      "m.toml:7: error: telephone.main.base_url: is http://: keys and mails would cross the network readable "
      "(hint: write https://; only 127.0.0.1, [::1] and localhost may go without)"}},
    {"base url with a slash",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
base_url = "https://api.example.com/"
)",
     {"m.toml:5: error: telephone.main.base_url: ends with a slash (hint: leave the slash out)"}},
    {"an api key signs no callbacks",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
user = "SK0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
)",
     {"m.toml:1: error: telephone.main.auth_token: is missing: callbacks are signed with it, and an API key "
      "cannot tell them from forged ones (hint: write auth_token = { file = "
      "\"/etc/mailrota/secrets/main-token\" })"}},
    {"nor does an api key of an account that is not used",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
user = "SK0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[telephone.other]
account = "AC0123456789abcdef0123456789abcdef"
secret = { env = "OTHER" }
from = "+15550100"
[calls]
accounts = "other"
public_url = "https://mail.example.com/call"
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came",
      "m.toml:1: warning: telephone.main: is never used: calls.accounts does not name it (hint: add \"main\" "
      "to it)"}},
    {"accounts",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
accounts = ["man", "main", "main"]
)",
     {"m.toml:6: error: calls.accounts: there is no telephone \"man\" (hint: did you mean \"main\"?)",
      "m.toml:6: error: calls.accounts: \"main\" stands here twice"}},
    {"no accounts",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
accounts = []
)",
     {"m.toml:1: warning: telephone.main: is never used: calls.accounts does not name it (hint: add \"main\" "
      "to it)",
      "m.toml:6: error: calls.accounts: is empty: nobody places calls"}},
    {"no telephone at all",
     R"([calls]
accounts = "main"
)",
     {"m.toml:2: error: calls.accounts: there is no telephone \"main\" (hint: write [telephone.main])"}},
    {"wrong values of calls",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail_host.example.com/call"
language = "german"
voice = "Polly Joanna"
ring = "1s"
poll = "11m"
limit = { calls = 0, within = "8d", mails = 3 }
expire = "1m"
)",
     {"m.toml:6: error: calls.public_url: has an underscore in its host, which the provider refuses (hint: "
      "give the host another name)",
      "m.toml:7: error: calls.language: \"german\" is no language tag (hint: write as in \"de\" or "
      "\"de-DE\")",
      "m.toml:8: error: calls.voice: \"Polly Joanna\" is no name of a voice (hint: write as in "
      "\"Polly.Joanna\")",
      "m.toml:9: error: calls.ring: \"1s\" is out of range: from 5s to 10m",
      "m.toml:10: error: calls.poll: \"11m\" is out of range: from 1s to 10m",
      "m.toml:11: error: calls.limit: unknown key \"mails\" (hint: known: \"calls\" or \"within\")",
      "m.toml:11: error: calls.limit.calls: 0 is out of range: from 1 to 10000",
      "m.toml:11: error: calls.limit.within: \"8d\" is out of range: from 1m to 7d",
      "m.toml:12: error: calls.expire: \"1m\" is out of range: from 10m to 30d"}},
    {"language by another spelling",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
language = "DE_de"
)",
     {"m.toml:6: error: calls.language: \"DE_de\" is no language tag (hint: write \"de-DE\")"}},
    {"public url by http",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "http://mail.example.com/call"
)",
     {"m.toml:6: error: calls.public_url: is http://: keys and mails would cross the network readable (hint: "
      "write https://; only 127.0.0.1, [::1] and localhost may go without)"}},
    {"public url to this machine",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "http://127.0.0.1:8080/call"
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came"}},
    {"public url with a password",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://ann:x@mail.example.com/call"
)",
     {"m.toml:6: error: calls.public_url: has a user or password in it, which does not belong there"}},
    {"public url with a query",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call?x=1"
)",
     {"m.toml:6: error: calls.public_url: has a query or fragment: it is what paths are written behind"}},
    {"public url with a slash",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call/"
)",
     {"m.toml:6: error: calls.public_url: ends with a slash (hint: leave the slash out)"}},
    {"public url elsewhere",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com"
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came",
      "m.toml:6: warning: calls.public_url: does not end with /call, where mailrota-web answers (hint: a "
      "proxy in between must put /call before what follows this URL)"}},
};

class CallMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(CallMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, CallMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
