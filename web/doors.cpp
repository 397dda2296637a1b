#include "web/doors.h"

#include "core/policy/overloaded.h"
#include "core/runtime/secrets.h"

namespace mailrota::web {

namespace {

constexpr std::size_t longest_shown_name = 64;

Result<std::string> read(const config::BoxSettings& box, const config::SecretSource& source) {
    auto secret = runtime::read_secret(source);
    if (!secret)
        return tl::unexpected(Error{secret.error().kind, "box." + box.name + ": " + secret.error().text});
    return secret;
}

Result<Door> open_door(const config::BoxSettings& box) {
    Door door{box, {}, {}};
    for (const auto& source : box.tokens) {
        auto token = read(box, source);
        if (!token) return tl::unexpected(token.error());
        door.tokens.push_back(*std::move(token));
    }
    for (const auto& user : box.users) {
        auto password = read(box, user.password);
        if (!password) return tl::unexpected(password.error());
        door.users.emplace(user.name, *std::move(password));
    }
    return door;
}

// A door like the others, which nothing opens.
const Door& wall() {
    static const Door door{{}, {std::string(32, '\0')}, {}};
    return door;
}

// Every token is compared, whether or not one before it was right.
Doors::Visit try_token(const Door& door, const std::string& token) {
    Doors::Visit visit;
    for (std::size_t i = 0; i < door.tokens.size(); ++i)
        if (runtime::same_secret(door.tokens[i], token)) {
            visit.answer = Doors::Answer::entered;
            visit.user = "token " + std::to_string(i + 1);
        }
    return visit;
}

Doors::Visit try_user(const Door& door, const BasicCredentials& basic) {
    const auto found = door.users.find(basic.user);
    const bool known = found != door.users.end();
    const bool same = runtime::same_secret(known ? found->second : wall().tokens.front(), basic.password);
    Doors::Visit visit;
    visit.user = basic.user.substr(0, longest_shown_name);
    if (known && same) visit.answer = Doors::Answer::entered;
    return visit;
}

}  // namespace

Result<std::shared_ptr<const Doors>> Doors::open(const std::vector<config::BoxSettings>& boxes) {
    auto doors = std::make_shared<Doors>();
    for (const auto& box : boxes) {
        auto door = open_door(box);
        if (!door) return tl::unexpected(door.error());
        doors->doors_.emplace(box.name, std::make_shared<const Door>(*std::move(door)));
    }
    return doors;
}

Doors::Visit Doors::knock(std::string_view box, const Credentials& credentials, const Client& client) const {
    const auto found = doors_.find(box);
    const bool there = found != doors_.end();
    const Door& door = there ? *found->second : wall();
    auto visit = std::visit(
        policy::Overloaded{[](const NoCredentials&) { return Visit(); },
                           [&](const BearerToken& bearer) { return try_token(door, bearer.token); },
                           [&](const BasicCredentials& basic) { return try_user(door, basic); }},
        credentials);
    if (!there) visit.answer = Answer::wrong_credentials;
    if (visit.answer != Answer::entered) return visit;
    visit.door = found->second;
    if (!door.settings.allow.empty() && !client.in(door.settings.allow)) visit.answer = Answer::wrong_address;
    return visit;
}

}  // namespace mailrota::web
