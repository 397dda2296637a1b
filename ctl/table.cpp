#include "ctl/table.h"

#include <algorithm>
#include <ostream>

#include "core/policy/safe_text.h"

namespace mailrota::ctl {
namespace {

// Characters, as far as each takes one column.
std::size_t width(std::string_view text) {
    const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(text, starts));
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
    for (Cell& cell : row) cell.text = policy::without_controls(cell.text);
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
