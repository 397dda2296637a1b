#include "tests/fakes/twilio_signature.h"

#include <gmock/gmock.h>

namespace mailrota::fakes {
namespace {

const Fields parameters = {{"CallSid", "CA1234567890ABCDE"},
                           {"Caller", "+14158675309"},
                           {"Digits", "1234"},
                           {"From", "+14158675309"},
                           {"To", "+18005551212"}};
constexpr auto rest = "/myapp.php?foo=1&bar=2";

std::string signed_at(const std::string& host, const Fields& fields = parameters) {
    return twilio_signature("12345", host + rest, fields);
}

TEST(TwilioSignatureTest, CoversTheUrlAsItIsWritten) {
    EXPECT_EQ(signed_at("https://mycompany.com"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    EXPECT_EQ(signed_at("https://mycompany.com:443"), "kvajT1Ptam85bY51eRf/AJRuM3w=");
    EXPECT_EQ(signed_at("https://mycompany.com:1234"), "CYn1h0gLBdNxDGkKJg6hYohgeD8=");
    EXPECT_EQ(signed_at("http://mycompany.com"), "OyGYPqTF6ztdbRNCvuQO/oPvqQ4=");
    EXPECT_EQ(signed_at("http://mycompany.com:80"), "0ZXoZLH/DfblKGATFgpif+LLRf4=");
    EXPECT_EQ(signed_at("http://mycompany.com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=");
}

TEST(TwilioSignatureTest, SortsNamesAndTakesEachValueOfANameOnce) {
    const Fields twice = {{"Sid", "CA123"}, {"SidAccount", "AC123"}, {"Digits", "5678"}, {"Digits", "1234"}};
    Fields thrice = twice;
    thrice.emplace_back("Digits", "1234");
    EXPECT_EQ(signed_at("https://mycompany.com", twice), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
    EXPECT_EQ(signed_at("https://mycompany.com", thrice), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
}

TEST(TwilioSignatureTest, WithoutAFormCoversTheUrlAlone) {
    EXPECT_EQ(twilio_signature("12345",
                               "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256="
                               "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"),
              "a9nBmqA0ju/hNViExpshrM61xv4=");
}

}  // namespace
}  // namespace mailrota::fakes
