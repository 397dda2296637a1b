#include <array>
#include <string>
#include <unordered_map>

#include "core/mail/folded_text.h"
#include "core/mail/history_words.h"

namespace mailrota::mail {
namespace {

// Answers and forwards of Outlook and others, which use the same line for both.
constexpr std::string_view originals =
    "Original Message|Original-Nachricht|Original Mail|Original Email|Original Appointment|Reply "
    "Message|Ursprüngliche "
    "Nachricht|"
    "Originalnachricht|Ursprüngliche E-Mail|Antwort Nachricht|Message d'origine|Message original|"
    "Mensaje original|Messaggio originale|Mensagem original|Oorspronkelijk bericht|Oorspronkelijke bericht|"
    "Originele bericht|Oryginalna wiadomość|Wiadomość oryginalna|Původní zpráva|Pôvodná správa|Eredeti "
    "üzenet|"
    "Izvorna poruka|Mesaj original|Исходное сообщение|Оригинальное сообщение|Вихідне повідомлення|"
    "Оригінальне повідомлення|Özgün İleti|Orijinal Mesaj|Oprindelig meddelelse|Oprindelig besked|"
    "Opprinnelig melding|Ursprungligt meddelande|Originalmeddelande|Alkuperäinen viesti|元のメッセージ|"
    "オリジナルメッセージ|원본 메시지|원본 메일|원본메일|原始邮件|邮件原件|原始郵件|原始訊息|"
    "Original Message processed by david|Quoted text|Previous message";

// Forwards of Gmail, Thunderbird, Yahoo and others, between dashes.
constexpr std::string_view forwards =
    "Forwarded message|Forwarded messages|Forwarding messages|Forwarded mail|Forwarded by|Weitergeleitete "
    "Nachricht|Message transféré|Message "
    "transmis|"
    "Message réexpédié|Mensaje reenviado|Messaggio inoltrato|Doorgestuurd bericht|Mensagem reencaminhada|"
    "Mensagem encaminhada|Treść przekazanej wiadomości|Przekazana wiadomość|Wiadomość przesłana dalej|"
    "Přeposlaná zpráva|Preposlaná správa|Továbbított üzenet|Proslijeđena poruka|Mesaj redirecționat|"
    "Перенаправленное сообщение|Пересылаемое сообщение|Пересланное сообщение|Переслане повідомлення|"
    "Перенаправлене повідомлення|İletilen İleti|İletilmiş Mesaj|Videresendt meddelelse|Videresendt melding|"
    "Vidarebefordrat meddelande|Edelleenlähetetty viesti|Välitetty viesti|メッセージを転送|転送メッセージ|"
    "転送されたメッセージ|전달된 메시지|전달된 메일|转发邮件|转发的邮件|轉寄郵件|轉寄的郵件";

// Forwards of Apple Mail and others, ended by a colon.
constexpr std::string_view beginnings =
    "Begin forwarded message|Forwarded message|Anfang der weitergeleiteten Nachricht|"
    "Anfang der weitergeleiteten E-Mail|Début du message réexpédié|Début du message transféré|"
    "Inicio del mensaje reenviado|Inizio messaggio inoltrato|Begin doorgestuurd bericht|"
    "Início da mensagem reencaminhada|Início da mensagem encaminhada|Początek przekazywanej wiadomości|"
    "Začátek přeposílané zprávy|Začiatok preposlanej správy|Továbbított levél kezdete|"
    "Započni proslijeđenu poruku|Începe mesajul redirecționat|Начало переадресованного сообщения|"
    "Початок листа, що пересилається|İleti başlangıcı|Start på videresendt besked|Videresendt melding|"
    "Vidarebefordrat mejl|Välitetty viesti alkaa|転送されたメッセージ|전달된 메시지 "
    "시작|开始转发的邮件|以下是转发的邮件|"
    "開始轉寄郵件";

using Separators = std::unordered_map<std::string, Separator>;

void add(Separators& separators, std::string_view list, Separator separator) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find('|'), list.size());
        separators.try_emplace(fold_text(list.substr(0, end)), separator);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

Separators make_separators() {
    Separators separators;
    add(separators, originals, {false, "below -----Original Message-----"});
    add(separators, forwards, {true, "below ----- Forwarded message -----"});
    add(separators, beginnings, {true, "below \"Begin forwarded message\""});
    return separators;
}

constexpr std::string_view reply_prefixes =
    "re|aw|antw|antwort|sv|vs|odp|r|rif|res|ynt|vá|ref|отв|re|ad|rép|回复|答复|回覆|回信|返信|답장|ha|atb";
constexpr std::string_view forward_prefixes =
    "fwd|fw|wg|tr|rv|i|enc|pd|vb|vl|videresend|vidarebefordrat|ilt|i̇lt|redir|doorst|fs|trs|továbbítás|"
    "пересл|转发|轉寄|転送|전달|προωθ|tov|přep";

bool is_listed(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find('|'), list.size());
        if (list.substr(0, end) == word) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

}  // namespace

std::optional<Separator> find_separator(std::string_view folded) {
    static const Separators separators = make_separators();
    const auto found = separators.find(std::string(folded));
    if (found == separators.end()) return std::nullopt;
    return found->second;
}

SubjectPrefix find_subject_prefix(std::string_view folded) {
    if (is_listed(reply_prefixes, folded)) return SubjectPrefix::reply;
    if (is_listed(forward_prefixes, folded)) return SubjectPrefix::forward;
    return SubjectPrefix::none;
}

}  // namespace mailrota::mail
