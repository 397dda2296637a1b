#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/providers/raw_mail_encoding.h"

namespace mailrota::providers {

// Writes messages part by part so that they fit a form: fields and parts that do not fit are encoded anew,
// all else keeps its bytes. Nothing inside multipart/signed and multipart/encrypted is touched. Reads broken
// MIME as far as it goes; memory is bounded by the message, depth by 50.
class EntityWriter {
  public:
    explicit EntityWriter(RawForm form) : form_(form) {}

    // A whole message, its header with the empty line. Both outputs may be the same string.
    void message(std::string_view header, std::string_view body, std::string& header_out,
                 std::string& body_out);
    // Whether something signed or encrypted does not fit.
    bool sealed_unfit() const { return sealed_unfit_; }

  private:
    enum class Content { keep, quoted, mended_quoted, base64, mended_base64, parts, message, sealed };
    struct Header;

    void entity(std::string_view header, std::string_view body, std::string& header_out,
                std::string& body_out, std::size_t depth, bool whole_message);
    Content content_of(const Header& header, std::string_view body, std::size_t depth) const;
    void header_fields(std::string_view header, std::string_view encoding, bool add_version,
                       std::string& out) const;
    void parts(std::string_view body, std::string_view boundary, std::string& out, std::size_t depth);
    void part(std::string_view bytes, std::string& out, std::size_t depth);

    RawForm form_;
    bool sealed_unfit_ = false;
};

}  // namespace mailrota::providers
