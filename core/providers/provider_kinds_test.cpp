#include "core/config/provider_kinds.h"

#include <gtest/gtest.h>

#include "core/providers/dialect.h"

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;

// What the configuration is warned of is what the dialects do.
void expect_agreement(const config::ProviderKind& kind, const Traits& traits, bool http) {
    SCOPED_TRACE(std::string(kind.name) + (http ? " over HTTP" : " over SMTP"));
    EXPECT_EQ(traits.raw, kind.raw || !http);
    EXPECT_EQ(traits.tracking_switch, kind.tracking_switch);
    EXPECT_EQ(traits.keeps_message_id, http ? kind.id_over_http : kind.id_over_smtp);
    EXPECT_EQ(traits.keeps_envelope_sender, kind.kind == Kind::smtp);
}

TEST(ProviderKinds, SayWhatTheDialectsDo) {
    for (const std::string& name : config::provider_kind_names()) {
        const Kind kind = config::find_provider_kind(name).value();
        expect_agreement(config::provider_kind(kind), smtp_traits(kind), false);
        config::ProviderSettings settings;
        settings.kind = kind;
        settings.base_url = config::default_base_url(kind, "eu-west-1");
        const auto dialect = make_dialect(settings, {});
        EXPECT_EQ(dialect == nullptr, kind == Kind::smtp) << name;
        if (dialect) expect_agreement(config::provider_kind(kind), dialect->traits(), true);
    }
}

}  // namespace
}  // namespace mailrota::providers
