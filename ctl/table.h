#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace mailrota::ctl {

// One cell's text with its mood, shown as a colour where there are colours.
struct Cell {
    enum class Mood { plain, good, bad, faint };

    Cell(std::string what = {}, Mood how = Mood::plain) : text(std::move(what)), mood(how) {}
    Cell(const char* what, Mood how = Mood::plain) : Cell(std::string(what), how) {}

    std::string text;
    Mood mood;
};

// Rows below headings, columns aligned to the left, two blanks between them. What cells have
// of a mail harms no terminal: control characters become blanks, and marks of direction are left out.
class Table {
  public:
    explicit Table(std::vector<std::string> headings);

    // As many cells as there are headings.
    void add(std::vector<Cell> row);
    void print(std::ostream& out, bool colours, std::size_t indent = 0) const;

  private:
    std::vector<std::vector<Cell>> rows_;  // the headings first
};

}  // namespace mailrota::ctl
