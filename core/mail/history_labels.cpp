#include <array>
#include <string>
#include <unordered_map>

#include "core/mail/folded_text.h"
#include "core/mail/history_words.h"

namespace mailrota::mail {
namespace {

// The labels of one language, each list parted by "|".
struct Language {
    std::string_view why;
    std::string_view from, date, to, copy, subject;
};

constexpr std::array<Language, 23> languages = {{
    {"header block (English)", "From", "Sent|Date|Sent on", "To", "Cc", "Subject"},
    {"header block (German)", "Von|Absender", "Gesendet|Datum|Gesendet am", "An|Empfänger",
     "Cc|Kopie|Kopie (CC)", "Betreff"},
    {"header block (French)", "De|Expéditeur", "Envoyé|Date|Le|Envoyé le|Date d'envoi",
     "À|Pour|Destinataire|A", "Cc|Copie à|Copie", "Objet|Sujet"},
    {"header block (Spanish)", "De|Remitente", "Enviado|Enviado el|Fecha|Date", "Para|A", "CC", "Asunto"},
    {"header block (Italian)", "Da|Mittente", "Inviato|Data|Date", "A|Per", "Cc", "Oggetto"},
    {"header block (Portuguese)", "De", "Enviado|Enviada em|Enviado em|Data|Date", "Para", "Cc", "Assunto"},
    {"header block (Dutch)", "Van", "Verzonden|Datum|Verstuurd", "Aan", "Cc|Kopie", "Onderwerp"},
    {"header block (Polish)", "Od|Nadawca", "Wysłano|Data|Wysłane", "Do|Adresat", "DW|Kopia|Cc", "Temat"},
    {"header block (Czech)", "Od", "Odesláno|Datum", "Komu", "Kopie|Cc", "Předmět"},
    {"header block (Slovak)", "Od", "Odoslané|Dátum", "Komu|Pre", "Kópia|Cc", "Predmet"},
    {"header block (Hungarian)", "Feladó", "Elküldve|Dátum", "Címzett", "Másolat|Másolatot kap|Cc", "Tárgy"},
    {"header block (Croatian)", "Šalje|Od", "Datum|Poslano", "Prima|Za", "Cc", "Predmet|Naslov"},
    {"header block (Romanian)", "De la|Expeditorul", "Trimis|Dată|Data", "Către|Destinatarul", "Cc",
     "Subiect|Subiectul"},
    {"header block (Russian)", "От|Отправитель|От кого", "Отправлено|Дата", "Кому", "Копия|Cc", "Тема"},
    {"header block (Ukrainian)", "Від|Від кого", "Відправлено|Дата|Надіслано", "Кому", "Копія|Cc", "Тема"},
    {"header block (Turkish)", "Kimden|Gönderen", "Gönderilen|Tarih|Gönderildi", "Kime", "Bilgi|CC", "Konu"},
    {"header block (Danish or Norwegian)", "Fra", "Sendt|Dato", "Til", "Kopi|Cc", "Emne"},
    {"header block (Swedish)", "Från", "Skickat|Datum", "Till", "Kopia|Cc", "Ämne"},
    {"header block (Finnish)", "Lähettäjä", "Lähetetty|Päivämäärä|Päiväys", "Vastaanottaja", "Kopio|Cc",
     "Aihe"},
    {"header block (Japanese)", "差出人|送信元|From", "送信日時|日付|日時|送信日", "宛先|送信先|To", "CC",
     "件名"},
    {"header block (Korean)", "보낸 사람|보낸사람", "보낸 날짜|날짜|보낸날짜", "받는 사람|받는사람", "참조",
     "제목"},
    {"header block (Chinese)", "发件人", "发送时间|日期|发送日期|时间", "收件人", "抄送", "主题"},
    {"header block (Traditional Chinese)", "寄件者|寄件人", "寄件日期|日期|傳送時間", "收件者|收件人", "副本",
     "主旨|主題"},
}};

// Labels that stand among the others and are no evidence.
constexpr std::string_view others =
    "Reply-To|Bcc|Importance|Sensitivity|Attachments|Attachment|Organization|Message-ID|Resent-From|Sender|"
    "Antwort an|Wichtigkeit|Anlagen|Anhang|Priorität|Répondre à|Importance|Pièces jointes|Responder a|"
    "Importancia|Datos adjuntos|Rispondi a|Priorità|Allegati|Importância|Anexos|Urgentie|Bijlagen|Ważność|"
    "Załączniki|Blindkopie|Důležitost|Přílohy|Важность|Вложения|Vigtighed|Vedhæftede filer|Prioritet|Bilagor";

using Labels = std::unordered_map<std::string, Label>;

void add(Labels& labels, std::string_view list, Label::Role role, std::uint32_t language) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find('|'), list.size());
        Label& label = labels.try_emplace(fold_text(list.substr(0, end)), Label{role, 0}).first->second;
        if (label.role == role) label.languages |= language;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

Labels make_labels() {
    Labels labels;
    std::uint32_t bit = 1;
    for (const Language& language : languages) {
        add(labels, language.from, Label::Role::from, bit);
        add(labels, language.date, Label::Role::date, bit);
        add(labels, language.to, Label::Role::to, bit);
        add(labels, language.copy, Label::Role::copy, bit);
        add(labels, language.subject, Label::Role::subject, bit);
        bit <<= 1;
    }
    add(labels, others, Label::Role::other, 0);
    return labels;
}

}  // namespace

std::optional<Label> find_label(std::string_view folded) {
    static const Labels labels = make_labels();
    const auto found = labels.find(std::string(folded));
    if (found == labels.end()) return std::nullopt;
    return found->second;
}

std::string_view header_block_why(unsigned language) { return languages.at(language).why; }

unsigned languages_known() { return languages.size(); }

}  // namespace mailrota::mail
