// How libcurl is told what a transfer is: the other half of http_transfer.cpp.

#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "core/runtime/http_transfer.h"

namespace mailrota::runtime {

namespace {

using providers::HttpRequest;

// Each request in flight holds both; libcurl's own defaults are 16 and 64 KB.
constexpr long receive_buffer = 8192;
constexpr long send_buffer = 16'384;
// Servers close what is idle, often after a minute; to find that out by a mail costs its certainty.
constexpr long longest_idle_seconds = 30;

// Of the URL, without user and path: what may be shown.
std::string host_of(const std::string& url) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> parts(curl_url(), curl_url_cleanup);
    char* host = nullptr;
    if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return "the server";
    const std::unique_ptr<char, void (*)(void*)> kept(host, curl_free);
    return kept.get();
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

}  // namespace

HttpTransfer::HttpTransfer(HttpRequest request, HttpTerms terms, const std::string& user_agent, Moved moved)
    : request_(std::move(request)),
      terms_(std::move(terms)),
      moved_(std::move(moved)),
      host_(host_of(request_.url)),
      easy_(curl_easy_init()) {
    refuse_line_breaks();
    if (!easy_) problem_ = "out of memory";
    if (!problem_.empty()) return;
    set_limits(user_agent);
    set_security();
    set_callbacks();
    set_body();
    set_headers();
    set_authorization();
}

void HttpTransfer::refuse_line_breaks() {
    if (has_line_break(request_.url) || has_line_break(request_.method))
        problem_ = "the URL or method holds a line break";
    for (const auto& [name, value] : request_.headers) {
        if (name.empty() || has_line_break(name) || has_line_break(value) ||
            name.find_first_of(":; ") != std::string::npos)
            problem_ = "a header field holds a line break, or has no sound name";
    }
}

void HttpTransfer::set_limits(const std::string& user_agent) {
    curl_easy_setopt(handle(), CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(handle(), CURLOPT_USERAGENT, user_agent.c_str());
    curl_easy_setopt(handle(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(terms_.connect.count()));
    curl_easy_setopt(handle(), CURLOPT_TIMEOUT_MS, static_cast<long>(terms_.whole.count()));
    curl_easy_setopt(handle(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle(), CURLOPT_BUFFERSIZE, receive_buffer);
    curl_easy_setopt(handle(), CURLOPT_UPLOAD_BUFFERSIZE, send_buffer);
    curl_easy_setopt(handle(), CURLOPT_MAXAGE_CONN, longest_idle_seconds);
    // The lookup of a name cannot be stopped; the loop must not wait for its thread.
    curl_easy_setopt(handle(), CURLOPT_QUICK_EXIT, 1L);
}

void HttpTransfer::set_security() {
    const bool tls = request_.url.starts_with("https:");
    curl_easy_setopt(handle(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle(), CURLOPT_FOLLOWLOCATION, 0L);
    // Many streams of one connection, which is waited for; without TLS nobody can say that they are there.
    curl_easy_setopt(handle(), CURLOPT_HTTP_VERSION, tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle(), CURLOPT_PIPEWAIT, tls ? 1L : 0L);
    curl_easy_setopt(handle(), CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle(), CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle(), CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    // The folder of the system's certificates would be trusted beside the file, and keeps libcurl from
    // reading the file once only.
    curl_easy_setopt(handle(), CURLOPT_CAPATH, nullptr);
    if (!terms_.ca_file.empty()) curl_easy_setopt(handle(), CURLOPT_CAINFO, terms_.ca_file.c_str());
    // Empty, they also keep what the environment says away.
    curl_easy_setopt(handle(), CURLOPT_PROXY, terms_.proxy.c_str());
    curl_easy_setopt(handle(), CURLOPT_NOPROXY, "");
    curl_easy_setopt(handle(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(handle(), CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
}

void HttpTransfer::set_callbacks() {
    curl_easy_setopt(handle(), CURLOPT_ERRORBUFFER, curl_words_);
    curl_easy_setopt(handle(), CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(handle(), CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle(), CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(handle(), CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle(), CURLOPT_PREREQFUNCTION, &on_connected);
    curl_easy_setopt(handle(), CURLOPT_PREREQDATA, this);
    curl_easy_setopt(handle(), CURLOPT_VERBOSE, 1L);  // else on_debug is not called
    curl_easy_setopt(handle(), CURLOPT_DEBUGFUNCTION, &on_debug);
    curl_easy_setopt(handle(), CURLOPT_DEBUGDATA, this);
}

void HttpTransfer::set_headers() {
    bool typed = false;
    const auto add = [this](const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
        if (!longer) throw std::bad_alloc();
        static_cast<void>(headers_.release());
        headers_.reset(longer);
    };
    for (const auto& [name, value] : request_.headers) {
        typed |= curl_strequal(name.c_str(), "Content-Type") != 0;
        add(value.empty() ? name + ";" : name + ": " + value);
    }
    // libcurl would sign an empty field and then not send it.
    if (std::holds_alternative<HttpRequest::SigV4>(request_.authorization)) {
        curl_easy_setopt(handle(), CURLOPT_HTTPHEADER, headers_.get());
        curl_easy_setopt(handle(), CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
        return;
    }
    add("Expect:");
    // libcurl would call any other body a form.
    if (!typed && !std::holds_alternative<std::vector<HttpRequest::FormPart>>(request_.body))
        add("Content-Type:");
    curl_easy_setopt(handle(), CURLOPT_HTTPHEADER, headers_.get());
}

void HttpTransfer::set_authorization() {
    if (const auto* basic = std::get_if<HttpRequest::Basic>(&request_.authorization)) {
        curl_easy_setopt(handle(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(handle(), CURLOPT_USERNAME, basic->user.c_str());
        curl_easy_setopt(handle(), CURLOPT_PASSWORD, basic->password.c_str());
    }
    if (const auto* signature = std::get_if<HttpRequest::SigV4>(&request_.authorization)) {
        const std::string scope = "aws:amz:" + signature->region + ":" + signature->service;
        curl_easy_setopt(handle(), CURLOPT_AWS_SIGV4, scope.c_str());
        curl_easy_setopt(handle(), CURLOPT_USERNAME, signature->access_key.c_str());
        curl_easy_setopt(handle(), CURLOPT_PASSWORD, signature->secret_key.c_str());
    }
}

void HttpTransfer::set_body() {
    const auto* text = std::get_if<std::string>(&request_.body);
    const auto* form = std::get_if<std::vector<HttpRequest::FormPart>>(&request_.body);
    if (request_.method == "HEAD") {
        curl_easy_setopt(handle(), CURLOPT_NOBODY, 1L);
        return;
    }
    if (form) {
        set_form(*form);
    } else if (text || request_.method == "POST" || request_.method == "PUT") {
        const std::string_view bytes = text ? std::string_view(*text) : std::string_view("", 0);
        curl_easy_setopt(handle(), CURLOPT_POST, 1L);
        curl_easy_setopt(handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
        curl_easy_setopt(handle(), CURLOPT_POSTFIELDS, bytes.data());
    }
    curl_easy_setopt(handle(), CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void HttpTransfer::set_form(const std::vector<HttpRequest::FormPart>& parts) {
    mime_.reset(curl_mime_init(handle()));
    pieces_.reserve(parts.size());  // libcurl keeps their addresses
    for (const HttpRequest::FormPart& part : parts) {
        Piece& piece = pieces_.emplace_back(Piece{part.value});
        curl_mimepart* made = curl_mime_addpart(mime_.get());
        curl_mime_name(made, part.name.c_str());
        if (!part.file_name.empty()) curl_mime_filename(made, part.file_name.c_str());
        if (!part.type.empty()) curl_mime_type(made, part.type.c_str());
        curl_mime_data_cb(made, static_cast<curl_off_t>(part.value.size()), &read_piece, &seek_piece, nullptr,
                          &piece);
    }
    curl_easy_setopt(handle(), CURLOPT_MIMEPOST, mime_.get());
}

}  // namespace mailrota::runtime
