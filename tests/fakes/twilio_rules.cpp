#include "tests/fakes/twilio_check.h"

namespace mailrota::fakes {

namespace {

using Kind = FormRule::Kind;

FormRule text(std::string name, long least = 0, long most = 1'000'000, int code = 20422) {
    return {std::move(name), Kind::text, code, least, most, {}};
}
FormRule url(std::string name, int code) { return {std::move(name), Kind::url, code, 0, 0, {}}; }
FormRule callback(std::string name) { return {std::move(name), Kind::callback, 21609, 0, 0, {}}; }
FormRule method(std::string name) { return {std::move(name), Kind::method, 21209, 0, 0, {}}; }
FormRule number(std::string name, long least, long most, int code = 20422) {
    return {std::move(name), Kind::number, code, least, most, {}};
}
FormRule boolean(std::string name) { return {std::move(name), Kind::boolean, 20422, 0, 0, {}}; }
FormRule word(std::string name, std::vector<std::string> words) {
    return {std::move(name), Kind::word, 20422, 0, 0, std::move(words)};
}
FormRule words(std::string name, std::vector<std::string> allowed) {
    return {std::move(name), Kind::words, 20422, 0, 0, std::move(allowed)};
}

}  // namespace

const std::vector<FormRule>& call_rules() {
    static const std::vector<FormRule> rules = {
        text("To"),
        text("From"),
        url("Url", 21205),
        method("Method"),
        url("FallbackUrl", 21205),
        method("FallbackMethod"),
        text("Twiml", 1, 4000, 32018),
        text("ApplicationSid", 34, 34, 21218),
        callback("StatusCallback"),
        method("StatusCallbackMethod"),
        words("StatusCallbackEvent", {"initiated", "ringing", "answered", "completed"}),
        number("Timeout", 1, 600, 21208),
        number("TimeLimit", 1, 86'400),
        text("SendDigits", 1, 32, 21206),
        word("MachineDetection", {"Enable", "DetectMessageEnd"}),
        number("MachineDetectionTimeout", 1, 120),
        number("MachineDetectionSpeechThreshold", 1000, 6000),
        number("MachineDetectionSpeechEndThreshold", 500, 5000),
        number("MachineDetectionSilenceTimeout", 2000, 10'000),
        word("AsyncAmd", {"true", "false"}),
        callback("AsyncAmdStatusCallback"),
        word("AsyncAmdStatusCallbackMethod", {"POST"}),
        text("SipAuthUsername"),
        text("SipAuthPassword"),
        text("Byoc", 34, 34),
        text("CallReason", 0, 50),
        text("CallerId"),
        text("CallToken"),
        url("ClientNotificationUrl", 21205),
        boolean("Record"),
        word("RecordingChannels", {"mono", "dual"}),
        word("RecordingTrack", {"inbound", "outbound", "both"}),
        callback("RecordingStatusCallback"),
        method("RecordingStatusCallbackMethod"),
        words("RecordingStatusCallbackEvent", {"in-progress", "completed", "absent"}),
        word("Trim", {"trim-silence", "do-not-trim"})};
    return rules;
}

const std::vector<FormRule>& call_change_rules() {
    static const std::vector<FormRule> rules = {url("Url", 21205),
                                                method("Method"),
                                                text("Twiml", 1, 4000, 32018),
                                                word("Status", {"canceled", "completed"}),
                                                url("FallbackUrl", 21205),
                                                method("FallbackMethod"),
                                                callback("StatusCallback"),
                                                method("StatusCallbackMethod"),
                                                number("TimeLimit", 1, 86'400)};
    return rules;
}

const std::vector<FormRule>& message_rules() {
    static const std::vector<FormRule> rules = {text("To"),
                                                text("From"),
                                                text("MessagingServiceSid", 34, 34),
                                                text("Body", 0, 1600, 21617),
                                                words("MediaUrl", {}),
                                                text("ContentSid", 34, 34),
                                                text("ContentVariables"),
                                                callback("StatusCallback"),
                                                text("ApplicationSid", 34, 34, 21218),
                                                text("MaxPrice"),
                                                boolean("ProvideFeedback"),
                                                number("Attempt", 1, 100),
                                                number("ValidityPeriod", 1, 36'000),
                                                boolean("ForceDelivery"),
                                                word("ContentRetention", {"retain", "discard"}),
                                                word("AddressRetention", {"retain", "obfuscate"}),
                                                boolean("SmartEncoded"),
                                                words("PersistentAction", {}),
                                                word("TrafficType", {"free"}),
                                                boolean("ShortenUrls"),
                                                word("ScheduleType", {"fixed"}),
                                                text("SendAt"),
                                                boolean("SendAsMms"),
                                                word("RiskCheck", {"enable", "disable"}),
                                                text("FallbackFrom")};
    return rules;
}

const std::vector<FormRule>& message_change_rules() {
    static const std::vector<FormRule> rules = {text("Body", 0, 0), word("Status", {"canceled"})};
    return rules;
}

}  // namespace mailrota::fakes
