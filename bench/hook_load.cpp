#include "bench/hook_load.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <future>
#include <stdexcept>

#include "bench/relay_scene.h"
#include "tests/rig/http_client.h"

namespace mailrota::bench {

namespace {

// What a provider tells most.
constexpr std::array<const char*, 4> types = {"delivered", "opened", "delivered", "bounced"};

class Sending {
  public:
    Sending(const std::string& address, const HookBatch& batch) : address_(address), batch_(batch) {}

    // Until none is left; several at once.
    void send() {
        rig::HttpClient client(address_);
        client.connection().set_timeout(std::chrono::minutes(2));
        const std::size_t count = batch_.posts.size();
        for (std::size_t i = next_++; i < 2 * count; i = next_++) send(client, batch_.posts[i % count]);
    }

  private:
    void send(rig::HttpClient& client, const rig::FakePost& post) const {
        const rig::HttpClient::Headers headers(post.headers.begin(), post.headers.end());
        const auto answer = client.request("POST", "/hook/" + batch_.provider, post.body, headers);
        if (answer.status != 200)
            throw std::runtime_error(fmt::format("{}: {} {}", batch_.provider, answer.status, answer.body));
    }

    const std::string& address_;
    const HookBatch& batch_;
    std::atomic<std::size_t> next_ = 0;
};

}  // namespace

HookBatch make_hooks(const rig::FakeProviders& fakes, const std::string& provider, int posts, int each) {
    HookBatch batch{provider, {}, posts * each};
    static int made = 0;
    for (int i = 0; i < posts; ++i) {
        rig::FakeEvents order;
        order.provider = provider;
        if (provider == "mandrill") order.signed_url = mandrill_url();
        for (int j = 0; j < each; ++j) {
            rig::FakeEvent event;
            event.type = types[static_cast<std::size_t>(j) % types.size()];
            event.our_id = fmt::format("{:032x}", ++made);
            event.recipient = fmt::format("customer{}@example.net", made);
            order.events.push_back(event);
        }
        for (auto& post : fakes.emit(order)) batch.posts.push_back(std::move(post));
    }
    return batch;
}

void load_hooks(const std::string& address, const HookBatch& batch, int connections) {
    Sending sending(address, batch);
    std::vector<std::future<void>> workers;
    for (int i = 0; i < connections; ++i)
        workers.push_back(std::async(std::launch::async, [&sending] { sending.send(); }));
    for (auto& worker : workers) worker.get();
}

double duplicates_counted(const std::string& address, const std::string& provider) {
    const std::string text = rig::HttpClient(address).get("/metrics").body;
    for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
        end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        if (line.starts_with("#") || line.find("\"duplicate\"") == std::string::npos ||
            line.find("\"" + provider + "\"") == std::string::npos)
            continue;
        return std::atof(line.c_str() + line.rfind(' '));
    }
    return 0;
}

}  // namespace mailrota::bench
