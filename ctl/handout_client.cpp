#include "ctl/handout_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "core/wire/handout_json.h"

namespace mailrota::ctl {

namespace {

using Kind = HandoutFault::Kind;

constexpr std::size_t most_json = std::size_t{16} << 20;
constexpr std::uint64_t most_mail = std::uint64_t{256} << 20;
constexpr std::size_t longest_reason = 200;

tl::unexpected<HandoutFault> fault(Kind kind, std::string text) {
    return tl::unexpected(HandoutFault{kind, std::move(text)});
}

template <class T>
Handed<T> read(const Result<T>& value) {
    if (!value) return fault(Kind::garbled, "the server's answer is not understood: " + value.error().text);
    return *value;
}

std::string escaped(const std::string& text) {
    char* out = curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size()));
    std::string result(out == nullptr ? "" : out);
    curl_free(out);
    return result;
}

// "SHA-256=…" (RFC 3230).
std::string digest_text(const std::string& bytes) {
    std::array<unsigned char, 32> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::array<unsigned char, 45> text{};
    EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return "SHA-256=" + std::string(reinterpret_cast<const char*>(text.data()));
}

// What the server says of its fault, on one line.
std::string reason(const std::string& body) {
    const auto object = wire::parse_object(body);
    const boost::json::value* error = object ? object->if_contains("error") : nullptr;
    std::string text = error != nullptr && error->is_string() ? std::string(error->get_string()) : "";
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
    return text.empty() ? "" : " (" + text.substr(0, longest_reason) + ")";
}

}  // namespace

struct HandoutClient::Answer {
    long status = 0;
    std::string body;
    std::string digest;
};

// One request on a curl handle. Options that belong to all requests are set anew by each: a handle that was
// reset keeps nothing but its connection.
class HandoutClient::Request {
  public:
    Request(CURL* curl, std::size_t limit) : curl_(curl), limit_(limit) {
        curl_easy_reset(curl_);
        set(CURLOPT_ERRORBUFFER, error_.data());
        set(CURLOPT_WRITEFUNCTION, &Request::on_body);
        set(CURLOPT_WRITEDATA, static_cast<void*>(this));
        set(CURLOPT_HEADERFUNCTION, &Request::on_header);
        set(CURLOPT_HEADERDATA, static_cast<void*>(this));
        set(CURLOPT_USERAGENT, "mailrota/" MAILROTA_VERSION);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    }
    ~Request() { curl_slist_free_all(fields_); }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    void use(const HandoutAccess& access) {
        const auto text = [this](CURLoption option, const std::string& value) {
            if (!value.empty()) set(option, value.c_str());
        };
        text(CURLOPT_UNIX_SOCKET_PATH, access.unix_socket);
        text(CURLOPT_CAINFO, access.ca);
        text(CURLOPT_SSLCERT, access.client_cert);
        text(CURLOPT_SSLKEY, access.client_key);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(access.connect.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(access.silence.count()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(access.whole.count()));
        if (!access.token.empty()) {
            set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
            text(CURLOPT_XOAUTH2_BEARER, access.token);
        } else if (!access.user.empty()) {
            set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
            text(CURLOPT_USERNAME, access.user);
            text(CURLOPT_PASSWORD, access.password);
        }
    }

    void post(const std::string& body) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDS, body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        fields_ = curl_slist_append(fields_, "Content-Type: application/json");
        fields_ = curl_slist_append(fields_, "Expect:");  // no waiting for 100 Continue
        set(CURLOPT_HTTPHEADER, fields_);
    }

