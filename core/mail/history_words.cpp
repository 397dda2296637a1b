#include "core/mail/history_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/mail/folded_text.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view openers =
    "on|am|le|el|em|il|in|op|w|dnia|den|dne|på|vào|în|at|于|在|於|el|de|dňa|za|a|pe|ma|ti|ke|to|la|su";

constexpr std::string_view verbs =
    "wrote|writes|said|says|sent|schrieb|schrieben|geschrieben|schreibt|écrit|dit|escribió|escribio|escreveu|"
    "escrito|scritto|schreef|geschreven|napisał|napisała|napisał(a)|napisał/a|napisali|pisze|nadesłał|"
    "nadesłała|skrev|skrifaði|kirjoitti|napsal|napsala|napsal(a)|napísal|napísala|napísal(a)|írta|написал|"
    "написала|написал(а)|написав|написала|написав(ла)|пише|пишет|yazdı|yazmış|viết|scris|geschreven|napisao|"
    "napisala|έγραψε";

// Who is spoken to, in place of a name.
constexpr std::string_view pronouns = "you|sie|du|vous|tu|ihr|vi|ty|usted|lei|u";

// Between and beside the date, the name and the verb. Month and weekday names that are written small.
constexpr std::string_view fillers =
    "at|by|um|uhr|à|h|às|as|a|ha|alle|ore|o|om|kl|kl.|klo|godz|godz.|dniu|użytkownik|użytkowniczka|"
    "odesílatel|používateľ|пользователь|користувач|время|время:|г|г.|р|р.|в|о|у|u|v|ve|saat|tarihinde|şunu|"
    "lúc|đã|ezt|időpontban|keltezéssel|időpont|időpont:|data|giorno|del|della|dia|día|message|via|von|van|de|"
    "der|den|das|"
    "folgende|folgendes|hat|heeft|het|volgende|følgende|följande|het|nous|las|los|am|pm|a."
    "m.|"
    "p.m.|gmt|utc|cet|cest|est|edt|pst|pdt|следующее|que|klockan|ob|je|di|da|la|le|el|dal|posted|email|e-"
    "mail|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janv|févr|mars|avr|avril|mai|juin|juil|juillet|août|sept|oct|nov|déc|janvier|février|septembre|octobre|"
    "novembre|décembre|lun|lundi|mar|mardi|mer|mercredi|jeu|jeudi|ven|vendredi|sam|samedi|dim|dimanche|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes|"
    "miércoles|mié|jueves|jue|viernes|vie|sábado|sáb|domingo|dom|janeiro|fevereiro|março|maio|junho|julho|"
    "setembro|outubro|novembro|dezembro|segunda|terça|quarta|quinta|sexta|segunda-feira|terça-feira|"
    "quarta-feira|quinta-feira|sexta-feira|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|"
    "novembre|dicembre|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|gio|sab|januari|februari|"
    "maart|mei|juni|juli|augustus|oktober|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|"
    "wo|"
    "do|vr|za|zo|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|"
    "grudnia|pon|wt|śr|czw|pt|sob|niedz|januar|februar|marts|maj|august|augusti|desember|december|mandag|"
    "tirsdag|onsdag|torsdag|fredag|lørdag|søndag|måndag|tisdag|lördag|söndag|man|tir|ons|tor|tors|fre|lør|"
    "søn|"
    "mån|tis|lör|sön|tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|heinäkuuta|elokuuta|"
    "syyskuuta|lokakuuta|marraskuuta|joulukuuta|maanantai|ma|ti|ke|to|pe|la|su|ledna|února|března|dubna|"
    "května|června|července|srpna|září|října|listopadu|prosince|po|út|st|čt|pá|so|ne|ut|št|pi|jan|feb|apr|"
    "jun|"
    "jul|aug|sep|okt|dec|des|gen|mag|giu|lug|ago|set|ott|dic|ene|abr|márc|ápr|máj|jún|júl|szept|vas|kedd|"
    "szerda|hétfő|csütörtök|péntek|szombat|vasárnap|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|"
    "ekim|kasım|aralık|thg|tháng";

// Written in one word with what stands before.
constexpr std::array<std::string_view, 10> joined_verbs = {
    "写道",           "寫道",         "님이 작성",        "님이작성",     "님의 말",
    "작성하였습니다", "のメッセージ", "さんは書きました", "は書きました", "写到"};

