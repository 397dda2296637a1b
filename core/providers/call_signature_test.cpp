// Case 4: whom a callback is from. The token, the addresses and the signatures are public test vectors.
#include <gtest/gtest.h>

#include "core/providers/base64.h"
#include "core/providers/phone_callback.h"
#include "core/providers/signature.h"

namespace mailrota::providers {
namespace {

constexpr const char* path = "/myapp.php?foo=1&bar=2";
constexpr const char* form =
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
constexpr const char* form_type = "application/x-www-form-urlencoded; charset=utf-8";
const std::vector<std::string> token{"12345"};

CallbackRequest post(std::string url, std::string body, std::string signature) {
    return {"POST", std::move(url), form_type, std::move(signature), std::move(body)};
}

CallbackRequest sample() {
    return post(std::string("https://mycompany.com") + path, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
}

std::string signed_with(const std::string& key, const std::string& text) {
    return base64(hmac(Hash::sha1, key, text));
}

struct Vector {
    const char* origin;
    const char* signature;
};

class SignatureVectors : public testing::TestWithParam<Vector> {};

TEST_P(SignatureVectors, FormPostsAreGenuine) {
    const auto& [origin, signature] = GetParam();
    EXPECT_TRUE(genuine(post(std::string(origin) + path, form, signature), token));
    EXPECT_FALSE(genuine(post(std::string(origin) + path + "3", form, signature), token));
}

INSTANTIATE_TEST_SUITE_P(Twilio, SignatureVectors,
                         testing::Values(Vector{"https://mycompany.com", "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
                                         Vector{"https://mycompany.com:443", "kvajT1Ptam85bY51eRf/AJRuM3w="},
                                         Vector{"https://mycompany.com:1234", "CYn1h0gLBdNxDGkKJg6hYohgeD8="},
                                         Vector{"http://mycompany.com", "OyGYPqTF6ztdbRNCvuQO/oPvqQ4="},
                                         Vector{"http://mycompany.com:80", "0ZXoZLH/DfblKGATFgpif+LLRf4="},
                                         Vector{"http://mycompany.com:1234",
                                                "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="}));

TEST(CallSignature, ThePortMayBeSignedOrNot) {
    struct {
        const char* origin;
        const char* signature;
    } const cases[] = {
        {"https://mycompany.com", "kvajT1Ptam85bY51eRf/AJRuM3w="},       // signed with :443
        {"https://mycompany.com:443", "RSOYDt4T1cUTdK1PDd93/VVr8B8="},   // signed without
        {"https://mycompany.com:1234", "RSOYDt4T1cUTdK1PDd93/VVr8B8="},  // likewise
        {"http://mycompany.com", "0ZXoZLH/DfblKGATFgpif+LLRf4="},        // signed with :80
        {"http://mycompany.com:1234", "OyGYPqTF6ztdbRNCvuQO/oPvqQ4="},
    };
    for (const auto& [origin, signature] : cases)
        EXPECT_TRUE(genuine(post(std::string(origin) + path, form, signature), token)) << origin;
    EXPECT_FALSE(genuine(
        post(std::string("https://mycompany.com:444") + path, form, "CYn1h0gLBdNxDGkKJg6hYohgeD8="), token))
        << "another port than the signed one";
    const std::string bracketed = "https://[2001:db8::1]/call?x=1:2";
    EXPECT_TRUE(
        genuine(post(bracketed, "", signed_with("12345", "https://[2001:db8::1]:443/call?x=1:2")), token));
}

TEST(CallSignature, ARepeatedNameIsSignedOnceForEachValue) {
    const std::string url = std::string("https://mycompany.com") + path;
    for (const char* body : {"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234",
                             "Digits=1234&Sid=CA123&Digits=5678&Digits=1234&SidAccount=AC123"})
        EXPECT_TRUE(genuine(post(url, body, "IK+Dwps556ElfBT0I3Rgjkr1wJU="), token)) << body;
    EXPECT_FALSE(
        genuine(post(url, "Sid=CA123&SidAccount=AC123&Digits=1234", "IK+Dwps556ElfBT0I3Rgjkr1wJU="), token));
}

TEST(CallSignature, AJsonBodyIsBoundByItsDigestInTheUrl) {
    CallbackRequest request{
        "POST",
        std::string("https://mycompany.com") + path +
            "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
        "application/json", "a9nBmqA0ju/hNViExpshrM61xv4=", R"({"property": "value", "boolean": true})"};
    EXPECT_TRUE(genuine(request, token));
    request.body += ' ';
    EXPECT_FALSE(genuine(request, token)) << "another body";
    request.body.pop_back();
    request.url.replace(request.url.find("foo=1"), 5, "foo=2");
    EXPECT_FALSE(genuine(request, token)) << "another URL";
}

TEST(CallSignature, ABodyThatTheSignatureSaysNothingOfIsNotBelieved) {
    const std::string url = "https://mail.example.com/call/17/status";
    CallbackRequest request{"POST", url, "application/json", signed_with("12345", url), "{}"};
    EXPECT_FALSE(genuine(request, token));
    request.type = "";
    EXPECT_FALSE(genuine(request, token));
    request.body = "";
    EXPECT_TRUE(genuine(request, token)) << "nothing but the URL was sent";
    request.method = "DELETE";
    EXPECT_FALSE(genuine(request, token));
}

TEST(CallSignature, OfAGetOnlyTheUrlIsSigned) {
    const std::string url = "https://mail.example.com/call/17/digit?Digits=1&CallSid=CA1";
    CallbackRequest request{"GET", url, "", signed_with("12345", url), ""};
    EXPECT_TRUE(genuine(request, token));
    request.url.replace(url.find("Digits=1"), 8, "Digits=3");
    EXPECT_FALSE(genuine(request, token));
    request.url = url + "#rc=3";
    EXPECT_TRUE(genuine(request, token)) << "a fragment is not part of the request";
}

TEST(CallSignature, EmptyValuesAndBlanksCountAsTheyAre) {
    const std::string url = "https://mail.example.com/call/17/status";
    const std::string text = url + "CallSidCA1Caller ann FromZipToCity";
    EXPECT_TRUE(
        genuine(post(url, "ToCity=&Caller=+ann%20&FromZip&CallSid=CA1", signed_with("12345", text)), token));
    EXPECT_FALSE(
        genuine(post(url, "ToCity=&Caller=ann&FromZip&CallSid=CA1", signed_with("12345", text)), token));
    EXPECT_TRUE(genuine(post(url, "b=2&B=1&a=3", signed_with("12345", url + "B1a3b2")), token))
        << "byte order";
}

TEST(CallSignature, AnyOfSeveralTokensFits) {
    const std::vector<std::string> both{"new", "12345"};
    EXPECT_TRUE(genuine(sample(), both));
    EXPECT_TRUE(genuine(sample(), std::vector<std::string>{"12345", "new"}));
    EXPECT_FALSE(genuine(sample(), std::vector<std::string>{"new", "newer"}));
    EXPECT_FALSE(genuine(sample(), {}));
}

TEST(CallSignature, AnEmptyTokenSignsNothing) {
    CallbackRequest request = sample();
    request.signature = signed_with("", request.url +
                                            "CallSidCA1234567890ABCDECaller+14158675309Digits1234"
                                            "From+14158675309To+18005551212");
    EXPECT_FALSE(genuine(request, std::vector<std::string>{"", "12345"}));
}

TEST(CallSignature, TheHeaderMustBeThereAndWhole) {
    for (const char* signature : {"", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "rSOYDt4T1cUTdK1PDd93/VVr8B8=", "=",
                                  "RSOYDt4T1cUTdK1PDd93/VVr8B8= "}) {
        CallbackRequest request = sample();
        request.signature = signature;
        EXPECT_FALSE(genuine(request, token)) << signature;
    }
}

// Behind a proxy the Host header names somebody else; what counts is the URL that the provider was given.
TEST(CallSignature, AnotherHostThanThePublicOneDoesNotFit) {
    CallbackRequest request = sample();
    request.url = std::string("https://inside.example.net") + path;
    EXPECT_FALSE(genuine(request, token));
}

TEST(CallSignature, AFormThatCannotBeReadIsNotGenuine) {
    const std::string url = "https://mail.example.com/call/17/status";
    EXPECT_FALSE(genuine(post(url, "a=%4", signed_with("12345", url + "a%4")), token));
    const std::string long_value(100'001, 'x');
    EXPECT_FALSE(genuine(post(url, "a=" + long_value, signed_with("12345", url + "a" + long_value)), token));
    for (const char* odd : {"", "://", "https://", "https://:", "x", "https://[", "https://a:b:c/"})
        EXPECT_FALSE(genuine(post(odd, "a=1", "AAAA"), token)) << odd;
}

}  // namespace
}  // namespace mailrota::providers
