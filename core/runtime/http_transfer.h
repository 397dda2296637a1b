#pragma once

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/providers/http.h"
#include "core/runtime/http_client.h"

namespace mailrota::runtime {

// One request as an easy handle of libcurl, and what has come of it so far.
//
// libcurl sends a request again by itself when a kept connection ends before the answer, although the server
// may have the first one. Here it may do so only while nothing of the body was written, or where asking twice
// does no harm (GET, HEAD); otherwise the request fails as one that may have arrived.
class HttpTransfer {
  public:
    // Called when bytes move either way, from the moment on when the connection is there.
    using Moved = std::function<void()>;

    // What cannot be asked at all (a line break in a header) is said by problem(); nothing may be done with
    // the handle then.
    HttpTransfer(providers::HttpRequest request, HttpTerms terms, const std::string& user_agent, Moved moved);
    HttpTransfer(const HttpTransfer&) = delete;

    CURL* handle() const { return easy_.get(); }
    const std::string& problem() const { return problem_; }
    const std::string& host() const { return host_; }
    const HttpTerms& terms() const { return terms_; }

    // When libcurl has ended it; once.
    providers::HttpOutcome outcome(CURLcode code);
    // When somebody else has.
    providers::HttpFailure failure(std::string_view why) const;

  private:
    struct Free {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
        void operator()(curl_mime* mime) const { curl_mime_free(mime); }
    };
    // A part of a form as libcurl reads it: without a copy.
    struct Piece {
        std::string_view bytes;
        std::size_t position = 0;
    };

    void set_limits(const std::string& user_agent);
    void set_security();
    void set_callbacks();
    void set_headers();
    void set_authorization();
    void set_body();
    void set_form(const std::vector<providers::HttpRequest::FormPart>& parts);
    void refuse_line_breaks();
    bool has_body() const;
    bool may_have_arrived() const;
    std::string words(CURLcode code) const;
    std::string of_the_system() const;

    static std::size_t on_header(char* bytes, std::size_t one, std::size_t count, void* self);
    static std::size_t on_body(char* bytes, std::size_t one, std::size_t count, void* self);
    static int on_connected(void* self, char*, char*, int, int);
    static int on_debug(CURL*, curl_infotype type, char*, std::size_t count, void* self);
    static std::size_t read_piece(char* out, std::size_t one, std::size_t count, void* piece);
    static int seek_piece(void* piece, curl_off_t offset, int origin);

    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    bool may_be_said_now();

    providers::HttpRequest request_;
    HttpTerms terms_;
    Moved moved_;
    std::string host_;  // for words
    std::string problem_;
    std::vector<Piece> pieces_;
    std::unique_ptr<curl_slist, Free> headers_;
    std::unique_ptr<CURL, Free> easy_;
    std::unique_ptr<curl_mime, Free> mime_;  // ends before its handle
    char curl_words_[CURL_ERROR_SIZE] = {};

    providers::HttpAnswer answer_;
    std::size_t header_size_ = 0;
    std::string broken_off_;  // why we ended it ourselves
    bool connected_ = false;  // with TLS, and through the proxy
    bool head_written_ = false;
    bool body_written_ = false;  // a byte of it at least
};

}  // namespace mailrota::runtime
