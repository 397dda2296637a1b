#include "tests/fakes/twilio_error.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mailrota::fakes {

namespace {

struct Row {
    int code;
    int status;
    std::string_view words;
};

constexpr std::array rows = {
    Row{10004, 429, "Call concurrency limit exceeded"},
    Row{11100, 400, "Invalid URL format"},
    Row{11200, 502, "HTTP retrieval failure"},
    Row{11205, 502, "HTTP connection failure"},
    Row{11750, 502, "TwiML response body too large"},
    Row{12100, 400, "Document parse failure"},
    Row{12200, 400, "Schema validation warning"},
    Row{12300, 400, "Invalid Content-Type"},
    Row{13310, 400, "Gather: Invalid finishOnKey value"},
    Row{13312, 400, "Gather: Invalid method value"},
    Row{13313, 400, "Gather: Invalid timeout value"},
    Row{13314, 400, "Gather: Invalid numDigits value"},
    Row{13320, 400, "Gather: Invalid nested verb"},
    Row{13510, 400, "Say: Invalid loop value"},
    Row{13511, 400, "Say: Invalid voice value"},
    Row{13520, 400, "Say: Invalid text"},
    Row{13521, 400, "Say: Text too long"},
    Row{13710, 400, "Redirect: Invalid method value"},
    Row{13910, 400, "Pause: Invalid length value"},
    Row{15003, 400, "Call progress: warning response to callback URL"},
    Row{15004, 400, "The TwiML needs absolute URLs"},
    Row{20001, 400, "Unknown parameters"},
    Row{20003, 401, "Authenticate"},
    Row{20004, 405, "Method not allowed"},
    Row{20005, 403, "Account is not active"},
    Row{20006, 403, "Access denied"},
    Row{20404, 404, "The requested resource was not found"},
    Row{20422, 400, "Invalid parameter"},
    Row{20429, 429, "Too Many Requests"},
    Row{20500, 500, "An internal server error has occurred"},
    Row{20503, 503, "Service unavailable"},
    Row{21201, 400, "No 'To' number is specified"},
    Row{21205, 400, "Url is not a valid URL"},
    Row{21206, 400, "Invalid SendDigits"},
    Row{21208, 400, "Invalid Timeout"},
    Row{21209, 400, "Invalid method"},
    Row{21210, 400, "The source phone number is not yet verified for your account"},
    Row{21211, 400, "The 'To' number is not a valid phone number"},
    Row{21212, 400, "The 'From' number is not a valid phone number"},
    Row{21213, 400, "No 'From' number is specified"},
    Row{21214, 400, "The called phone number cannot be reached"},
    Row{21215, 400, "Account not authorized to call this number: geographic permissions"},
    Row{21216, 400, "Account not allowed to call this number"},
    Row{21217, 400, "The phone number does not appear to be valid"},
    Row{21218, 400, "Invalid ApplicationSid"},
    Row{21219, 400, "The 'To' number is unverified; trial accounts may only call verified numbers"},
    Row{21220, 400, "Call is not in-progress. Cannot redirect."},
    Row{21262, 400, "Asynchronous answering machine detection without a callback URL"},
    Row{21266, 400, "'To' and 'From' number cannot be the same"},
    Row{21408, 400, "Permission to send an SMS has not been enabled for the region of the 'To' number"},
    Row{21602, 400, "Message body is required"},
    Row{21603, 400, "A 'From' phone number is required"},
    Row{21604, 400, "A 'To' phone number is required"},
    Row{21606, 400, "The 'From' phone number is not an SMS-capable number of your account"},
    Row{21608, 400, "The number is unverified; trial accounts cannot send messages to unverified numbers"},
    Row{21609, 400, "Invalid 'StatusCallback' URL"},
    Row{21610, 400, "Attempt to send to unsubscribed recipient"},
    Row{21611, 400, "The 'From' number has exceeded the maximum number of queued messages"},
    Row{21612, 400, "The 'To' phone number is not currently reachable via SMS"},
    Row{21614, 400, "'To' number is not a valid mobile number"},
    Row{21617, 400, "The concatenated message body exceeds the 1600 character limit"},
    Row{22005, 400, "The call queue is full"},
    Row{30409, 409, "Message cannot be cancelled"},
    Row{32018, 400, "The TwiML exceeds 4000 characters"},
};

const Row* find_row(int code) {
    const auto* found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.code == code; });
    return found == rows.end() ? nullptr : found;
}

}  // namespace

std::string twilio_words(int code) {
    const Row* row = find_row(code);
    return row ? std::string(row->words) : "Error " + std::to_string(code);
}

Reply twilio_error(int code, std::string words) {
    const Row* row = find_row(code);
    const int status = row ? row->status : 400;
    if (words.empty()) words = twilio_words(code);
    return json_reply(status, {{"code", code},
                               {"message", words},
                               {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code)},
                               {"status", status}});
}

}  // namespace mailrota::fakes
