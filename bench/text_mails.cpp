#include "bench/text_mails.h"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "bench/text_prose.h"

namespace mailrota::bench {

namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = kib * kib;

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 40);
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

std::string base64(std::string_view bytes) {
    std::string out(bytes.size() * 4 / 3 + bytes.size() / 30 + 16, '\0');
    int state = 0, save = 0;
    const auto* in = reinterpret_cast<const guchar*>(bytes.data());
    std::size_t size = g_base64_encode_step(in, bytes.size(), TRUE, out.data(), &state, &save);
    size += g_base64_encode_close(TRUE, out.data() + size, &state, &save);
    out.resize(size);
    return out;
}

// RFC 2045 section 6.7, of text with LF.
std::string quoted_printable(std::string_view text) {
    constexpr std::size_t longest = 73;
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\n') {
            out += '\n';
            column = 0;
            continue;
        }
        if (column >= longest) {
            out += "=\n";
            column = 0;
        }
        const bool last_blank = byte == ' ' && i + 1 < text.size() && text[i + 1] == '\n';
        const bool plain = byte >= ' ' && byte < 0x7F && byte != '=' && !last_blank;
        const std::size_t before = out.size();
        out += plain ? std::string(1, text[i]) : fmt::format("={:02X}", byte);
        column += out.size() - before;
    }
    return out;
}

constexpr std::string_view head =
    "Received: from mx.example.net (mx.example.net [192.0.2.7])\n\tby mail.example.com with ESMTPS id 4XyZ1\n"
    "\tfor <support@example.com>; Mon,  9 Mar 2026 09:41:00 +0000\n"
    "Date: Mon, 9 Mar 2026 09:40:58 +0000\nFrom: Emil Example <emil@example.net>\n"
    "To: Support <support@example.com>\nSubject: Re: Delivery of the new machines\n"
    "Message-ID: <bench.4711@example.net>\nIn-Reply-To: <bench.4710@example.com>\n"
    "References: <bench.4709@example.com> <bench.4710@example.com>\nMIME-Version: 1.0\n";

constexpr std::string_view log_head =
    "Date: Mon, 9 Mar 2026 04:00:00 +0000\nFrom: log@example.net\nTo: support@example.com\n"
    "Subject: Nightly log of web-07\nMessage-ID: <log.4711@example.net>\nAuto-Submitted: auto-generated\n"
    "MIME-Version: 1.0\n";

std::string plain_mail(Prose& prose, std::size_t text_bytes) {
    return std::string(head) +
           "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" +
           as_plain(prose.thread(text_bytes));
}

std::string alternative(const std::vector<Paragraph>& thread, const std::string& html) {
    constexpr std::string_view form =
        "--alt\nContent-Type: text/{}; charset=\"UTF-8\"\nContent-Transfer-Encoding: "
        "quoted-printable\n\n{}\n";
    return "Content-Type: multipart/alternative; boundary=alt\n\n" +
           fmt::format(fmt::runtime(form), "plain", quoted_printable(as_plain(thread))) +
           fmt::format(fmt::runtime(form), "html", quoted_printable(html)) + "--alt--\n";
}

std::string html_mail(Prose& prose, std::size_t text_bytes) {
    const auto thread = prose.thread(text_bytes);
    return std::string(head) + alternative(thread, as_html(thread));
}

// Its HTML says something that the plain text does not, so both are classified.
std::string two_texts_mail(Prose& prose, std::size_t text_bytes) {
    const auto thread = prose.thread(text_bytes);
    return std::string(head) +
           alternative(thread, "<p>You may also read this in a browser.</p>" + as_html(thread));
}

std::string mail_with_file(Prose& prose, std::size_t file_bytes) {
    const auto thread = prose.thread(2 * kib);
    return std::string(head) + "Content-Type: multipart/mixed; boundary=mix\n\n--mix\n" +
           alternative(thread, as_html(thread)) +
           "--mix\nContent-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\n"
           "Content-Disposition: attachment; filename=plan.pdf\n\n" +
           base64(prose.file(file_bytes)) + "--mix--\n";
}

std::string log_mail(Prose& prose, std::size_t text_bytes) {
    return std::string(log_head) +
           "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
           base64(prose.log(text_bytes));
}

struct Form {
    std::string_view name;
    std::size_t bytes;
    std::string (*make)(Prose&, std::size_t content);
};
constexpr std::array<Form, 7> forms = {{{"4 KB plain", 4 * kib, plain_mail},
                                        {"4 KB HTML", 4 * kib, html_mail},
                                        {"200 KB plain", 200 * kib, plain_mail},
                                        {"200 KB HTML", 200 * kib, html_mail},
                                        {"200 KB two texts", 200 * kib, two_texts_mail},
                                        {"10 MB file", 10 * mib, mail_with_file},
                                        {"10 MB text", 10 * mib, log_mail}}};

// A mail of about this size: how its content must grow is told by a first trial.
std::string sized(const Form& form) {
    constexpr std::uint32_t seed = 4711;
    const auto made = [&](std::size_t content) {
        Prose prose(seed);
        return with_crlf(form.make(prose, content));
    };
    const std::size_t first = form.bytes / 3, fixed = made(0).size();
    const std::size_t grown = made(first).size() - fixed;
    return made(first * (form.bytes - fixed) / grown);
}

}  // namespace

std::vector<std::string> text_mail_names() {
    std::vector<std::string> names;
    for (const Form& form : forms) names.emplace_back(form.name);
    return names;
}

TextMail text_mail(const std::string& name) {
    const auto form = std::ranges::find(forms, name, &Form::name);
    if (form == forms.end()) throw std::out_of_range("There is no mail \"" + name + "\"");
    return {name, sized(*form)};
}

}  // namespace mailrota::bench
