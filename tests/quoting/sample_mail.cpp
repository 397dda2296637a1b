#include "tests/quoting/sample_mail.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace mailrota::quoting {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

// The part of `line` behind `label`, if it begins so.
bool behind(std::string_view label, std::string_view line, std::string& rest) {
    if (line.substr(0, label.size()) != label) return false;
    rest = line.substr(label.size());
    return true;
}

void add_fact(SampleMail& mail, const std::string& line) {
    std::string rest;
    if (behind("about: ", line, rest)) {
        mail.about = rest;
    } else if (line == "machine") {
        mail.machine = true;
    } else if (behind("call yes: ", line, rest)) {
        mail.calls.push_back({true, rest});
    } else if (behind("call no: ", line, rest)) {
        mail.calls.push_back({false, rest});
    } else {
        throw std::runtime_error(mail.name + ".lines: not understood: " + line);
    }
}

void add_line(SampleMail& mail, std::string_view line) {
    constexpr std::string_view letters = "NQFS.";
    if (line.empty()) return;
    const bool known = letters.find(line[0]) != letters.npos;
    if (!known || (line.size() > 1 && line[1] != ' ')) {
        throw std::runtime_error(mail.name + ".lines: no class: " + std::string(line));
    }
    std::string text = folded_blanks(line.substr(1));
    if (!text.empty()) mail.lines.push_back({line[0], std::move(text)});
}

SampleMail sample_mail(const fs::path& eml) {
    SampleMail mail;
    mail.name = eml.stem().string();
    mail.bytes = read(eml);
    std::istringstream lines(read(fs::path(eml).replace_extension(".lines")));
    std::string line;
    while (std::getline(lines, line) && !line.empty()) add_fact(mail, line);
    while (std::getline(lines, line)) add_line(mail, line);
    return mail;
}

}  // namespace

std::vector<SampleMail> sample_mails(const fs::path& folder) {
    std::vector<SampleMail> mails;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".eml") mails.push_back(sample_mail(entry.path()));
    }
    std::ranges::sort(mails, {}, &SampleMail::name);
    return mails;
}

std::string folded_blanks(std::string_view line) {
    constexpr std::array<std::string_view, 4> blanks{" ", "\t", "\u00a0", "\u202f"};
    std::string folded;
    bool pending = false;
    while (!line.empty()) {
        const auto* blank = std::ranges::find_if(blanks, [&](auto b) { return line.starts_with(b); });
        if (blank != blanks.end()) {
            pending = !folded.empty();
            line.remove_prefix(blank->size());
            continue;
        }
        if (pending) folded += ' ';
        pending = false;
        folded += line.front();
        line.remove_prefix(1);
    }
    return folded;
}

}  // namespace mailrota::quoting
