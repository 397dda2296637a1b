#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/mail/history_mark.h"
#include "core/mail/history_words.h"
#include "core/mail/line_class.h"
#include "core/mail/sighted_text.h"

namespace mailrota::mail {

// Gives each line of a text its class, from the first to the last. For one text, which must outlive it.
class LineWalk {
  public:
    // `flowed`: quote marks are known to be such (RFC 3676). `html`: the text of a document, which has no
    // empty lines between paragraphs.
    LineWalk(const SightedText& text, const TextHints& hints, bool flowed, bool html);

    // Empty if more than `budget` bytes had to be looked at.
    std::vector<ClassifiedLine> run(std::uint64_t budget);

  private:
    // Who speaks at one depth of quoting.
    struct Voice {
        LineClass of = LineClass::fresh;
        std::uint8_t level = 0;
        std::string_view why = "text";
        SubjectPrefix subject{};  // of the mail that is passed on
        bool introduced = false;  // by a mark above
        bool begun = false;       // a line of it has been seen
    };

    void step(std::size_t& line);
    void put(std::size_t line, const Voice& voice);

    void enter(std::size_t line);
    bool is_quote(std::size_t line) const;
    std::size_t run_end(std::size_t line) const;
    bool has_mark(std::size_t begin, std::size_t end) const;

    bool introduce(std::size_t& line);
    bool counts(const HistoryMark& mark) const;
    bool counts(const Attribution& attribution, std::size_t end) const;
    bool is_data(const HistoryMark& mark) const;
    Voice voice_of(const HistoryMark& mark) const;
    bool passes_on(const Voice& around) const;
    void begin_below(const HistoryMark& mark, Voice voice, std::size_t& line);
    bool put_odd_quote(std::size_t begin, const Voice& voice, std::size_t& line);

    bool sign(std::size_t line);
    bool go_on_signing(std::size_t line);
    bool begins_signature(std::size_t line) const;
    bool is_device_line(std::size_t line) const;
    void sign_off();

    void fill_blank_lines();
    void fail_open();

    // A person seems to answer.
    bool answers() const { return hints_.reply_subject || (hints_.answers && !hints_.machine); }
    Voice& voice() { return voices_.back(); }
    const Voice& voice() const { return voices_.back(); }
    // Quote marks or an element have just begun.
    bool just_entered() const { return voices_.size() > 1 && !voice().begun; }
    bool in_history() const { return voice().of != LineClass::fresh; }

    const SightedText& text_;
    TextHints hints_;
    bool flowed_, html_;
    std::vector<ClassifiedLine> lines_;
    std::vector<Voice> voices_;         // by depth
    std::optional<Voice> introduced_;   // who speaks in the deeper lines that follow
    bool proven_ = false;               // a mark has been seen: quote marks are what they seem
    std::size_t fresh_ = 0;             // fresh lines that are not blank
    std::size_t introduced_until_ = 0;  // the line behind the last mark
    std::size_t no_header_until_ = 0;   // the line behind labels that were found to be no header
    std::size_t no_quote_until_ = 0;    // the line behind the last quote marks that were found to be none
    struct Signature {
        std::size_t begin = 0;   // line
        unsigned lines = 0;      // with words
        bool paragraph = false;  // it ends at an empty line
        std::string_view why;
    };
    std::optional<Signature> signature_;  // in which the walk is
};

}  // namespace mailrota::mail
