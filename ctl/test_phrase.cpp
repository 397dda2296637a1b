#include "ctl/test_phrase.h"

#include <array>
#include <utility>

#include "core/providers/twiml.h"

namespace mailrota::ctl {

std::string_view test_phrase(std::string_view language) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> all = {
        {{"en", "This is only a test. Nothing has happened, and nothing is to be done."},
         {"de", "Das ist nur eine Probe. Es ist nichts geschehen, und es ist nichts zu tun."},
         {"fr", "Ceci est seulement un essai. Rien n'est arrivé, et il n'y a rien à faire."},
         {"es", "Esto es solo una prueba. No ha pasado nada y no hay nada que hacer."},
         {"it", "Questa è solo una prova. Non è successo niente e non c'è niente da fare."},
         {"nl", "Dit is alleen een test. Er is niets gebeurd en er hoeft niets te worden gedaan."},
         {"pl", "To tylko próba. Nic się nie stało i nic nie trzeba robić."},
         {"pt", "Isto é apenas um teste. Nada aconteceu e não há nada a fazer."}}};
    const std::string_view spoken = providers::phrases(language).language;
    for (const auto& [name, phrase] : all)
        if (spoken.substr(0, 2) == name) return phrase;
    return all.front().second;
}

}  // namespace mailrota::ctl
