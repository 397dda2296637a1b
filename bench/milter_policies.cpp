#include "bench/milter_policies.h"

#include <fmt/format.h>

namespace mailrota::bench {
namespace {

constexpr const char* base = R"([store]
url = "sqlite:{folder}/state.db"
[listener.inbound]
protocol = "milter"
socket = "{socket}"
[control]
socket = "{folder}/ctl"
[log]
target = "file"
file = "{folder}/mailrota.log"
)";

// The milter opens incidents and calls nobody; the worker, which would, does not run.
constexpr const char* telephones = R"([telephone.twilio]
account = "AC00000000000000000000000000000000"
user = "SK00000000000000000000000000000000"
secret = { file = "{folder}/secret" }
auth_token = { file = "{folder}/secret" }
from = "+15550100100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550100101", name = "Ann" }]
[alert.emergency]
say = "Emergency {word}"
escalate = [{ rota = "oncall" }]
)";

std::string alert_rule(int number, const std::string& pattern) {
    return fmt::format(
        "[[rule]]\nname = \"alert {0}\"\nwhen.body = '{1}'\nthen = [{{ alert = \"emergency\" }}]\n", number,
        pattern);
}

}  // namespace

// Rotas on exact addresses; the mail's own is the last.
std::string rotas(int count, const std::string& last) {
    std::string text = base;
    for (int i = 1; i < count; ++i)
        text += fmt::format(
            "[rota.r{0}]\naddresses = [\"r{0}@bench.test\"]\nmembers = [\"a{0}@bench.test\", "
            "\"b{0}@bench.test\"]\n",
            i);
    return text + fmt::format(
                      "[rota.orders]\naddresses = [\"{}\"]\nmembers = [\"ann@bench.test\", "
                      "\"ben@bench.test\", \"cho@bench.test\"]\n",
                      last);
}

std::string rules(int count) {
    std::string text = rotas(1, "other@bench.test");
    for (int i = 1; i <= count; ++i)
        text += fmt::format(
            "[[rule]]\nname = \"r{0}\"\nwhen.rcpt = \"r{0}@bench.test\"\nthen = [{{ redirect = "
            "\"a{0}@bench.test\" }}]\n",
            i);
    return text;
}

std::string body_rule() {
    return std::string(base) +
           "[[rule]]\nname = \"word\"\nwhen.body = '/\\bEmergency \\(Critical\\)/'\nthen "
           "= [{ redirect = \"ann@bench.test\" }]\n";
}

std::string alert_rules(int count, const std::string& word) {
    std::string text = std::string(base) + telephones;
    for (int i = 1; i < count; ++i)
        text += alert_rule(i, i % 2 == 0 ? fmt::format("/^Priority: (?<word>Emergency) {}$/m", i)
                                         : fmt::format("/\\bhost{} is (?<word>down)/i", i));
    return text + alert_rule(count, fmt::format("/^(?<word>{})/m", word));
}

}  // namespace mailrota::bench
