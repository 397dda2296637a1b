#include "core/runtime/http_transfer.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace mailrota::runtime {

namespace {

using providers::HttpAnswer;
using providers::HttpFailure;
using providers::HttpOutcome;

constexpr std::size_t most_header = 65'536;
constexpr std::size_t longest_words = 300;

std::string on_one_line(std::string_view text) {
    std::string line(text.substr(0, longest_words));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c < ' ' || c == '\x7F'; }, '?');
    return line;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && std::strchr(" \t\r\n", text.front())) text.remove_prefix(1);
    while (!text.empty() && std::strchr(" \t\r\n", text.back())) text.remove_suffix(1);
    return text;
}

bool is_tls_failure(CURLcode code) {
    return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER;
}

}  // namespace

bool HttpTransfer::has_body() const {
    if (const auto* text = std::get_if<std::string>(&request_.body)) return !text->empty();
    return !pieces_.empty();
}

// A server can act on a request without a body as soon as it has the header.
bool HttpTransfer::may_have_arrived() const {
    return connected_ && (has_body() ? body_written_ : head_written_);
}

HttpFailure HttpTransfer::failure(std::string_view why) const {
    return {may_have_arrived(), on_one_line(why)};
}

HttpOutcome HttpTransfer::outcome(CURLcode code) {
    if (code != CURLE_OK) return failure(words(code));
    long status = 0;
    curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
}

std::string HttpTransfer::words(CURLcode code) const {
    if (!broken_off_.empty()) return broken_off_;
    const std::string said = curl_words_[0] != '\0' ? curl_words_ : curl_easy_strerror(code);
    if (code == CURLE_COULDNT_RESOLVE_HOST) return "could not find " + host_;
    if (code == CURLE_COULDNT_RESOLVE_PROXY) return "could not find the proxy";
    if (code == CURLE_COULDNT_CONNECT) return "could not connect to " + host_ + of_the_system();
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        return connected_ ? host_ + " does not speak HTTP" : "the URL cannot be used";
    if (is_tls_failure(code)) return "TLS with " + host_ + " failed: " + said;
    if (code != CURLE_OPERATION_TIMEDOUT) return "the call to " + host_ + " failed: " + said;
    if (!connected_) return "could not connect to " + host_ + " in time";
    return "no whole answer of " + host_ + " in time";
}

std::string HttpTransfer::of_the_system() const {
    long number = 0;
    curl_easy_getinfo(handle(), CURLINFO_OS_ERRNO, &number);
    return number == 0 ? "" : ": " + std::generic_category().message(static_cast<int>(number));
}

std::size_t HttpTransfer::on_header(char* bytes, std::size_t one, std::size_t count, void* self) {
    return static_cast<HttpTransfer*>(self)->take_header({bytes, one * count}) ? one * count : 0;
}

// An interim answer (1xx) is followed by another header, which counts.
bool HttpTransfer::take_header(std::string_view line) {
    moved_();
    header_size_ += line.size();
    if (header_size_ > most_header) {
        broken_off_ = "the answer of " + host_ + " has a header over 64 KB";
        return false;
    }
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/"))
        answer_.headers.clear();
    else if (colon != std::string_view::npos)
        answer_.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    return true;
}

std::size_t HttpTransfer::on_body(char* bytes, std::size_t one, std::size_t count, void* self) {
    return static_cast<HttpTransfer*>(self)->take_body({bytes, one * count}) ? one * count : 0;
}

bool HttpTransfer::take_body(std::string_view bytes) {
    moved_();
    if (bytes.size() > terms_.max_answer - answer_.body.size()) {
        broken_off_ =
            "the answer of " + host_ + " is larger than " + std::to_string(terms_.max_answer) + " bytes";
        return false;
    }
    answer_.body += bytes;
    return true;
}

int HttpTransfer::on_connected(void* self, char*, char*, int, int) {
    return static_cast<HttpTransfer*>(self)->may_be_said_now() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// Called before each time that libcurl sends the request.
bool HttpTransfer::may_be_said_now() {
    const bool harmless = request_.method == "GET" || request_.method == "HEAD";
    if (may_have_arrived() && !harmless) {
        broken_off_ = host_ + " closed the kept connection before an answer";
        return false;
    }
    connected_ = true;
    moved_();
    return true;
}

// Says what was handed to the kernel, which the counters of libcurl forget when it begins anew.
int HttpTransfer::on_debug(CURL*, curl_infotype type, char*, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    if (!transfer.connected_ || count == 0) return 0;
    if (type == CURLINFO_HEADER_OUT) transfer.head_written_ = true;
    if (type == CURLINFO_DATA_OUT) transfer.body_written_ = true;
    if (type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT) transfer.moved_();
    return 0;
}

std::size_t HttpTransfer::read_piece(char* out, std::size_t one, std::size_t count, void* piece) {
    auto& from = *static_cast<Piece*>(piece);
    const std::size_t taken = from.bytes.copy(out, one * count, from.position);
    from.position += taken;
    return taken;
}

int HttpTransfer::seek_piece(void* piece, curl_off_t offset, int origin) {
    auto& from = *static_cast<Piece*>(piece);
    if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > from.bytes.size())
        return CURL_SEEKFUNC_FAIL;
    from.position = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
}

}  // namespace mailrota::runtime
