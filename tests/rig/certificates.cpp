#include "tests/rig/certificates.h"

#include <vector>

#include "tests/rig/process.h"

namespace mailrota::rig {

namespace {

std::vector<std::string> request(const std::filesystem::path& key, const std::string& subject) {
    return {"openssl", "req",     "-newkey", "ec",    "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes",  "-keyout", key,       "-subj", subject};
}

}  // namespace

Certificates::Certificates(const std::string& names) {
    const auto authority_key = folder_ / "ca.key";
    auto make_authority = request(authority_key, "/CN=Authority of a test");
    make_authority.insert(make_authority.end(), {"-x509", "-days", "2", "-out", authority()});
    run_or_throw(make_authority);
    auto ask = request(key(), "/CN=Server of a test");
    ask.insert(ask.end(), {"-out", folder_ / "server.csr"});
    run_or_throw(ask);
    write_file(folder_ / "extensions", "subjectAltName=" + names + "\n");
    run_or_throw({"openssl", "x509", "-req", "-in", folder_ / "server.csr", "-CA", authority(), "-CAkey",
                  authority_key, "-CAcreateserial", "-days", "2", "-extfile", folder_ / "extensions", "-out",
                  certificate()});
}

}  // namespace mailrota::rig
