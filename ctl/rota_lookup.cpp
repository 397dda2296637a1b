#include "ctl/rota_lookup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/mail/address.h"

namespace mailrota::ctl {
namespace {

using policy::Member;

template <class Items>
std::string listed(const Items& items, std::string (*name)(const typename Items::value_type&)) {
    std::vector<std::string> names;
    std::ranges::transform(items, std::back_inserter(names), name);
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<std::vector<const policy::Rota*>> find_rotas(const policy::Policy& policy, std::string_view name) {
    if (const policy::Rota* rota = policy.rota(name)) return std::vector{rota};
    std::vector<const policy::Rota*> all;
    for (const policy::Rota& rota : policy.rotas()) all.push_back(&rota);
    if (name.empty()) return all;
    return invalid(fmt::format("there is no rota \"{}\"; there are: {}", name,
                               listed(policy.rotas(), [](const policy::Rota& rota) { return rota.name; })));
}

tl::expected<RotaView, Exit> open_rota_view(const std::string& config_file, std::string_view name,
                                            Console& console) {
    auto view = open_view(config_file, console);
    if (!view) return tl::unexpected(view.error());
    auto rotas = find_rotas(*view->loaded.policy, name);
    if (!rotas) return tl::unexpected(fail(console, Exit::no, rotas.error().text));
    return RotaView{*std::move(view), *std::move(rotas)};
}

Result<const Member*> find_member(const policy::Rota& rota, std::string_view name) {
    const std::string wanted = mail::Address::from_envelope(name).key();
    std::vector<const Member*> by_local_part;
    for (const Member& member : rota.members) {
        if (member.id == wanted) return &member;
        if (member.id.substr(0, member.id.find('@')) == wanted) by_local_part.push_back(&member);
    }
    if (by_local_part.size() == 1) return by_local_part.front();
    return invalid(fmt::format("rota {} has no member \"{}\"; its members: {}", rota.name, name,
                               listed(rota.members, [](const Member& member) { return member.id; })));
}

}  // namespace mailrota::ctl
