#pragma once

#include <memory>

#include "core/providers/webhook.h"

// The webhooks of each kind of provider. Each source names what its provider signs and how its words become
// the normal form.
namespace mailrota::providers {

std::unique_ptr<Webhook> sendgrid_hook();
std::unique_ptr<Webhook> mailgun_hook();
std::unique_ptr<Webhook> mandrill_hook();
std::unique_ptr<Webhook> ses_hook();
std::unique_ptr<Webhook> postmark_hook();
std::unique_ptr<Webhook> sparkpost_hook();
std::unique_ptr<Webhook> resend_hook();

}  // namespace mailrota::providers
