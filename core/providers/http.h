#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mailrota::providers {

// A request as values: what is to be asked, by whom it is signed. The runtime's HttpClient sends it.
struct HttpRequest {
    struct Basic {
        std::string user;
        std::string password;
    };
    // AWS Signature Version 4 over header and body, made by libcurl.
    struct SigV4 {
        std::string region;
        std::string service;  // "ses"
        std::string access_key;
        std::string secret_key;
    };
    // One part of multipart/form-data; with a file name it is a file.
    struct FormPart {
        std::string name;
        std::string value;
        std::string file_name;
        std::string type;
    };
    using Body = std::variant<std::monostate, std::string, std::vector<FormPart>>;

    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;  // Content-Type among them; may hold secrets
    Body body;
    std::variant<std::monostate, Basic, SigV4> authorization;
};

struct HttpAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    // The first field of that name (case-folded); empty if there is none.
    std::string_view header(std::string_view name) const;
};

// No answer came, or none that could be read.
struct HttpFailure {
    // Whether the other side may have got the whole request: from the first byte of the body on. Name,
    // connect and TLS failures are before it.
    bool may_have_arrived = false;
    std::string words;  // "could not connect to api.example.com: Connection refused"; no secrets
};
using HttpOutcome = std::variant<HttpAnswer, HttpFailure>;

}  // namespace mailrota::providers