    Handed<Answer> perform(const std::string& url) {
        set(CURLOPT_URL, url.c_str());
        const CURLcode code = curl_easy_perform(curl_);
        if (too_long_) return fault(Kind::garbled, fmt::format("the answer is longer than {} bytes", limit_));
        if (code != CURLE_OK)
            return fault(Kind::away, error_[0] != '\0' ? error_.data() : curl_easy_strerror(code));
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer_.status);
        return std::move(answer_);
    }

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(curl_, option, value);
    }

    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
        auto& request = *static_cast<Request*>(self);
        request.too_long_ = request.answer_.body.size() + size > request.limit_;
        if (request.too_long_) return 0;
        request.answer_.body.append(data, size);
        return size;
    }

    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) {
        constexpr std::string_view name = "digest:";
        const std::string_view line(data, size);
        const bool digest = line.size() > name.size() && curl_strnequal(data, name.data(), name.size()) != 0;
        if (digest) {
            std::string_view value = line.substr(name.size());
            value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
            static_cast<Request*>(self)->answer_.digest =
                value.substr(0, value.find_last_not_of(" \r\n") + 1);
        }
        return size;
    }

    CURL* curl_;
    std::size_t limit_;
    curl_slist* fields_ = nullptr;
    std::array<char, CURL_ERROR_SIZE> error_{};
    bool too_long_ = false;
    Answer answer_;
};

HandoutClient::HandoutClient(HandoutAccess access)
    : access_(std::move(access)), curl_(curl_easy_init(), curl_easy_cleanup) {}

HandoutClient::~HandoutClient() = default;

Handed<HandoutClient::Answer> HandoutClient::ask(const std::string& path, const std::string* body,
                                                 std::size_t limit) {
    if (!curl_) return fault(Kind::away, "libcurl cannot be started");
    Request request(curl_.get(), limit);
    request.use(access_);
    if (body != nullptr) request.post(*body);
    auto answer = request.perform(access_.url + path);
    if (!answer || answer->status == 200) return answer;
    const std::string text = fmt::format("the server said {}{}", answer->status, reason(answer->body));
    if (answer->status >= 500) return fault(Kind::away, text);
    const bool gone = answer->status == 404 || answer->status == 409 || answer->status == 410;
    if (gone && path != "/lease") return fault(Kind::lease_over, text);
    return fault(answer->status >= 400 ? Kind::refused : Kind::garbled, text);
}

Handed<wire::Lease> HandoutClient::lease(const wire::LeaseRequest& request) {
    const std::string body = to_json(request);
    const auto answer = ask("/lease", &body, most_json);
    if (!answer) return tl::unexpected(answer.error());
    return read(wire::read_lease(answer->body));
}

Handed<std::string> HandoutClient::message(const std::string& lease, const wire::HandedMail& mail) {
    if (mail.size > most_mail)
        return fault(Kind::garbled, fmt::format("a mail of {} bytes is more than is pulled", mail.size));
    // An error's text may be longer than a small mail.
    const std::size_t limit = std::max<std::size_t>(mail.size, 4096);
    auto answer = ask("/messages/" + escaped(mail.id) + "?lease=" + escaped(lease), nullptr, limit);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->body.size() != mail.size)
        return fault(Kind::garbled,
                     fmt::format("the mail has {} bytes instead of {}", answer->body.size(), mail.size));
    if (!answer->digest.empty() && answer->digest != digest_text(answer->body))
        return fault(Kind::garbled, "the mail's digest is wrong");
    return std::move(answer->body);
}

Handed<wire::AcknowledgementAnswer> HandoutClient::acknowledge(const wire::Acknowledgement& acknowledgement) {
    const std::string body = to_json(acknowledgement);
    const auto answer = ask("/acknowledge", &body, most_json);
    if (!answer) return tl::unexpected(answer.error());
    return read(wire::read_acknowledgement_answer(answer->body));
}

Handed<std::uint64_t> HandoutClient::ask_number(const std::string& path, const std::string& lease,
                                                const char* key) {
    const std::string body = boost::json::serialize(boost::json::object{{"lease", lease}});
    const auto answer = ask(path, &body, most_json);
    if (!answer) return tl::unexpected(answer.error());
    return read(wire::read_document<std::uint64_t>(
        answer->body, [key](wire::JsonObject& object) { return object.number(key); }));
}

Handed<std::uint64_t> HandoutClient::renew(const std::string& lease) {
    return ask_number("/renew", lease, "held");
}

Handed<std::uint64_t> HandoutClient::give_back(const std::string& lease) {
    return ask_number("/return", lease, "returned");
}

}  // namespace mailrota::ctl
