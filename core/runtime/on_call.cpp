#include "core/runtime/on_call.h"

#include <set>
#include <utility>

#include "core/runtime/contact_step.h"

namespace mailrota::runtime {
namespace {

Result<void> read_barred(store::Transaction& transaction, const policy::Member& member,
                         policy::OnCall& on_call) {
    for (const policy::ContactWay way : member.ways) {
        const bool by_sms = way == policy::ContactWay::sms && !member.sms.empty();
        const std::string& number = by_sms ? member.sms : member.target;
        const auto barred = transaction.barred(bar_key(way, number));
        if (!barred) return tl::unexpected(barred.error());
        if (*barred) on_call.barred.emplace(way, number);
    }
    return {};
}

}  // namespace

std::vector<std::string> rotas_of(const policy::Alert& alert) {
    std::set<std::string> names;
    for (const auto& step : alert.escalate) names.insert(step.rota);
    return {names.begin(), names.end()};
}

Result<policy::OnCall> read_on_call(store::Transaction& transaction, const policy::Policy& policy,
                                    const policy::Alert& alert) {
    policy::OnCall on_call;
    for (const std::string& name : rotas_of(alert)) {
        const policy::Rota* rota = policy.rota(name);
        if (rota == nullptr) return invalid("there is no rota \"" + name + "\"");
        auto state = transaction.rota_state(name);
        if (!state) return tl::unexpected(state.error());
        on_call.rotas[name] = {rota, *std::move(state)};
        for (const policy::Member& member : rota->members)
            if (auto read = read_barred(transaction, member, on_call); !read)
                return tl::unexpected(read.error());
    }
    return on_call;
}

}  // namespace mailrota::runtime
