// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language/inflection.h"

#include "engine/language/word_list.h"

namespace penchant::language {
namespace {

// English -----------------------------------------------------------------------------------------------------------------

constexpr Paradigm english_plurals[] = {
    {"^sxzhy", "- s", 2},  {"", "ch ches chs", 2}, {"", "sh shes", 2}, {"", "th ths", 2},    {"", "gh ghs", 2},
    {"", "ph phs", 2},     {"sxz", "- es", 3},     {"", "z zzes", 3},  {"aeou", "y ys", 2},  {"^aeou", "y ies", 2},
    {"^aeiou", "o oes", 3}, {"", "f ves", 3},      {"", "fe ves", 2},  {"^e", "is es", 4},   {"", "us i", 4},
    {"di", "um a", 3},     {"", "ix ices", 4},     {"", "ex ices", 2}, {"", "man men", 0},   {"", "eau eaux", 3},
};
constexpr std::string_view english_irregular_plurals[] = {
    "child children", "person people persons", "foot feet", "tooth teeth", "goose geese", "mouse mice mouses",
    "louse lice", "ox oxen", "die dice dies", "penny pennies pence", "criterion criteria", "phenomenon phenomena",
    "datum data", "index indices indexes", "appendix appendices appendixes", "axis axes", "hoof hooves hoofs",
    "scarf scarves scarfs", "dwarf dwarves dwarfs", "roof roofs", "brother brothers brethren", "bus buses busses",
    "gas gases gasses", "lens lenses", "quiz quizzes", "cactus cacti cactuses", "fungus fungi", "leaf leaves",
    "loaf loaves", "thief thieves", "radius radii", "genus genera", "corpus corpora", "stimulus stimuli",
};
constexpr std::string_view english_not_plurals_text =
    "as bas bos bus dis does dos gas has his ios is its les lens mars mas nas news os plus pos series species this thus "
    "us usb was yes christmas canvas atlas bias";
constexpr Conjugation english_verbs{
    "- s es e ed d ing y ies ied ying", "", "", false};
constexpr std::string_view english_irregular_verbs[] = {
    "be is are was were been being", "go goes went gone going", "do does did done doing", "have has had having",
    "buy buys bought buying", "bring brings brought bringing", "think thinks thought thinking",
    "make makes made making", "take takes took taken taking", "get gets got gotten getting",
    "give gives gave given giving", "come comes came coming", "see sees saw seen seeing", "eat eats ate eaten eating",
    "drink drinks drank drunk drinking", "swim swims swam swum swimming", "run runs ran running",
    "ride rides rode ridden riding", "drive drives drove driven driving", "write writes wrote written writing",
    "fly flies flew flown flying", "grow grows grew grown growing", "know knows knew known knowing",
    "throw throws threw thrown throwing", "draw draws drew drawn drawing", "break breaks broke broken breaking",
    "speak speaks spoke spoken speaking", "wear wears wore worn wearing", "choose chooses chose chosen choosing",
    "freeze freezes froze frozen freezing", "sell sells sold selling", "tell tells told telling",
    "hold holds held holding", "sleep sleeps slept sleeping", "keep keeps kept keeping", "leave leaves left leaving",
    "feel feels felt feeling", "lose loses lost losing", "build builds built building", "send sends sent sending",
    "spend spends spent spending", "sit sits sat sitting", "stand stands stood standing", "win wins won winning",
    "teach teaches taught teaching", "catch catches caught catching", "find finds found finding",
    "hide hides hid hidden hiding", "bite bites bit bitten biting", "sing sings sang sung singing",
    "fall falls fell fallen falling", "steal steals stole stolen stealing", "weave weaves wove woven weaving",
    "knit knits knitted knitting", "good better best", "bad worse worst",
};

// German: umlauts are folded away, so that most plurals are endings -----------------------------------------------------------

constexpr Paradigm german_plurals[] = {
    {"^e", "- e en", 3}, {"", "- er ern", 3},     {"e", "- n", 3},       {"lr", "- n", 4},    {"^sxz", "- s", 3},
    {"", "in innen", 3}, {"", "nis nisse nissen", 3}, {"", "um en a", 3}, {"", "us en i", 4},  {"", "a en as", 3},
    {"", "e en", 3},     {"", "- es", 4},         {"", "mann manner leute", 0}, {"^e", "- ss sse ssen", 9},
};
constexpr std::string_view german_irregular_plurals[] = {
    "bus busse bussen", "atlas atlanten atlasse", "lexikon lexika", "pizza pizzen pizzas", "konto konten kontos",
    "praktikum praktika", "thema themen themata", "globus globen", "datum daten", "firma firmen", "drama dramen",
    "kaufmann kaufleute", "album alben albums", "zentrum zentren", "stadium stadien", "material materialien",
    "prinzip prinzipien", "mineral mineralien",
};
constexpr std::string_view german_not_plurals_text = "das des dass eins hans lose neu neun uhr uhren los";
constexpr Conjugation german_verbs{
    "- e en n st est t et te test ten tet ete eten end er es em ere eren erer eres ste sten", "en n", "- e en n st est t et te test ten tet ete eten end", true};
constexpr std::string_view german_irregular_verbs[] = {
    "gehen gehe gehst geht ging gingen gegangen", "stehen steht stand standen gestanden",
    "laufen lauft lief liefen gelaufen", "fahren fahrt fuhr fuhren gefahren", "tragen tragt trug trugen getragen",
    "lesen liest las lasen gelesen", "essen isst ass assen gegessen", "trinken trinkt trank tranken getrunken",
    "geben gibt gab gaben gegeben", "nehmen nimmt nahm nahmen genommen", "sehen sieht sah sahen gesehen",
    "sprechen spricht sprach sprachen gesprochen", "schreiben schreibt schrieb schrieben geschrieben",
    "bleiben bleibt blieb blieben geblieben", "finden findet fand fanden gefunden",
    "schwimmen schwimmt schwamm geschwommen", "singen singt sang gesungen", "springen springt sprang gesprungen",
    "schneiden schneidet schnitt schnitten geschnitten", "reiten reitet ritt geritten",
    "fliegen fliegt flog geflogen", "ziehen zieht zog gezogen", "bringen bringt brachte gebracht",
    "denken denkt dachte gedacht", "brennen brennt brannte gebrannt", "backen backt buk gebacken",
    "schlafen schlaft schlief geschlafen", "halten halt hielt gehalten", "fallen fallt fiel gefallen",
    "waschen wascht wusch gewaschen", "werfen wirft warf geworfen", "helfen hilft half geholfen",
    "kaufen kauft kaufte gekauft", "gut besser beste besten", "hoch hohe hohen hoher hohes hochste",
};

// French ------------------------------------------------------------------------------------------------------------------

constexpr Paradigm french_plurals[] = {
    {"^sxz", "- s", 2},      {"", "au aux", 2}, {"", "eu eux", 2}, {"", "ou oux", 3},
    {"", "al aux als", 2},   {"", "ail aux ails", 2},
};
constexpr std::string_view french_irregular_plurals[] = {
    "oeil yeux", "monsieur messieurs", "madame mesdames", "mademoiselle mesdemoiselles", "ciel cieux ciels",
    "aieul aieux", "bonhomme bonshommes", "gentilhomme gentilshommes",
};
constexpr std::string_view french_not_plurals_text =
    "ananas bas bois bras corps cours dans dos fils fois gros jeans mois moins os pas pays plus poids repas sans souris "
    "sous sur tapis temps vers vis cas ras las";
constexpr Conjugation french_verbs{
    "- e es ent er ez ons ais ait ions iez aient ai as a âmes âtes èrent erai eras era erons erez eront erais erait "
    "eraient é ée és ées ant ir is it issons issez issent issant issait i ie ies irai ira iront re s t u ue us ues eur euse eons eait eais",
    "er", "- e es ent er ez ons eons ais ait eais eait ai as a é ée és ées ant", false};
constexpr std::string_view french_irregular_verbs[] = {
    "aller va vais vont alle allee", "boire boit boivent bu bue", "lire lit lisent lu lue", "voir voit voient vu vue",
    "prendre prend prennent pris prise", "mettre met mettent mis mise", "ecrire ecrit ecrivent ecrite",
    "ouvrir ouvre ouvert ouverte ouverts ouvertes", "courir court courent couru", "tenir tient tiennent tenu tenue",
    "venir vient viennent venu venue", "couvrir couvre couvert couverte", "cuire cuit cuite cuisent",
};

// Spanish -----------------------------------------------------------------------------------------------------------------

constexpr Paradigm spanish_plurals[] = {
    {"aeiou", "- s", 2}, {"^aeiousz", "- es", 2}, {"", "z ces", 2}, {"", "s ses", 2}, {"iu", "- es", 3},
};
constexpr std::string_view spanish_not_plurals_text =
    "antes crisis dos entonces gas gracias lejos lunes martes mas menos mes mis pais seis tres tras viernes vos";
constexpr Conjugation spanish_verbs{
    "o as a amos áis an é aste ó asteis aron aba abas ábamos aban aré arás ará aremos aréis arán aría arías aríamos arían "
    "ando ado ada ados adas ar e es emos éis en imos ís í iste ió isteis ieron ía ías íamos ían eré erá erán ería iré irá "
    "irán iría iendo ido ida idos idas er ir",
    "", "", false};
constexpr std::string_view spanish_irregular_verbs[] = {
    "hacer hago hace hacen hizo hecho hecha", "poner pongo pone ponen puso puesto puesta",
    "decir dice dicen dijo dicho", "ver veo ve ven vio visto vista", "abrir abre abren abierto abierta",
    "escribir escribe escrito escrita", "romper rompe roto rota", "volver vuelve vuelto", "dormir duerme duermen durmio",
    "jugar juega juegan jugado", "cerrar cierra cerrado", "freir frie frito frita fritos fritas",
};

// Italian -----------------------------------------------------------------------------------------------------------------

constexpr Paradigm italian_plurals[] = {
    {"", "o i", 3},    {"", "a e", 3},    {"", "e i", 3},   {"", "io i", 3},         {"", "co chi ci", 2}, {"", "ca che", 2},
    {"", "go ghi gi", 2}, {"", "ga ghe", 2}, {"", "cia ce", 2}, {"", "gia ge", 2},   {"m", "a i", 4},      {"", "ista isti iste", 2},
};
constexpr std::string_view italian_irregular_plurals[] = {
    "uomo uomini", "uovo uova", "braccio braccia", "dito dita", "ginocchio ginocchia", "labbro labbra", "osso ossa",
    "paio paia", "lenzuolo lenzuola lenzuoli", "bue buoi", "mano mani", "ala ali", "arma armi",
};
constexpr Conjugation italian_verbs{
    "o i a iamo ate ano avo avi ava avamo avate avano ai asti ò ammo aste arono erò erai erà eremo erete eranno erei "
    "erebbe ando ato ata ati are e ete ono evo evi eva evano ei esti é ettero endo uto uta uti ute ere isco isci isce "
    "iscono ivo iva ito ita iti ite ire irò irà",
    "", "", false};
constexpr std::string_view italian_irregular_verbs[] = {
    "fare fa fanno fatto fatta", "leggere legge letto letta", "scrivere scrive scritto scritta",
    "mettere mette messo messa", "prendere prende preso presa", "aprire apre aperto aperta", "bere beve bevuto bevuta",
    "vedere vede visto vista", "dire dice detto detta", "cuocere cuoce cotto cotta", "rompere rompe rotto rotta",
};

// Dutch: doubled letters are in language.cc -------------------------------------------------------------------------------

constexpr Paradigm dutch_plurals[] = {
    {"^e", "- en", 3}, {"", "- s", 3}, {"e", "- n", 3}, {"", "- eren", 3}, {"", "heid heden", 3}, {"", "um a", 3},
    {"", "f ven", 2},  {"", "s zen", 2}, {"", "us i", 4}, {"", "man mannen lui lieden", 2}, {"", "e en es", 3},
    {"", "je jes", 3},
};
constexpr std::string_view dutch_irregular_plurals[] = {
    "stad steden", "schip schepen", "lid leden", "koe koeien", "ei eieren", "kind kinderen", "been benen beenderen",
    "blad bladeren bladen", "weg wegen", "dag dagen", "glas glazen", "slot sloten", "smid smeden", "gat gaten",
    "pad paden", "bad baden", "vat vaten", "hof hoven", "spel spelen spellen", "vlo vlooien", "rad raderen",
    "bedrag bedragen", "verslag verslagen", "god goden", "oorlog oorlogen", "museum musea museums",
};
constexpr std::string_view dutch_not_plurals_text = "als eens gas ons plus reis thuis was";
constexpr Conjugation dutch_verbs{"- t en te ten d de den end ende e er ste s", "en", "- t en te ten d de den end ende", true};
constexpr std::string_view dutch_irregular_verbs[] = {
    "lopen loop loopt liep liepen gelopen", "kopen koop koopt kocht kochten gekocht",
    "lezen lees leest las lazen gelezen", "eten eet at aten gegeten", "drinken drinkt dronk gedronken",
    "rijden rijdt reed reden gereden", "schrijven schrijf schrijft schreef schreven geschreven",
    "maken maak maakt maakte maakten gemaakt", "gaan ga gaat ging gingen gegaan", "staan sta staat stond gestaan",
    "geven geef geeft gaf gaven gegeven", "nemen neem neemt nam namen genomen", "zien zie ziet zag zagen gezien",
    "spelen speel speelt speelde gespeeld", "koken kook kookt kookte gekookt", "dragen draag draagt droeg gedragen",
    "slapen slaap slaapt sliep geslapen", "bakken bak bakt bakte gebakken", "brengen brengt bracht gebracht",
    "denken denkt dacht gedacht", "zoeken zoekt zocht gezocht", "snijden snijdt sneed gesneden", "goed goede beter beste",
};

// Portuguese --------------------------------------------------------------------------------------------------------------

constexpr Paradigm portuguese_plurals[] = {
    {"aeiou", "- s", 2}, {"rz", "- es", 2},     {"", "s ses", 2},   {"", "m ns", 2},       {"", "ao oes aes aos", 1},
    {"", "al ais", 2},   {"", "el eis", 2},     {"", "ol ois", 2},  {"", "ul uis", 2},     {"", "il is eis", 3},
};
constexpr std::string_view portuguese_not_plurals_text = "apos dois gas lapis mais mas mes onibus pais pois seis simples tenis tres";
constexpr Conjugation portuguese_verbs{
    "o as a amos ais am ei aste ou aram ava avas ávamos avam arei ará arão aria ariam ando ado ada ados adas ar e es em "
    "emos i este eu imos eram ia ias iam erei erá erão eria endo ido ida idos idas er ir iu iram indo irá irão",
    "", "", false};
constexpr std::string_view portuguese_irregular_verbs[] = {
    "fazer faco faz fazem fez feito feita", "por ponho poe pos posto posta", "ver vejo ve veem viu visto vista",
    "dizer diz dizem disse dito dita", "abrir abre abrem aberto aberta", "escrever escreve escrito escrita",
    "trazer traz trouxe trazido", "ler le leem leu lido lida", "vir vem veio vindo", "dormir durmo dorme dormem dormiu",
};

// Swedish, Danish, Norwegian: the article is an ending ------------------------------------------------------------------------

constexpr Paradigm swedish_plurals[] = {
    {"", "a an or orna", 2},       {"^ae", "- en ar arna", 2},   {"", "e en ar arna", 3},     {"^ae", "- en er erna", 2},
    {"o", "- n r rna", 2},         {"ei", "- t n na", 3},        {"^ae", "- et en", 2},       {"", "are aren arna", 2},
    {"", "el eln lar larna", 3},   {"", "er ern rar rarna", 3},  {"", "er ret ren", 4},       {"", "um et er erna", 4},
    {"", "m mmen mmar mmarna mmet", 2}, {"", "n nnen nnar nnarna", 2},
};
constexpr std::string_view swedish_irregular_plurals[] = {
    "man mannen man mannen", "bok boken bocker bockerna", "fot foten fotter fotterna", "hand handen hander handerna",
    "tand tanden tander tanderna", "bror brodern broder broderna", "far fadern fader", "mor modern modrar",
    "syster systern systrar systrarna", "dotter dottern dottrar", "mus musen moss mossen", "gas gasen gass",
    "natt natten natter natterna", "stad staden stader staderna", "oga ogat ogon ogonen", "ora orat oron oronen",
    "sko skon skor skorna", "finger fingret fingrar fingrarna", "rot roten rotter", "strand stranden strander",
    "bonde bonden bonder",
};
constexpr Conjugation swedish_verbs{"- a ar er r ade at t d de dda da te tt ande ende s as t are ast aste", "", "", false};
constexpr std::string_view swedish_irregular_verbs[] = {
    "ga gar gick gatt", "sta star stod statt", "skriva skriver skrev skrivit", "dricka dricker drack druckit",
    "ata ater at atit", "springa springer sprang sprungit", "ta tar tog tagit", "se ser sag sett",
    "gora gor gjorde gjort", "salja saljer salde salt", "kopa koper kopte kopt", "bra battre bast",
    "liten litet lilla sma mindre minst", "stor stort stora storre storst", "lang langt langa langre langst",
};

constexpr Paradigm danish_plurals[] = {
    {"^e", "- en er erne", 2},       {"^e", "- en e ene", 2},          {"^e", "- et e ene", 2},    {"^e", "- et er erne", 2},
    {"", "e en er erne", 2},         {"", "e et er erne", 2},          {"", "er eren ere erne", 3}, {"", "el elen ler lerne", 3},
    {"", "el let ler lerne", 3},     {"", "t tten tte ttene ttet", 2}, {"", "p ppen pper pperne", 2}, {"", "k kken kker kkerne", 2},
    {"", "s sset sser sserne ssen", 2}, {"", "m mmet mmer mmene mmen", 2}, {"", "n nnen nner nnerne nne", 2},
    {"", "- s", 3},                  {"", "um et er erne", 4},         {"", "g ggen gge ggene gget", 2},
};
constexpr std::string_view danish_irregular_plurals[] = {
    "mand manden maend maendene", "bog bogen boger bogerne", "fod foden fodder fodderne", "hand handen haender haenderne",
    "tand tanden taender taenderne", "barn barnet born bornene", "bror broren brodre brodrene",
    "datter datteren dotre dotrene", "mor moren modre", "far faren faedre", "oje ojet ojne ojnene", "gas gasen gaes",
    "mus musen", "nat natten naetter", "sko skoen skoene", "ko koen koer koerne", "stad staden staeder",
    "finger fingeren fingre fingrene", "tra traeet traeer",
};
constexpr Conjugation danish_verbs{"- e er ede et t te s ende ne ere est este", "e", "e er ede et t te ende", false};
constexpr std::string_view danish_irregular_verbs[] = {
    "ga gar gik gaet", "sta star stod staet", "skrive skriver skrev skrevet", "drikke drikker drak drukket",
    "spise spiser spiste spist", "lobe lober lob lobet", "tage tager tog taget", "se ser sa set",
    "gore gor gjorde gjort", "saelge saelger solgte solgt", "kobe kober kobte kobt", "god godt gode bedre bedst",
    "lille sma mindre mindst", "stor stort store storre storst", "lang langt lange laengere laengst",
};

constexpr Paradigm norwegian_plurals[] = {
    {"^e", "- en er ene", 2},      {"", "e en er ene", 2},          {"", "e a er ene", 2},         {"^e", "- et ene a er", 2},
    {"", "e et er ene", 2},        {"^e", "- a er ene", 2},         {"", "er eren ere erne", 3},   {"", "el elen ler lene", 3},
    {"", "el elet ler", 3},        {"", "m mmet mmene mmer mmen", 2}, {"", "um et er ene", 4},     {"", "- s", 3},
};
constexpr std::string_view norwegian_irregular_plurals[] = {
    "mann mannen menn mennene", "bok boken boka boker bokene", "fot foten fotter fottene", "hand handen handa hender hendene",
    "tann tannen tanna tenner tennene", "barn barnet barna", "bror broren brodre brodrene", "datter datteren dotre dotrene",
    "mor moren modre", "far faren fedre", "oye oyet oyne oynene", "gas gasen gjess", "natt natten netter nettene",
    "sko skoen skoene", "ku kua kuer kuene kyr", "ski skien skia skiene", "finger fingeren fingre fingrene",
    "tre treet traer traerne",
};
constexpr Conjugation norwegian_verbs{"- e er et te t ede a de dde dd s ende ere est este", "e", "e er et te t ede ende", false};
constexpr std::string_view norwegian_irregular_verbs[] = {
    "ga gar gikk gatt", "sta star sto stod statt", "skrive skriver skrev skrevet", "drikke drikker drakk drukket",
    "spise spiser spiste spist", "lope loper lop lopt", "ta tar tok tatt", "se ser sa sett", "gjore gjor gjorde gjort",
    "selge selger solgte solgt", "kjope kjoper kjopte kjopt", "god godt gode bedre best",
    "liten lite lille sma mindre minst", "stor stort store storre storst", "lang langt lange lengre lengst",
};

// Finnish: consonants that change with the ending are in language.cc ----------------------------------------------------------

constexpr Paradigm finnish_plurals[] = {
    {"aeiou", "- n t a ta tta ssa sta lla lta lle ksi na an en in on un", 3},
    {"", "a ia oja ojen issa ista illa ilta ille ien iin ojen oissa oista oilla oihin", 3},
    {"", "i et en ia ien eja ejen eissa eista", 3},
    {"", "nen set sen sta sia sten sessa sesta selle", 3},
    {"", "s kset ksen sta ksia ksessa", 3},
    {"", "us uden udet utta uksen ukset uksia", 3},
    {"", "e een eet etta eita eissa eista", 3},
    {"", "as aat aan asta aita", 3},
    {"", "in imet imen inta imia", 3},
};
constexpr std::string_view finnish_irregular_plurals[] = {
    "mies miehet miehen miesta miehia miesten", "kasi kadet kaden katta kasia", "vesi vedet veden vetta vesia",
    "lapsi lapset lapsen lasta lapsia lasten", "vuosi vuodet vuoden vuotta vuosia", "kevat kevaat kevaan",
    "kenka kengat kengan kenkaa kenkia kenkien", "sanky sangyt sangyn sankya sankyja",
};
constexpr Conjugation finnish_verbs{"a n t mme tte vat - i in imme ivat nut neet tu taan isi minen", "a", "a n t mme tte vat i in nut neet tu isi minen", false};

constexpr auto& english_not_plurals = sorted_words<english_not_plurals_text>;
constexpr auto& german_not_plurals = sorted_words<german_not_plurals_text>;
constexpr auto& french_not_plurals = sorted_words<french_not_plurals_text>;
constexpr auto& spanish_not_plurals = sorted_words<spanish_not_plurals_text>;
constexpr auto& dutch_not_plurals = sorted_words<dutch_not_plurals_text>;
constexpr auto& portuguese_not_plurals = sorted_words<portuguese_not_plurals_text>;

struct Entry {
    std::string_view code;
    Inflection inflection;
};
const Entry entries[] = {
    {"da", {danish_plurals, danish_irregular_plurals, {}, danish_verbs, danish_irregular_verbs}},
    {"de", {german_plurals, german_irregular_plurals, german_not_plurals, german_verbs, german_irregular_verbs}},
    {"en", {english_plurals, english_irregular_plurals, english_not_plurals, english_verbs, english_irregular_verbs}},
    {"es", {spanish_plurals, {}, spanish_not_plurals, spanish_verbs, spanish_irregular_verbs}},
    {"fi", {finnish_plurals, finnish_irregular_plurals, {}, finnish_verbs, {}}},
    {"fr", {french_plurals, french_irregular_plurals, french_not_plurals, french_verbs, french_irregular_verbs}},
    {"it", {italian_plurals, italian_irregular_plurals, {}, italian_verbs, italian_irregular_verbs}},
    {"nb", {norwegian_plurals, norwegian_irregular_plurals, {}, norwegian_verbs, norwegian_irregular_verbs}},
    {"nl", {dutch_plurals, dutch_irregular_plurals, dutch_not_plurals, dutch_verbs, dutch_irregular_verbs}},
    {"pt", {portuguese_plurals, {}, portuguese_not_plurals, portuguese_verbs, portuguese_irregular_verbs}},
    {"sv", {swedish_plurals, swedish_irregular_plurals, {}, swedish_verbs, swedish_irregular_verbs}},
};

}  // namespace

const Inflection* inflection(std::string_view code) {
    for (const Entry& entry : entries) {
        if (entry.code == code) return &entry.inflection;
    }
    return nullptr;
}

}  // namespace penchant::language
