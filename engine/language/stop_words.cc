// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language/stop_words.h"

#include "engine/language/word_list.h"

namespace penchant::language {
namespace {

constexpr std::string_view english =
    "a an the this that these those "
    "i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself "
    "we us our ours ourselves they them their theirs themselves one ones "
    "who whom whose which what when where why how whether "
    "and or but nor so if because as than though although while until unless since "
    "of at by for with about against between among into onto through during before after above below to from in on "
    "off over under again upon toward towards via per within without "
    "am is are was were be been being have has had having do does did doing would should could shall cannot "
    "not no yes too very just only also then once here there now ever "
    "some any all both each few more most other another such own same many much every either neither "
    "s t d ll m re ve don didn doesn isn aren wasn weren hasn haven hadn won wouldn shouldn couldn";

constexpr std::string_view german =
    "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines "
    "ich mich mir mein meine meinen meinem meiner meines du dich dir dein deine deinen deinem deiner deines "
    "er ihn ihm sie ihr ihre ihren ihrem ihrer ihres es wir uns unser unsere unseren unserem unserer unseres euch euer "
    "eure euren eurem eurer eures sich man selbst sein seine seinen seinem seiner seines "
    "dieser diese dieses diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden jedem alle alles allen allem "
    "aller welcher welche welches welchen welchem solche solcher solches solchen solchem etwas nichts viel viele vielen "
    "wer wen wem wessen was wann wo wie warum weshalb wohin woher womit wozu "
    "und oder aber denn sondern doch dass weil wenn als ob obwohl damit sowie sowohl weder noch "
    "in im ins an am ans auf aus bei beim bis durch fur fuer gegen mit nach ohne um uber ueber unter von vom vor "
    "zu zum zur zwischen hinter neben seit wahrend waehrend wegen trotz ab per pro "
    "bin bist ist sind seid war warst waren wart gewesen habe hast hat haben habt hatte hatten gehabt werde wirst wird "
    "werden werdet wurde wurden worden kann kannst konnen koennen konnte konnten muss mussen muessen musste "
    "soll sollen sollte sollten will wollen wollte darf durfen duerfen mag mochte moechte "
    "nicht auch nur schon so sehr da dort hier dann jetzt immer mehr wieder einmal also nun zwar";

constexpr std::string_view french =
    "le la les l un une des du de d au aux ce cet cette ces c "
    "je j me m moi mon ma mes tu te t toi ton ta tes il elle on se s soi son sa ses nous notre nos vous votre vos ils "
    "elles leur leurs lui eux y en mien mienne tien tienne sien sienne "
    "qui que qu quoi dont ou quel quelle quels quelles lequel laquelle lesquels lesquelles comment quand pourquoi combien "
    "et mais donc or ni car si comme puisque lorsque afin ainsi "
    "a dans par pour sur avec sans sous entre vers chez depuis pendant avant apres contre malgre selon jusque jusqu des "
    "ne n pas plus tres aussi bien encore deja toujours jamais rien tout tous toute toutes meme memes autre autres "
    "chaque plusieurs quelque quelques aucun aucune tel telle tels telles ici la "
    "suis es est sommes etes sont etais etait etions etiez etaient serai sera seront serait seraient ete etant etre soit "
    "soient fut ai as avons avez ont avais avait avions aviez avaient aura auront aurait auraient eu ayant avoir ait "
    "peut peuvent pouvoir doit doivent fait faire cela ceci ca celui celle ceux celles";

constexpr std::string_view spanish =
    "el la los las lo un una unos unas al del este esta estos estas ese esa esos esas aquel aquella aquellos aquellas "
    "esto eso aquello "
    "yo me mi mis mio mia tu te ti tus tuyo tuya el ella ello le les se si su sus suyo suya nosotros nosotras nos nuestro "
    "nuestra nuestros nuestras vosotros vosotras os vuestro vuestra ellos ellas usted ustedes conmigo contigo consigo uno "
    "que quien quienes cual cuales cuyo cuya cuando donde como cuanto cuanta cuantos cuantas porque "
    "y e o u ni pero sino aunque mientras pues "
    "a ante bajo con contra de desde durante en entre hacia hasta mediante para por segun sin sobre tras "
    "no tambien tampoco muy mas menos ya asi aqui alli ahora siempre nunca todo toda todos todas otro otra otros otras "
    "mismo misma mismos mismas algo nada alguno alguna algunos algunas ningun ninguno ninguna cada mucho mucha muchos "
    "muchas poco poca pocos pocas tanto tan "
    "soy eres es somos sois son era eras eran fue fueron sido ser sea sean estoy estas estamos estan estaba estaban estado "
    "estar he has ha hemos han habia habian haber hay tengo tiene tienen tener puede pueden";

constexpr std::string_view italian =
    "il lo la i gli le l un uno una del dello della dei degli delle dell al allo alla ai agli alle all dal dallo dalla dai "
    "dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull col coi "
    "questo questa questi queste quello quella quelli quelle quel quei quegli cio "
    "io me mi mio mia miei mie tu te ti tuo tua tuoi tue lui lei egli ella esso essa se si suo sua suoi sue noi ci ce "
    "nostro nostra nostri nostre voi vi ve vostro vostra vostri vostre loro essi esse ne "
    "che chi cui quale quali quanto quanta quanti quante quando dove come perche "
    "e ed o od ma pero anche se ne mentre quindi dunque oppure "
    "di d a ad da in con su per tra fra senza sotto sopra dopo prima verso contro durante "
    "non piu molto molta molti molte poco poca pochi poche tutto tutta tutti tutte altro altra altri altre ogni qualche "
    "alcuni alcune nessuno nessuna stesso stessa cosi gia ancora sempre mai qui qua "
    "sono sei e siamo siete era erano ero fu furono stato stata stati state essere sia siano sara saranno sarebbe ho hai "
    "ha abbiamo avete hanno aveva avevano avere abbia puo possono deve devono";

constexpr std::string_view dutch =
    "de het een der den des t dit dat deze die "
    "ik mij me mijn jij je jou jouw u uw hij hem zijn zij ze haar wij we ons onze jullie hun hen zich zelf men er "
    "wie wat welke welk wanneer waar hoe waarom waarmee "
    "en of maar want dus noch omdat als dan toen terwijl hoewel zodat indien "
    "in op aan bij met van voor door over onder uit naar tot tegen tussen om na per te ter ten zonder sinds tijdens "
    "vanaf langs binnen buiten boven achter "
    "niet geen ook nog al wel zo zeer heel meer veel weinig alle alles iets niets elk elke ieder iedere enkele andere "
    "ander hier daar nu reeds steeds "
    "ben bent is was waren geweest wezen heb hebt heeft hebben had hadden gehad word wordt worden werd werden geworden "
    "kan kunnen kon konden moet moeten moest zal zullen zou zouden wil willen mag mogen";

constexpr std::string_view portuguese =
    "o a os as um uma uns umas ao aos do da dos das no na nos nas num numa dum duma pelo pela pelos pelas "
    "este esta estes estas esse essa esses essas aquele aquela aqueles aquelas isto isso aquilo deste desta desse dessa "
    "neste nesta nesse nessa daquele daquela "
    "eu me mim meu minha meus minhas tu te ti teu tua teus tuas ele ela se si seu sua seus suas nos nosso nossa nossos "
    "nossas vos vosso vossa eles elas voce voces lhe lhes comigo contigo consigo "
    "que quem qual quais cujo cuja quando onde como quanto quanta quantos quantas porque "
    "e ou mas nem porem pois embora enquanto "
    "ante apos ate com contra de desde em entre para perante por sem sob sobre durante "
    "nao tambem muito muita muitos muitas pouco pouca poucos poucas mais menos ja assim aqui ali la agora sempre nunca "
    "todo toda todos todas tudo outro outra outros outras mesmo mesma mesmos mesmas algum alguma alguns algumas nenhum "
    "nenhuma cada tao tanto so "
    "sou es e somos sao era eram foi foram sido ser seja sejam estou esta estamos estao estava estavam estar tenho tem "
    "temos tinha tinham ter tido ha haver havia pode podem deve devem";

constexpr std::string_view swedish =
    "en ett den det de denna detta dessa "
    "jag mig min mitt mina du dig din ditt dina han honom hans hon henne hennes vi oss var vart vara ni er ert era dem "
    "deras sig sin sitt sina man dess "
    "vem vad vilken vilket vilka vars nar hur varfor dar hit dit "
    "och eller men utan for att om eftersom medan innan som an sa ty fast "
    "i pa av med till fran vid under over mellan genom mot hos bland efter fore utom ur at per "
    "inte ej icke ocksa bara redan mycket manga mer mest alla allt all nagon nagot nagra ingen inget inga varje annan "
    "annat andra sadan sadant sadana sjalv samma nu har da dar har "
    "ar vara varit var blir bli blev blivit har ha hade haft kan kunna kunde ska skall skulle maste vill ville far fick bor";

constexpr std::string_view danish =
    "en et den det de denne dette disse "
    "jeg mig min mit mine du dig din dit dine han ham hans hun hende hendes vi os vores i jer jeres dem deres sig sin sit "
    "sine man selv "
    "hvem hvad hvilken hvilket hvilke hvis nar hvornar hvor hvordan hvorfor der som "
    "og eller men for at om fordi mens inden hvis da end sa "
    "i pa af med til fra ved under over mellem gennem mod hos blandt efter for uden ud op ned per "
    "ikke ogsa kun allerede meget mange mere mest alle alt al nogen noget nogle ingen intet hver anden andet andre sadan "
    "samme nu her der jo "
    "er vaere vaeret var bliver blive blev blevet har have havde haft kan kunne skal skulle ma matte vil ville bor burde";

constexpr std::string_view norwegian =
    "en ei et den det de denne dette disse "
    "jeg meg min mitt mine mi du deg din ditt dine han ham hans hun henne hennes vi oss var vart vare dere deres dem seg "
    "sin sitt sine man selv eg ikkje "
    "hvem hva hvilken hvilket hvilke nar hvor hvordan hvorfor som "
    "og eller men for at om fordi mens hvis da enn sa siden "
    "i pa av med til fra ved under over mellom gjennom mot hos blant etter uten ut opp ned per "
    "ikke ogsa bare allerede mye mange mer mest alle alt all noen noe ingen intet hver hvert annen annet andre slik slikt "
    "slike samme na her der jo "
    "er vaere vaert var blir bli ble blitt har ha hadde hatt kan kunne skal skulle ma matte vil ville bor burde";

constexpr std::string_view finnish =
    "mina minun minua minut minulla minulle sina sinun sinua sinut sinulla sinulle han hanen hanta hanet hanella hanelle "
    "me meidan meita meille te teidan teita teille he heidan heita heille "
    "se sen sita siina siita siihen silla sille ne niiden niita niissa niille "
    "tama taman tata tassa tasta tahan talla talle nama naiden naita naissa tuo tuon tuota nuo noiden noita "
    "joka jonka jota jossa josta johon jolla jolle jotka joiden joita joissa kuka kenen ketka mika minka mita missa mista "
    "mihin milla mitka milloin kuinka miksi miten "
    "ja tai vai seka mutta vaan seka etta jos kun koska kuin niin ettei vaikka eli siis kuten "
    "ei en et emme ette eivat ala alkaa "
    "olen olet on olemme olette ovat oli olin olit olimme olivat ollut olleet olla ole olisi olisivat "
    "voi voivat voida pitaa "
    "kanssa ilman mukaan ennen jalkeen kautta valilla paalla alla yli ali vain myos jo viela nyt taalla siella tassa "
    "kaikki kaikkien kaikkia joku jokin jotain muu muut muita sama itse hyvin";

template <const auto& Text>
constexpr std::span<const std::string_view> list() {
    return sorted_words<Text>;
}

}  // namespace

std::span<const std::string_view> stop_words(std::string_view code) {
    if (code == "en") return list<english>();
    if (code == "de") return list<german>();
    if (code == "fr") return list<french>();
    if (code == "es") return list<spanish>();
    if (code == "it") return list<italian>();
    if (code == "nl") return list<dutch>();
    if (code == "pt") return list<portuguese>();
    if (code == "sv") return list<swedish>();
    if (code == "da") return list<danish>();
    if (code == "nb") return list<norwegian>();
    if (code == "fi") return list<finnish>();
    return {};
}

}  // namespace penchant::language
