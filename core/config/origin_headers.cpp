#include "core/config/box_settings.h"

namespace mailrota::config {

const std::vector<std::string>& origin_headers() {
    // In groups: the way that the mail took; who handed it in, and from where; the program and its folder;
    // what scanners on the way say of themselves; whom it was for; ours.
    static const std::vector<std::string> names = {"Received",
                                                   "X-Received",
                                                   "Return-Path",
                                                   "Received-SPF",
                                                   "Authentication-Results",
                                                   "ARC-*",
                                                   "X-Originating-*",
                                                   "X-Original-IP",
                                                   "X-Forwarded-*",
                                                   "X-Sender-IP",
                                                   "X-Sender-Host",
                                                   "X-Client-IP",
                                                   "X-Real-IP",
                                                   "X-Remote-*",
                                                   "X-Authenticated-*",
                                                   "X-Authentication-Warning",
                                                   "X-AntiAbuse",
                                                   "X-PHP-Originating-Script",
                                                   "X-PHP-Script",
                                                   "X-PHP-Filename",
                                                   "X-Source*",
                                                   "X-Get-Message-Sender-Via",
                                                   "X-Virus-Scanned",
                                                   "X-Spam-Checker-Version",
                                                   "X-Scanned-By",
                                                   "X-Greylist",
                                                   "Delivered-To",
                                                   "X-Original-To",
                                                   "X-Envelope-*",
                                                   "Bcc",
                                                   "Resent-Bcc",
                                                   "X-Mailrota-Trace"};
    return names;
}

}  // namespace mailrota::config
