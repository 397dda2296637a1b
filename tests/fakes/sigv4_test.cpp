#include "tests/fakes/sigv4.h"

#include <gmock/gmock.h>

namespace mailrota::fakes {
namespace {

const SigV4Terms terms{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service"};
const Seconds signing_time{std::chrono::seconds(1440938160)};  // 20150830T123600Z

/// "get-vanilla" of Amazon's published test suite.
Request vanilla() {
    Request request;
    request.method = "GET";
    request.target = request.path = "/";
    request.headers = {{"Host", "example.amazonaws.com"},
                       {"X-Amz-Date", "20150830T123600Z"},
                       {"Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                        "SignedHeaders=host;x-amz-date, "
                        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"}};
    return request;
}

std::string fault_of(const Request& request, Seconds now = signing_time) {
    const auto fault = check_sigv4(request, terms, now);
    return fault ? fault->name : "";
}

TEST(SigV4, ThePublishedSignatureIsRight) { EXPECT_EQ(fault_of(vanilla()), ""); }

TEST(SigV4, AnyChangeOrStaleDateIsRefused) {
    auto altered = vanilla();
    altered.body = "x";
    EXPECT_EQ(fault_of(altered), "InvalidSignatureException");
    altered = vanilla();
    altered.target = "/other";
    EXPECT_EQ(fault_of(altered), "InvalidSignatureException");
    EXPECT_EQ(fault_of(vanilla(), signing_time + std::chrono::minutes(6)), "InvalidSignatureException");
    altered = vanilla();
    altered.headers.pop_back();
    EXPECT_EQ(fault_of(altered), "MissingAuthenticationTokenException");
    auto other = terms;
    other.access_key = "AKIDOTHER";
    EXPECT_EQ(check_sigv4(vanilla(), other, signing_time)->name, "UnrecognizedClientException");
}

}  // namespace
}  // namespace mailrota::fakes
