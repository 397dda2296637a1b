#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::fakes {

/// A mail's header as fields, its body left as it is. Line ends may be LF or CRLF.
class HeaderBlock {
  public:
    struct Field {
        std::string name;
        std::string bytes;          ///< the whole field with its line ends
        std::string value() const;  ///< unfolded, without the blanks around it
    };

    explicit HeaderBlock(std::string_view mail);

    const std::vector<Field>& fields() const { return fields_; }
    std::string_view body() const {
        return body_;
    }  ///< with the empty line in front; lives as long as the mail
    /// Of the first field of that name, ASCII case folded.
    std::optional<std::string> value(std::string_view name) const;
    std::size_t count(std::string_view name) const;

    void remove_if(const std::function<bool(const std::string& small_name)>& unwanted);
    void remove(std::string_view name);
    /// In the place of the first field of that name, or at the end; the others of that name go.
    void set(std::string_view name, std::string_view value);

    std::string mail() const;  ///< header and body

  private:
    std::vector<Field> fields_;
    std::string_view body_;
};

/// Whether it is a bare address, "ann@example.com", with a host name of letters, digits, dashes and dots.
bool is_address(std::string_view text);
/// "Ann <ann@example.com>" → "ann@example.com"; without brackets the trimmed text itself.
std::string bare_address(std::string_view mailbox);
/// The mailboxes of an address list; commas in quotes, comments and brackets do not separate. Groups are not
/// known.
std::vector<std::string> split_mailboxes(std::string_view list);
/// What follows the last @, small letters; empty if there is none.
std::string domain_of(std::string_view address);

}  // namespace mailrota::fakes
