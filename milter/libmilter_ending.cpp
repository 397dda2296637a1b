#include "milter/libmilter_ending.h"

#include <array>
#include <cstddef>
#include <utility>

#include "milter/reply_text.h"

namespace mailrota::milter {

namespace {

constexpr std::size_t most_lines = 32;

// libmilter's functions take char* and only read.
char* text(const std::string& value) { return const_cast<char*>(value.c_str()); }

// The lines as variable arguments, the rest null pointers.
template <std::size_t... I>
int set_lines(SMFICTX* context, const ReplyText& reply, std::index_sequence<I...>) {
    std::array<char*, most_lines> lines{};
    for (std::size_t i = 0; i < reply.lines.size() && i < most_lines; ++i) lines[i] = text(reply.lines[i]);
    return smfi_setmlreply(context, reply.code.c_str(), reply.enhanced.c_str(), lines[I]...,
                           static_cast<char*>(nullptr));
}

struct Send {
    SMFICTX* context;

    int operator()(const AddRecipient& edit) const {
        if (edit.parameters.empty()) return smfi_addrcpt(context, text(edit.address));
        return smfi_addrcpt_par(context, text(edit.address), text(edit.parameters));
    }
    int operator()(const AddHeader& edit) const {
        return smfi_addheader(context, text(edit.name), text(edit.value));
    }
    int operator()(const DeleteHeader& edit) const {
        return smfi_chgheader(context, text(edit.name), edit.index, nullptr);
    }
    int operator()(const Quarantine& edit) const { return smfi_quarantine(context, text(edit.reason)); }
    int operator()(const DeleteRecipient& edit) const { return smfi_delrcpt(context, text(edit.raw)); }
};

struct Describe {
    std::string operator()(const AddRecipient& edit) const { return "add recipient " + edit.address; }
    std::string operator()(const AddHeader& edit) const { return "add header " + edit.name; }
    std::string operator()(const DeleteHeader& edit) const { return "delete header " + edit.name; }
    std::string operator()(const Quarantine&) const { return "quarantine"; }
    std::string operator()(const DeleteRecipient& edit) const { return "delete recipient " + edit.raw; }
};

}  // namespace

sfsistat answer_with(SMFICTX* context, const policy::Reply& reply) {
    const auto form = reply_text(reply);
    // If libmilter does not take the text, the MTA says its own; the class is right in any case.
    if (form.lines.size() == 1)
        smfi_setreply(context, text(form.code), text(form.enhanced), text(form.lines.front()));
    else
        set_lines(context, form, std::make_index_sequence<most_lines>());
    return form.code.front() == '5' ? SMFIS_REJECT : SMFIS_TEMPFAIL;
}

std::string send_edits(SMFICTX* context, const std::vector<Edit>& edits) {
    for (const auto& edit : edits)
        if (std::visit(Send{context}, edit) != MI_SUCCESS) return std::visit(Describe{}, edit);
    return {};
}

}  // namespace mailrota::milter