// Beginnings of lines that devices and apps add.
constexpr std::array<std::string_view, 45> devices = {"sent from my ",
                                                      "sent from mail for ",
                                                      "sent from windows",
                                                      "sent from outlook",
                                                      "sent from yahoo",
                                                      "sent from samsung",
                                                      "sent from proton",
                                                      "sent from gmail",
                                                      "sent from the ",
                                                      "sent via ",
                                                      "sent with ",
                                                      "get outlook for ",
                                                      "von meinem ",
                                                      "von outlook f",
                                                      "gesendet von ",
                                                      "gesendet mit ",
                                                      "hol dir outlook",
                                                      "outlook für ",
                                                      "envoyé de mon ",
                                                      "envoyé depuis ",
                                                      "envoyé à partir de ",
                                                      "télécharger outlook pour",
                                                      "obtenir outlook",
                                                      "enviado desde mi",
                                                      "enviado desde outlook",
                                                      "obtener outlook",
                                                      "enviado do meu",
                                                      "enviado a partir do",
                                                      "obter o outlook",
                                                      "inviato da",
                                                      "verzonden vanaf ",
                                                      "verzonden met ",
                                                      "verstuurd vanaf mijn",
                                                      "outlook voor ",
                                                      "wysłano z ",
                                                      "wysłane z ",
                                                      "odesláno z m",
                                                      "odoslané z m",
                                                      "sendt fra min",
                                                      "hent outlook til",
                                                      "skickat från min",
                                                      "lähetetty ",
                                                      "отправлено с ",
                                                      "從我的",
                                                      "从我的"};

// Beginnings of paragraphs that companies add. Words that open alerts, too, are not among them.
constexpr std::array<std::string_view, 24> disclaimers = {"disclaimer",
                                                          "confidentiality notice",
                                                          "confidentiality note",
                                                          "this e-mail and any",
                                                          "this email and any",
                                                          "this e-mail is confidential",
                                                          "this email is confidential",
                                                          "this message is confidential",
                                                          "this message contains confidential",
                                                          "this email message is for the sole use",
                                                          "this e-mail may contain confidential",
                                                          "this email may contain confidential",
                                                          "this message and any attach",
                                                          "the information contained in this",
                                                          "the information in this e",
                                                          "caution: this email originated",
                                                          "caution: external",
                                                          "diese e-mail enthält vertrauliche",
                                                          "diese nachricht ist vertraulich",
                                                          "ce message et toutes les pièces",
                                                          "ce message est confidentiel",
                                                          "este mensaje es confidencial",
                                                          "questo messaggio",
                                                          "dit bericht is vertrouwelijk"};

using Words = std::unordered_map<std::string_view, AttributionWord>;

void add(Words& words, std::string_view list, AttributionWord as) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find('|'), list.size());
        words.try_emplace(list.substr(0, end), as);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

Words make_words() {
    Words words;
    add(words, verbs, AttributionWord::verb);
    add(words, pronouns, AttributionWord::pronoun);
    add(words, fillers, AttributionWord::filler);
    return words;
}

template <class List>
bool begins_with_one(const List& list, std::string_view text) {
    return !text.empty() && std::ranges::any_of(list, [&](std::string_view one) {
        return one.front() == text.front() && text.starts_with(one);
    });
}

}  // namespace

std::optional<AttributionWord> find_attribution_word(std::string_view folded) {
    static const Words words = make_words();
    const auto found = words.find(folded);
    if (found == words.end()) return std::nullopt;
    return found->second;
}

bool is_attribution_opener(std::string_view folded) {
    for (std::string_view list = openers; !list.empty();) {
        const std::size_t end = std::min(list.find('|'), list.size());
        if (list.substr(0, end) == folded) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool has_joined_verb(std::string_view folded) {
    return std::ranges::any_of(joined_verbs,
                               [&](std::string_view verb) { return folded.find(verb) != folded.npos; });
}

bool begins_device_line(std::string_view folded) {
    constexpr std::string_view korean = "에서 보냄";
    return begins_with_one(devices, folded) || folded.ends_with(korean);
}

bool begins_disclaimer(std::string_view folded) { return begins_with_one(disclaimers, folded); }

}  // namespace mailrota::mail
