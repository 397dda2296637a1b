#include "tests/e2e/examples/provider_scene.h"

#include "tests/e2e/examples/example.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

std::string for_fakes(std::string config, const FakeProviders& fakes, const fs::path& secrets) {
    fs::create_directories(secrets);
    const std::string by_proxy =
        "proxy = \"" + fakes.proxy() + "\"\nca_file = \"" + fakes.ca_file().string() + "\"\n";
    for (const std::string kind : {"sendgrid", "mailgun", "mandrill", "sparkpost", "resend"}) {
        const auto section = config.find("[provider." + kind + "]");
        if (section == std::string::npos) continue;
        config.insert(config.find('\n', section) + 1, by_proxy);
        write_secret(secrets / kind, fakes.secret(kind));
        write_secret(secrets / (kind + "-webhook"), kind == "sendgrid" ? fakes.secret(kind, "public_key")
                                                                       : fakes.secret(kind, "webhook_key"));
    }
    return replaced(config, "/etc/mailrota/secrets", secrets.string());
}

void make_socket_folder(const fs::path& spool) {
    fs::create_directory(spool / "mailrota");
    give_to(spool / "mailrota", "root", "postfix");
    fs::permissions(spool / "mailrota", static_cast<fs::perms>(02750));
}

void write_secret(const fs::path& file, const std::string& secret) {
    write_file(file, secret + "\n");
    fs::permissions(file, static_cast<fs::perms>(0600));
}

}  // namespace mailrota::rig
