#include "core/providers/resend_files.h"

#include <algorithm>
#include <array>

#include "core/policy/fold.h"

namespace mailrota::providers {
namespace {

struct Known {
    std::string_view extension;
    std::string_view type;
};

// Extensions that stand for one type, the more common ones; several lines for several types of one.
constexpr std::array<Known, 34> known{{
    {"pdf", "application/pdf"},
    {"zip", "application/zip"},
    {"zip", "application/x-zip-compressed"},
    {"gz", "application/gzip"},
    {"gz", "application/x-gzip"},
    {"json", "application/json"},
    {"xml", "application/xml"},
    {"xml", "text/xml"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"rtf", "application/rtf"},
    {"rtf", "text/rtf"},
    {"txt", "text/plain"},
    {"csv", "text/csv"},
    {"csv", "application/csv"},
    {"html", "text/html"},
    {"htm", "text/html"},
    {"ics", "text/calendar"},
    {"ics", "application/ics"},
    {"eml", "message/rfc822"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"svg", "image/svg+xml"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"p7m", "application/pkcs7-mime"},
}};

}  // namespace

bool fits_name(const mail::Parts::File& file) {
    const std::size_t dot = file.name.rfind('.');
    const std::string extension = dot == std::string::npos ? "" : policy::folded(file.name.substr(dot + 1));
    const bool told = std::ranges::find(known, extension, &Known::extension) != known.end() ||
                      std::ranges::find(known, file.type, &Known::type) != known.end();
    return !told || std::ranges::any_of(known, [&](const Known& each) {
        return each.extension == extension && each.type == file.type;
    });
}

}  // namespace mailrota::providers
