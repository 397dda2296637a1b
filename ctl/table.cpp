#include "ctl/table.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>

#include "core/policy/safe_text.h"

namespace mailrota::ctl {
namespace {

// Characters, as far as each takes one column.
std::size_t width(std::string_view text) {
    const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(text, starts));
}

// They would turn the rest of the line, too.
std::string without_marks_of_direction(std::string_view text) {
    constexpr std::array<std::string_view, 12> marks = {"\u061c", "\u200e", "\u200f", "\u202a",
                                                        "\u202b", "\u202c", "\u202d", "\u202e",
                                                        "\u2066", "\u2067", "\u2068", "\u2069"};
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const auto begins = [&](std::string_view mark) { return text.starts_with(mark); };
        const auto* const mark = std::ranges::find_if(marks, begins);
        if (mark == marks.end()) clean += text.front();
        text.remove_prefix(mark == marks.end() ? 1 : mark->size());
    }
    return clean;
}

const char* colour(Cell::Mood mood) {
    switch (mood) {
        case Cell::Mood::plain:
            return "";
        case Cell::Mood::good:
            return "\x1b[32m";
        case Cell::Mood::bad:
            return "\x1b[33m";
        case Cell::Mood::faint:
            return "\x1b[2m";
    }
    return "";
}

void print_cell(std::ostream& out, const Cell& cell, bool colours) {
    const bool coloured = colours && cell.mood != Cell::Mood::plain;
    out << (coloured ? colour(cell.mood) : "") << cell.text << (coloured ? "\x1b[0m" : "");
}

// Blanks stand before a cell, so that none end the line.
void print_row(std::ostream& out, const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
               bool colours, std::size_t indent) {
    std::size_t blanks = indent;
    for (std::size_t column = 0; column < row.size(); ++column) {
        const Cell& cell = row[column];
        if (!cell.text.empty()) {
            out << std::string(blanks, ' ');
            print_cell(out, cell, colours);
            blanks = 0;
        }
        blanks += widths[column] - width(cell.text) + 2;
    }
    out << '\n';
}

}  // namespace

Table::Table(std::vector<std::string> headings) {
    std::vector<Cell> row;
    row.reserve(headings.size());
    for (std::string& heading : headings) row.emplace_back(std::move(heading), Cell::Mood::faint);
    rows_.push_back(std::move(row));
}

void Table::add(std::vector<Cell> row) {
    for (Cell& cell : row) cell.text = without_marks_of_direction(policy::without_controls(cell.text));
    rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out, bool colours, std::size_t indent) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], width(row[column].text));
        }
    }
    for (const auto& row : rows_) print_row(out, row, widths, colours, indent);
}

}  // namespace mailrota::ctl
