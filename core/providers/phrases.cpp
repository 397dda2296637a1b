#include <algorithm>
#include <array>

#include "core/policy/fold.h"
#include "core/providers/twiml.h"

namespace mailrota::providers {
namespace {

constexpr std::array languages{
    Phrases{
        .language = "en-US",
        .greeting = "This is mailrota with an alert.",
        .menu = "Press 1 to acknowledge, 2 to call the next person, 3 to resolve the alert, 9 to hear it "
                "again.",
        .no_input = "No key was pressed. The alert stays open. Goodbye.",
        .acknowledged = "Acknowledged. Nobody else will be called. Goodbye.",
        .passed_on = "The next person will be called. Goodbye.",
        .resolved = "Resolved. The alert is over. Goodbye.",
        .unknown_key = "That key has no meaning here.",
        .over = "This alert is over. Goodbye.",
        .already = "{} has taken this on already. Nobody else will be called. Goodbye.",
        .sms_reply = "Reply {} to acknowledge.",
    },
    Phrases{
        .language = "de-DE",
        .greeting = "Hier ist mailrota mit einem Alarm.",
        .menu = "Drücken Sie die 1, um zu übernehmen, die 2, um die nächste Person anzurufen, die 3, um den "
                "Alarm zu beenden, die 9, um ihn noch einmal zu hören.",
        .no_input = "Es wurde keine Taste gedrückt. Der Alarm bleibt offen. Auf Wiederhören.",
        .acknowledged = "Übernommen. Es wird niemand mehr angerufen. Auf Wiederhören.",
        .passed_on = "Die nächste Person wird angerufen. Auf Wiederhören.",
        .resolved = "Erledigt. Der Alarm ist beendet. Auf Wiederhören.",
        .unknown_key = "Diese Taste hat hier keine Bedeutung.",
        .over = "Dieser Alarm ist beendet. Auf Wiederhören.",
        .already = "Das hat schon {} übernommen. Es wird niemand mehr angerufen. Auf Wiederhören.",
        .sms_reply = "Antworten Sie mit {}, um zu übernehmen.",
    },
    Phrases{
        .language = "fr-FR",
        .greeting = "Bonjour, ici mailrota avec une alerte.",
        .menu = "Appuyez sur 1 pour prendre en charge l'alerte, sur 2 pour appeler la personne suivante, "
                "sur 3 pour clore l'alerte, sur 9 pour la réécouter.",
        .no_input = "Aucune touche n'a été pressée. L'alerte reste ouverte. Au revoir.",
        .acknowledged = "L'alerte est prise en charge. Personne d'autre ne sera appelé. Au revoir.",
        .passed_on = "La personne suivante va être appelée. Au revoir.",
        .resolved = "L'alerte est close. Au revoir.",
        .unknown_key = "Cette touche n'a pas de fonction ici.",
        .over = "Cette alerte est terminée. Au revoir.",
        .already = "L'alerte est déjà prise en charge par {}. Personne d'autre ne sera appelé. Au revoir.",
        .sms_reply = "Répondez {} pour prendre en charge l'alerte.",
    },
    Phrases{
        .language = "es-ES",
        .greeting = "Le llama mailrota con una alerta.",
        .menu = "Pulse 1 para hacerse cargo, 2 para llamar a la siguiente persona, 3 para cerrar la alerta, "
                "9 para volver a escucharla.",
        .no_input = "No se ha pulsado ninguna tecla. La alerta sigue abierta. Adiós.",
        .acknowledged = "Queda a su cargo. No se llamará a nadie más. Adiós.",
        .passed_on = "Se llamará a la siguiente persona. Adiós.",
        .resolved = "La alerta queda cerrada. Adiós.",
        .unknown_key = "Esa tecla no tiene ninguna función aquí.",
        .over = "Esta alerta ha terminado. Adiós.",
        .already = "Ya se ha hecho cargo {}. No se llamará a nadie más. Adiós.",
        .sms_reply = "Responda {} para hacerse cargo.",
    },
    Phrases{
        .language = "it-IT",
        .greeting = "Qui è mailrota con un allarme.",
        .menu = "Prema 1 per prendere in carico l'allarme, 2 per chiamare la persona successiva, 3 per "
                "chiudere l'allarme, 9 per riascoltarlo.",
        .no_input = "Non è stato premuto alcun tasto. L'allarme resta aperto. Arrivederci.",
        .acknowledged = "L'allarme è preso in carico. Non verrà chiamato nessun altro. Arrivederci.",
        .passed_on = "Verrà chiamata la persona successiva. Arrivederci.",
        .resolved = "L'allarme è chiuso. Arrivederci.",
        .unknown_key = "Questo tasto qui non ha alcuna funzione.",
        .over = "Questo allarme è terminato. Arrivederci.",
        .already =
            "L'allarme è già stato preso in carico da {}. Non verrà chiamato nessun altro. Arrivederci.",
        .sms_reply = "Risponda {} per prendere in carico l'allarme.",
    },
    Phrases{
        .language = "nl-NL",
        .greeting = "Dit is mailrota met een alarm.",
        .menu = "Toets 1 om het over te nemen, 2 om de volgende persoon te bellen, 3 om het alarm af te "
                "sluiten, 9 om het nog eens te horen.",
        .no_input = "Er is geen toets ingedrukt. Het alarm blijft open. Tot ziens.",
        .acknowledged = "Overgenomen. Er wordt niemand anders meer gebeld. Tot ziens.",
        .passed_on = "De volgende persoon wordt gebeld. Tot ziens.",
        .resolved = "Het alarm is afgesloten. Tot ziens.",
        .unknown_key = "Deze toets heeft hier geen betekenis.",
        .over = "Dit alarm is voorbij. Tot ziens.",
        .already = "Dit is al overgenomen door {}. Er wordt niemand anders meer gebeld. Tot ziens.",
        .sms_reply = "Antwoord {} om het over te nemen.",
    },
    Phrases{
        .language = "pl-PL",
        .greeting = "Tu mailrota z alarmem.",
        .menu = "Naciśnij 1, aby przyjąć alarm, 2, aby zadzwonić do następnej osoby, 3, aby zamknąć alarm, "
                "9, aby wysłuchać go ponownie.",
        .no_input = "Nie naciśnięto żadnego klawisza. Alarm pozostaje otwarty. Do widzenia.",
        .acknowledged = "Alarm przyjęty. Nie zadzwonimy już do nikogo innego. Do widzenia.",
        .passed_on = "Zadzwonimy do następnej osoby. Do widzenia.",
        .resolved = "Alarm został zamknięty. Do widzenia.",
        .unknown_key = "Ten klawisz nie ma tu żadnego znaczenia.",
        .over = "Ten alarm jest już zakończony. Do widzenia.",
        .already = "Ten alarm ma już inną osobę: {}. Nie zadzwonimy już do nikogo innego. Do widzenia.",
        .sms_reply = "Odpowiedz {}, aby przyjąć alarm.",
    },
    Phrases{
        .language = "pt-BR",
        .greeting = "Aqui é o mailrota com um alerta.",
        .menu = "Pressione 1 para assumir o alerta, 2 para ligar para a próxima pessoa, 3 para encerrar o "
                "alerta, 9 para ouvi-lo novamente.",
        .no_input = "Nenhuma tecla foi pressionada. O alerta continua aberto. Até logo.",
        .acknowledged = "Alerta assumido. Ninguém mais será chamado. Até logo.",
        .passed_on = "A próxima pessoa será chamada. Até logo.",
        .resolved = "O alerta foi encerrado. Até logo.",
        .unknown_key = "Essa tecla não tem função aqui.",
        .over = "Este alerta já terminou. Até logo.",
        .already = "{} já assumiu o alerta. Ninguém mais será chamado. Até logo.",
        .sms_reply = "Responda {} para assumir o alerta.",
    },
};

constexpr std::size_t main_size = 2;  // letters of the main language

}  // namespace

const Phrases& phrases(std::string_view language) {
    const std::string_view main = language.substr(0, language.find_first_of("-_"));
    const auto* found = std::find_if(languages.begin(), languages.end(), [main](const Phrases& each) {
        return policy::equal_folded(each.language.substr(0, main_size), main);
    });
    return found == languages.end() ? languages.front() : *found;
}

}  // namespace mailrota::providers
