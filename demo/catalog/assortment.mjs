// SPDX-License-Identifier: GPL-3.0-or-later
// What the shop sells: its brands, its shelves, and the sentences that describe what stands on them. Every brand here is
// invented. A shelf is the third level of the category tree; it names the picture that its products are drawn with.

/**
 * Brands: `price` scales the shelf's price, `known` is how often the brand appears and is bought, `loves` are words of
 * category names that the brand mostly makes, `palette` the colours that it likes.
 */
export const BRANDS = [
  { name: 'Aldermoor', price: 1.0, known: 10, loves: ['Clothing', 'Backpacks'], palette: ['Forest', 'Moss', 'Sand', 'Brown'] },
  { name: 'Brindlewick', price: 0.72, known: 9, loves: ['Camping', 'Cooking'], palette: ['Red', 'Sky', 'Yellow', 'Charcoal'] },
  { name: 'Corravane', price: 1.35, known: 7, loves: ['Climbing', 'Jackets'], palette: ['Red', 'Black', 'Coral', 'Steel'] },
  { name: 'Dunmarrow', price: 0.95, known: 8, loves: ['Footwear', 'Trousers'], palette: ['Brown', 'Charcoal', 'Ochre', 'Black'] },
  { name: 'Eskavale', price: 1.2, known: 6, loves: ['Clothing', 'Base layers'], palette: ['Teal', 'Navy', 'Plum', 'Stone'] },
  { name: 'Fernholt', price: 1.05, known: 9, loves: ['Camping', 'Tents'], palette: ['Forest', 'Ochre', 'Sand', 'Moss'] },
  { name: 'Glenquarry', price: 0.8, known: 5, loves: ['Trail tools', 'Cooking'], palette: ['Steel', 'Black', 'Rust', 'Slate'] },
  { name: 'Hallowmere', price: 1.15, known: 6, loves: ['Sleeping', 'Jackets'], palette: ['Navy', 'Blue', 'Slate', 'Yellow'] },
  { name: 'Iskendal', price: 1.5, known: 5, loves: ['Climbing', 'Sleeping', 'Jackets'], palette: ['Blue', 'Red', 'Black', 'White'] },
  { name: 'Juniper & Rook', price: 1.1, known: 7, loves: ['Clothing', 'Hats', 'Mugs'], palette: ['Rust', 'Plum', 'Sand', 'Forest'] },
  { name: 'Kestvik', price: 1.1, known: 9, loves: ['Footwear', 'Trail running', 'Daypacks'], palette: ['Coral', 'Sky', 'Black', 'Yellow'] },
  { name: 'Lowenstrand', price: 1.25, known: 5, loves: ['Backpacks', 'Travel'], palette: ['Charcoal', 'Ochre', 'Slate', 'Navy'] },
  { name: 'Morvenna', price: 0.9, known: 7, loves: ['Clothing', 'Footwear'], palette: ['Plum', 'Teal', 'Coral', 'Stone'] },
  { name: 'Nordhylle', price: 1.4, known: 6, loves: ['Jackets', 'Midlayers', 'Tents'], palette: ['Navy', 'Red', 'Ochre', 'Stone'] },
  { name: 'Ostravik', price: 1.0, known: 6, loves: ['Backpacks', 'Dry bags'], palette: ['Ochre', 'Teal', 'Black', 'Red'] },
  { name: 'Pellworth', price: 0.65, known: 8, loves: ['Camping', 'Hats', 'Bottles'], palette: ['Blue', 'Red', 'Moss', 'White'] },
  { name: 'Quillfjord', price: 1.3, known: 4, loves: ['Sleeping', 'Tents'], palette: ['Sky', 'Coral', 'Charcoal', 'Teal'] },
  { name: 'Rackstane', price: 1.1, known: 5, loves: ['Climbing', 'Trousers'], palette: ['Steel', 'Rust', 'Navy', 'Yellow'] },
  { name: 'Sorrelby', price: 0.85, known: 6, loves: ['Cooking', 'Camp furniture'], palette: ['Rust', 'Sand', 'Moss', 'Steel'] },
  { name: 'Tindrake', price: 1.2, known: 5, loves: ['Stoves', 'Lighting', 'Trail tools'], palette: ['Black', 'Steel', 'Yellow', 'Rust'] },
  { name: 'Umberlow', price: 0.75, known: 5, loves: ['Trousers', 'Base layers', 'Footwear'], palette: ['Brown', 'Stone', 'Slate', 'Forest'] },
  { name: 'Varrowmoor', price: 1.0, known: 6, loves: ['Rain', 'Backpacks', 'Hiking'], palette: ['Teal', 'Moss', 'Charcoal', 'Yellow'] },
  { name: 'Wexlund', price: 0.9, known: 5, loves: ['Lighting', 'Bottles', 'Dry bags'], palette: ['White', 'Sky', 'Black', 'Coral'] },
  { name: 'Yarrowby', price: 0.8, known: 4, loves: ['Hats', 'Gloves', 'Midlayers'], palette: ['Ochre', 'Plum', 'Navy', 'Rust'] },
];

/** Words that name a model. One brand uses one word once on a shelf. */
export const MODELS = [
  'Achill', 'Alder', 'Arran', 'Ashdown', 'Barrow', 'Beacon', 'Becka', 'Birch', 'Blaven', 'Bothy', 'Bracken', 'Breck',
  'Brockhole', 'Burnet', 'Cairn', 'Calder', 'Carrick', 'Catkin', 'Cinder', 'Clover', 'Combe', 'Corrie', 'Curlew', 'Dale',
  'Dapple', 'Dipper', 'Dovetail', 'Drift', 'Drover', 'Dunlin', 'Eider', 'Elm', 'Ember', 'Esk', 'Fallow', 'Farrier',
  'Fell', 'Finch', 'Firth', 'Flint', 'Foxglove', 'Gannet', 'Garth', 'Gill', 'Glade', 'Gorse', 'Greylag', 'Hawthorn',
  'Hazel', 'Heron', 'Hollin', 'Holm', 'Inver', 'Isla', 'Jackdaw', 'Kelda', 'Kelpie', 'Kestrel', 'Kite', 'Knoll', 'Kyle',
  'Lapwing', 'Larch', 'Lichen', 'Linnet', 'Loch', 'Lomond', 'Lyra', 'Marten', 'Meadow', 'Merle', 'Merrow', 'Mistral',
  'Moor', 'Moss', 'Nettle', 'Nimbus', 'Norrland', 'Oak', 'Otter', 'Pebble', 'Petrel', 'Pika', 'Pine',
  'Plover', 'Ptarmigan', 'Quarry', 'Rannoch', 'Raven', 'Redstart', 'Ripple', 'Rowan', 'Rush', 'Sable', 'Scree', 'Sedge',
  'Shale', 'Shearwater', 'Siskin', 'Skarn', 'Skerry', 'Skylark', 'Snipe', 'Solway', 'Sorrel', 'Spindle', 'Stack',
  'Storr', 'Strath', 'Swift', 'Talus', 'Tarn', 'Teasel', 'Tern', 'Thicket', 'Thistle', 'Thrift', 'Tide', 'Tor',
  'Treeline', 'Turnstone', 'Upland', 'Vale', 'Vole', 'Wagtail', 'Watershed', 'Weir', 'Whin', 'Wildwood', 'Willow',
  'Windrow', 'Wren', 'Yarrow',
];

const LETTERS = ['XS', 'S', 'M', 'L', 'XL', 'XXL'];
const SHOES = ['36', '37', '38', '39', '40', '41', '42', '43', '44', '45', '46', '47'];
const ONE = ['One size'];

const SHELL = ['a three-layer shell with taped seams', 'a recycled face fabric with a PFC-free finish', 'a light two-and-a-half-layer laminate', 'a tightly woven nylon that shrugs off showers'];
const DOWN = ['700-fill responsibly sourced down', '850-fill down in a 10-denier shell', 'water-resistant duck down', 'recycled synthetic down that keeps its loft when damp'];
const FLEECE = ['grid-backed fleece', 'high-loft recycled fleece', 'a smooth-faced stretch fleece', 'brushed Portuguese fleece'];
const WOOL = ['superfine 18.5-micron merino', 'a merino and silk blend', 'midweight merino jersey', 'a merino blend with a little nylon for strength'];
const STRETCH = ['four-way stretch softshell', 'a cotton and polyester weave that takes wax well', 'quick-drying ripstop nylon', 'a hard-wearing double weave'];
const LEATHER = ['full-grain leather', 'nubuck with a rubber toe rand', 'suede and abrasion-proof mesh', 'waxed leather that ages well'];
const MESH = ['a seamless engineered mesh', 'ripstop mesh with welded overlays', 'a knitted upper with a rock guard', 'quick-draining woven mesh'];
const PACKCLOTH = ['210-denier ripstop with a fluorine-free finish', 'recycled 420-denier packcloth', 'a light sailcloth laminate', 'waxed canvas and webbing'];
const TENTCLOTH = ['silicone-coated ripstop nylon', 'a 30-denier polyester fly rated to 3,000 mm', 'breathable polycotton', 'recycled ripstop with taped seams'];
const STEEL = ['18/8 stainless steel', 'double-walled stainless steel', 'hard-anodised aluminium', 'titanium'];
const ALLOY = ['7075 aluminium', 'hot-forged alloy', 'anodised aluminium', 'high-tensile steel'];

/** A shelf: see the fields of the first entry. Prices in euro. */
const shelf = (path, picture, share, price, nouns, more) => ({ path: path.split(' > '), picture, share, price, nouns, ...more });

export const SHELVES = [
  shelf('Camping > Tents > Backpacking tents', 'tent-dome', 1.5, [169, 620], ['{n}-Person Tent', '{n}P Backpacking Tent', 'Trek {n} Tent'], {
    variants: { n: [1, 2, 3] }, sizes: ['{n} person'], of: TENTCLOTH,
    facts: ['two doors and two porches', 'colour-coded poles that go up in four minutes', 'a bathtub floor that keeps puddles out', 'vents high and low against condensation', 'a packed weight under two kilos', 'reflective guylines'],
    uses: ['nights high on the ridge', 'long-distance trails', 'weekends where every gram is counted', 'three seasons of wild camping'] }),
  shelf('Camping > Tents > Family tents', 'tent-tunnel', 0.9, [249, 990], ['{n}-Person Family Tent', 'Tunnel {n} Tent', 'Cabin {n} Family Tent'], {
    variants: { n: [4, 5, 6, 8] }, sizes: ['{n} person'], of: TENTCLOTH,
    facts: ['standing height from end to end', 'a darkened bedroom for late sleepers', 'a porch big enough for bikes', 'mesh doors that let the evening in', 'zipped windows with curtains', 'room dividers that hang up in seconds'],
    uses: ['summer weeks by the lake', 'first camping trips with children', 'rainy holidays that still turn out well', 'festivals with the whole crew'] }),
  shelf('Camping > Tents > Tarps & shelters', 'tarp', 0.6, [39, 240], ['Tarp {w}', 'Canopy {w}', 'Shelter {w}'], {
    variants: { w: ['3x3', '4x3', '4x4'] }, sizes: ['{w} m'], of: TENTCLOTH,
    facts: ['sixteen reinforced tie-out points', 'a ridge seam with double stitching', 'a stuff sack the size of a loaf', 'guylines and pegs included'],
    uses: ['cooking out of the rain', 'hammock nights', 'shade at the beach', 'light and simple camps'] }),
  shelf('Camping > Sleeping > Sleeping bags', 'sleeping-bag', 1.8, [69, 560], ['{t} Sleeping Bag', '{t} Mummy Sleeping Bag', '{t} Down Sleeping Bag'], {
    variants: { t: ['Summer', '3-Season', 'Winter', 'Alpine'] }, sizes: ['Regular', 'Long'], of: DOWN,
    facts: ['a shaped hood that closes without a struggle', 'a draught tube behind the zip', 'a roomy foot box', 'a zip that does not snag', 'a cotton storage sack as well as a dry bag', 'a comfort limit you can believe'],
    uses: ['frosty mornings in the hills', 'hut-to-hut tours', 'cold sleepers', 'bivouacs under a clear sky'] }),
  shelf('Camping > Sleeping > Sleeping mats', 'mat', 1.1, [35, 229], ['Air Sleeping Mat', 'Insulated Sleeping Mat', 'Self-Inflating Mat', 'Foam Mat'], {
    sizes: ['Regular', 'Wide', 'Long'], of: ['quilted air cells', 'closed-cell foam', 'a brushed top over vertical baffles', 'an insulating film inside'],
    facts: ['a surface that stays quiet when you turn over', 'a valve that inflates in twelve breaths', 'an R-value above four', 'a repair kit in the sack', 'raised edges that keep you in the middle'],
    uses: ['side sleepers', 'snow and frozen ground', 'van floors and guest rooms', 'long tours with a light pack'] }),
  shelf('Camping > Sleeping > Hammocks', 'hammock', 0.5, [29, 160], ['Hammock', 'Double Hammock', 'Travel Hammock'], {
    sizes: ['Single', 'Double'], of: ['parachute nylon', 'soft ripstop', 'organic cotton canvas'],
    facts: ['tree-friendly straps included', 'carabiners that hold 300 kilos', 'a pocket for the book you will not finish', 'a bug net that zips away'],
    uses: ['slow afternoons', 'forest camps', 'the balcony and the beach'] }),
  shelf('Camping > Camp furniture > Camp chairs', 'chair', 0.9, [39, 199], ['Camp Chair', 'Folding Chair', 'Low Camp Chair', 'Lounge Chair'], {
    sizes: ONE, of: ALLOY,
    facts: ['a seat that dries fast after rain', 'feet that do not sink into sand', 'a high back for tired shoulders', 'a cup holder where your hand is', 'a frame that stands in ten seconds'],
    uses: ['evenings around the fire', 'watching the match from the touchline', 'fishing trips', 'lay-bys with a view'] }),
  shelf('Camping > Camp furniture > Camp tables', 'table', 0.5, [45, 210], ['Camp Table', 'Roll-Top Table', 'Folding Table'], {
    sizes: ['Small', 'Large'], of: ALLOY,
    facts: ['legs that level on rough ground', 'a slatted top that rolls up', 'a heat-proof surface', 'a carry bag with a shoulder strap'],
    uses: ['breakfast for four', 'camp kitchens', 'board games on rainy days'] }),
  shelf('Camping > Lighting > Headlamps', 'headlamp', 1.0, [25, 139], ['Headlamp {l}', 'Head Torch {l}', 'Rechargeable Headlamp {l}'], {
    variants: { l: [200, 350, 500, 800] }, sizes: ONE, of: ['a sealed housing', 'a lightweight polycarbonate body', 'a brushed aluminium housing'],
    facts: ['a red light that spares your night vision', 'USB-C charging', 'a lock against switching on in the pack', 'a tilt that stays where you put it', 'a washable headband', 'a burn time of up to eighty hours'],
    uses: ['alpine starts', 'evening runs', 'reading in the tent', 'finding the hut after dark'] }),
  shelf('Camping > Lighting > Lanterns', 'lantern', 0.6, [22, 129], ['Lantern', 'Camp Lantern', 'Rechargeable Lantern'], {
    sizes: ONE, of: ['frosted glass and steel', 'a shock-proof body', 'bamboo and aluminium'],
    facts: ['a warm light that dims to a glow', 'a hook for the tent ceiling', 'a power bank for your phone', 'a candle mode that flickers gently'],
    uses: ['long suppers outside', 'power cuts at home', 'late card games'] }),

  shelf('Cooking > Stoves > Gas stoves', 'stove-gas', 1.0, [29, 190], ['Gas Stove', 'Micro Stove', 'Canister Stove', 'Regulated Gas Stove'], {
    sizes: ONE, of: ALLOY,
    facts: ['a litre boiled in three and a half minutes', 'pot supports that fold flat', 'a flame that goes down to a real simmer', 'a piezo lighter that works in the wet', 'a wind shield built into the burner'],
    uses: ['coffee at sunrise', 'fast and light trips', 'two-person suppers', 'windy cols'] }),
  shelf('Cooking > Stoves > Stove systems', 'stove-system', 0.6, [79, 260], ['Stove System', 'Cooking System {v} L', 'All-in-One Stove'], {
    variants: { v: ['0.8', '1.0', '1.5'] }, sizes: ['{v} L'], of: ALLOY,
    facts: ['a heat exchanger that saves a third of the gas', 'a cosy that keeps soup hot', 'a burner that nests inside the pot', 'a lid with a strainer', 'a clip that locks pot and burner together'],
    uses: ['melting snow', 'quick brews on belay', 'long tours far from shops'] }),
  shelf('Cooking > Cookware > Pots & pans', 'pot', 1.0, [19, 129], ['Cook Pot {v} L', 'Cook Set', 'Trail Pan', 'Frying Pan', 'Kettle {v} L'], {
    variants: { v: ['0.9', '1.2', '2.0'] }, sizes: ['Small', 'Medium', 'Large'], of: STEEL,
    facts: ['handles that stay cool', 'a non-stick coating free of PTFE', 'litre marks inside', 'a lid that doubles as a plate', 'a mesh sack for the pack'],
    uses: ['one-pot pasta', 'pancakes on the terrace of the hut', 'cooking for four', 'open fires'] }),
  shelf('Cooking > Drinking > Water bottles', 'bottle', 1.5, [12, 49], ['Water Bottle {v} L', 'Trail Bottle {v} L', 'Steel Bottle {v} L'], {
    variants: { v: ['0.5', '0.75', '1.0'] }, sizes: ['{v} L'], of: STEEL,
    facts: ['a wide mouth that takes ice and a brush', 'a cap that seals with half a turn', 'a loop for a carabiner', 'a powder coat that keeps its grip', 'no taste of yesterday'],
    uses: ['the daily commute', 'hot climbs', 'gym and trail alike'] }),
  shelf('Cooking > Drinking > Insulated flasks', 'flask', 1.0, [22, 69], ['Insulated Flask {v} L', 'Vacuum Flask {v} L', 'Tea Flask {v} L'], {
    variants: { v: ['0.5', '0.75', '1.0'] }, sizes: ['{v} L'], of: ['double-walled stainless steel', 'copper-lined vacuum steel', 'recycled stainless steel'],
    facts: ['tea still hot at four in the afternoon', 'a lid that is two cups', 'a spout that pours without dripping', 'a base that survives being dropped'],
    uses: ['winter walks', 'ski tours', 'early trains', 'long belays'] }),
  shelf('Cooking > Drinking > Mugs', 'mug', 0.8, [9, 39], ['Camp Mug', 'Enamel Mug', 'Insulated Mug', 'Travel Mug'], {
    sizes: ONE, of: ['enamelled steel', 'double-walled steel', 'titanium', 'glazed stoneware for the van'],
    facts: ['a rim that does not burn your lips', 'a handle for gloved hands', 'a sip lid against spills', 'a weight you will not notice'],
    uses: ['the first coffee of the day', 'soup, tea and everything between', 'camp kitchens and desks'] }),

  shelf('Clothing > Jackets > Rain jackets', 'jacket-rain', 2.6, [79, 480], ['Rain Jacket', 'Waterproof Jacket', 'Shell Jacket', 'Trail Rain Jacket', 'Storm Jacket'], {
    sizes: LETTERS, of: SHELL,
    facts: ['a hood that turns with your head', 'pit zips for steep climbs', 'a longer back over the saddle', 'pockets clear of the hip belt', 'cuffs that close over gloves', 'a two-way front zip', 'a chest pocket that the jacket packs into'],
    uses: ['weather that cannot make up its mind', 'hill days from March to November', 'the walk to work as much as the summit', 'wet ridges and dry huts'] }),
  shelf('Clothing > Jackets > Down jackets', 'jacket-down', 1.8, [99, 520], ['Down Jacket', 'Insulated Jacket', 'Light Down Jacket', 'Puffer Jacket', 'Down Parka'], {
    sizes: LETTERS, of: DOWN,
    facts: ['baffles that do not leave cold seams', 'a collar that comes up to your nose', 'hand pockets lined with fleece', 'an elastic hem against the wind', 'a stuff sack in the left pocket'],
    uses: ['summits and belays', 'cold stations at six in the morning', 'evenings outside the hut', 'dry winter days'] }),
  shelf('Clothing > Jackets > Softshell jackets', 'jacket-soft', 1.2, [79, 290], ['Softshell Jacket', 'Wind Jacket', 'Hybrid Jacket', 'Stretch Jacket'], {
    sizes: LETTERS, of: STRETCH,
    facts: ['elbows shaped for reaching', 'a wind-proof front with a breathing back', 'a hood that fits under a helmet', 'a chest pocket for the map', 'a brushed lining'],
    uses: ['ski tours', 'dry and windy days', 'scrambles and via ferratas', 'autumn rides'] }),
  shelf('Clothing > Midlayers > Fleece jackets', 'fleece', 1.7, [45, 190], ['Fleece Jacket', 'Fleece Hoodie', 'Full-Zip Fleece', 'Half-Zip Fleece'], {
    sizes: LETTERS, of: FLEECE,
    facts: ['thumb loops that hold the sleeves down', 'flat seams under pack straps', 'a collar without a label that scratches', 'zipped hand pockets', 'a cut that layers under a shell'],
    uses: ['cool mornings', 'the drive home', 'layering from autumn to spring', 'lazy Sundays'] }),
  shelf('Clothing > Midlayers > Vests', 'vest', 0.8, [49, 230], ['Down Vest', 'Insulated Vest', 'Fleece Vest', 'Running Vest'], {
    sizes: LETTERS, of: DOWN,
    facts: ['warmth where it counts and freedom in the arms', 'a two-way zip', 'a drop tail', 'pockets deep enough for a hat'],
    uses: ['working outside', 'runs below zero', 'layering over wool'] }),
  shelf('Clothing > Base layers > Tops', 'tee', 1.8, [29, 129], ['Merino T-Shirt', 'Merino Long-Sleeve', 'Trail T-Shirt', 'Base Layer Top'], {
    sizes: LETTERS, of: WOOL,
    facts: ['no itch, no smell after three days', 'shoulder seams moved off the pack straps', 'a knit that dries on your back', 'a neckline that keeps its shape', 'sun protection of 40'],
    uses: ['hut-to-hut weeks', 'hot climbs and cold lifts', 'travelling with one bag', 'every day, honestly'] }),
  shelf('Clothing > Trousers > Hiking trousers', 'trousers', 1.8, [59, 229], ['Hiking Trousers', 'Trekking Trousers', 'Walking Trousers', 'Softshell Trousers', 'Zip-Off Trousers'], {
    sizes: LETTERS, of: STRETCH,
    facts: ['knees shaped for high steps', 'a thigh pocket that fits a map', 'a gusset that moves with you', 'ankle cuffs that seal over boots', 'a waistband that sits well under a hip belt'],
    uses: ['rough paths', 'long days with a pack', 'scrambling', 'the forest and the office'] }),
  shelf('Clothing > Trousers > Shorts', 'shorts', 1.0, [35, 119], ['Hiking Shorts', 'Trail Shorts', 'Running Shorts', 'Climbing Shorts'], {
    sizes: LETTERS, of: STRETCH,
    facts: ['a hem that does not ride up', 'a liner that does not chafe', 'a zipped back pocket for keys', 'a cloth that is dry soon after a swim'],
    uses: ['hot valleys', 'interval days', 'summer crags', 'lakes along the way'] }),
  shelf('Clothing > Hats & gloves > Beanies', 'beanie', 1.0, [19, 59], ['Beanie', 'Wool Hat', 'Cuffed Beanie', 'Bobble Hat'], {
    sizes: ONE, of: ['lambswool from small farms', 'soft merino rib', 'recycled wool', 'a chunky cotton and wool knit'],
    facts: ['a fleece band over the ears', 'a shape that fits under a helmet', 'a rib that stays put in the wind', 'a seamless crown'],
    uses: ['frosty mornings', 'winter camps', 'city and summit'] }),
  shelf('Clothing > Hats & gloves > Caps & sun hats', 'cap', 0.7, [19, 55], ['Trail Cap', 'Sun Hat', 'Five-Panel Cap', 'Running Cap'], {
    sizes: ['S/M', 'L/XL'], of: ['light ripstop', 'organic cotton', 'quick-drying mesh'],
    facts: ['a dark underbrim against glare', 'a strap that adjusts with one hand', 'a brim that folds into a pocket', 'a sweatband that dries fast'],
    uses: ['hot ridges', 'boat days', 'summer races'] }),
  shelf('Clothing > Hats & gloves > Gloves', 'gloves', 1.0, [22, 139], ['Gloves', 'Liner Gloves', 'Insulated Gloves', 'Leather Gloves'], {
    sizes: ['S', 'M', 'L', 'XL'], of: ['goat leather palms', 'windproof stretch fabric', 'wool terry', 'a waterproof insert'],
    facts: ['fingertips that work a phone', 'a soft thumb for a cold nose', 'long cuffs that keep snow out', 'fingers cut to hold a rope'],
    uses: ['winter climbs', 'cold handlebars', 'shovelling out the car', 'ski tours'] }),

  shelf('Footwear > Hiking > Hiking boots', 'boot', 2.4, [119, 360], ['Hiking Boot', 'Leather Hiking Boot', 'Trekking Boot', 'Mid Hiking Boot', 'Mountain Boot'], {
    sizes: SHOES, of: LEATHER,
    facts: ['a sole that grips wet slate', 'a heel that never lifts', 'room for toes on the way down', 'a membrane that breathes', 'a rubber rand all the way round', 'a sole that any cobbler can replace'],
    uses: ['long days with a heavy pack', 'muddy paths', 'stony ridges', 'autumn in the hills'] }),
  shelf('Footwear > Hiking > Hiking shoes', 'shoe-hike', 1.3, [89, 220], ['Hiking Shoe', 'Approach Shoe', 'Low Hiking Shoe', 'Walking Shoe'], {
    sizes: SHOES, of: LEATHER,
    facts: ['sticky rubber under the toes', 'laces down to the toe', 'a stiff edge for scrambles', 'a padded ankle', 'a footbed you can take out'],
    uses: ['via ferratas', 'the walk to the crag', 'quick summits after work', 'cobbles and country lanes'] }),
  shelf('Footwear > Running > Trail running shoes', 'shoe-run', 2.0, [89, 210], ['Trail Running Shoe', 'Trail Shoe', 'Mountain Running Shoe', 'Ultra Running Shoe'], {
    sizes: SHOES, of: MESH,
    facts: ['5 mm lugs that shed mud', 'a wide toe box for long descents', 'a drop of six millimetres', 'foam that still bounces after forty kilometres', 'quick laces with a garage', 'a rock plate you forget about'],
    uses: ['rolling single track', 'wet fells', 'your first fifty kilometres', 'lunch runs that get out of hand'] }),
  shelf('Footwear > Summer > Sandals', 'sandal', 0.7, [45, 130], ['Trekking Sandal', 'Sandal', 'River Sandal'], {
    sizes: SHOES, of: ['recycled webbing', 'soft nubuck straps', 'quick-drying neoprene-lined straps'],
    facts: ['a sole that holds on wet rock', 'three straps to adjust', 'a footbed that moulds to you', 'a heel cup that keeps pebbles out'],
    uses: ['river crossings', 'camp evenings', 'warm towns'] }),

  shelf('Packs > Backpacks > Daypacks', 'pack-day', 1.9, [49, 179], ['Daypack {v} L', 'Day Backpack {v} L', 'Trail Pack {v} L', 'Commuter Backpack {v} L'], {
    variants: { v: [12, 16, 20, 24, 28] }, sizes: ['{v} L'], of: PACKCLOTH,
    facts: ['a back panel that breathes', 'a sleeve for water or a laptop', 'side pockets you can reach while walking', 'a whistle on the chest strap', 'a rain cover in the base', 'a lid pocket for small things'],
    uses: ['day hikes', 'the commute and the weekend', 'hut tours with a light load', 'school runs'] }),
  shelf('Packs > Backpacks > Trekking backpacks', 'pack-trek', 1.3, [129, 420], ['Trekking Backpack {v} L', 'Backpack {v} L', 'Expedition Backpack {v} L'], {
    variants: { v: [38, 45, 55, 65, 75] }, sizes: ['{v} L'], of: PACKCLOTH,
    facts: ['a frame that carries twenty kilos without complaint', 'a back length you set in seconds', 'a hip belt with real pockets', 'access from the front and from below', 'loops for poles and axes', 'a lid that becomes a small bag'],
    uses: ['a week on the trail', 'winter camping', 'long-distance paths', 'trips with a tent on top'] }),
  shelf('Packs > Travel > Duffels', 'duffel', 0.8, [69, 249], ['Duffel {v} L', 'Travel Duffel {v} L', 'Gear Bag {v} L'], {
    variants: { v: [40, 60, 90] }, sizes: ['{v} L'], of: ['tarpaulin', 'recycled 900-denier cloth', 'waxed canvas'],
    facts: ['shoulder straps that hide away', 'a mouth as wide as the bag', 'lockable zips', 'daisy chains along the sides', 'a pocket for wet boots'],
    uses: ['boot-room to airport', 'expeditions', 'the back of the van'] }),
  shelf('Packs > Travel > Dry bags', 'drybag', 0.6, [14, 79], ['Dry Bag {v} L', 'Roll-Top Dry Bag {v} L'], {
    variants: { v: [5, 10, 20, 35] }, sizes: ['{v} L'], of: ['welded tarpaulin', 'coated ripstop', 'a translucent film'],
    facts: ['enough air to float when you drop it', 'seams welded, not sewn', 'a D-ring for the deck', 'a roll-top that seals in three turns'],
    uses: ['canoe tours', 'keeping the down dry', 'beach days'] }),

  shelf('Climbing > Hardware > Carabiners & quickdraws', 'carabiner', 0.8, [9, 139], ['Carabiner', 'Quickdraw Set', 'Screwgate Carabiner', 'Wiregate Carabiner'], {
    sizes: ONE, of: ALLOY,
    facts: ['a nose that does not snag', 'a gate you can feel through gloves', 'a spine shaped for the rope', 'a test mark of its own on every piece'],
    uses: ['sport routes', 'alpine racks', 'belay stations'] }),
  shelf('Climbing > Hardware > Climbing helmets', 'helmet', 0.7, [55, 149], ['Climbing Helmet', 'Mountain Helmet', 'Light Climbing Helmet'], {
    sizes: ['S/M', 'L/XL'], of: ['an in-mould foam core', 'a tough ABS shell', 'a hybrid shell'],
    facts: ['a dial that turns with gloves on', 'clips for a headlamp', 'vents all around', 'a chin strap that lies flat'],
    uses: ['loose rock', 'via ferratas', 'ski mountaineering'] }),
  shelf('Climbing > Ropes & harnesses > Ropes', 'rope', 0.7, [89, 299], ['Climbing Rope {v} m', 'Single Rope {v} m', 'Dry Rope {v} m'], {
    variants: { v: [40, 60, 70, 80] }, sizes: ['{v} m'], of: ['a tight 9.5 mm sheath', 'a supple 9.8 mm construction', 'a dry-treated 8.9 mm core and sheath'],
    facts: ['good handling from the first day', 'a middle mark that lasts', 'no kinks after flaking', 'ends sealed and numbered'],
    uses: ['long pitches', 'the local crag', 'icy gullies'] }),
  shelf('Climbing > Ropes & harnesses > Harnesses', 'harness', 0.6, [49, 149], ['Climbing Harness', 'Alpine Harness', 'Adjustable Harness'], {
    sizes: ['XS', 'S', 'M', 'L', 'XL'], of: ['laminated webbing', 'soft split webbing', 'recycled webbing with a foam core'],
    facts: ['four gear loops that stand out', 'leg loops that open fully', 'a belay loop with a wear mark', 'comfort at hanging stances'],
    uses: ['multi-pitch days', 'glacier travel', 'first leads'] }),

  shelf('Trail tools > Walking > Trekking poles', 'poles', 0.9, [39, 199], ['Trekking Poles', 'Folding Poles', 'Carbon Poles', 'Hiking Poles'], {
    sizes: ['100-120 cm', '110-130 cm', '120-140 cm'], of: ['carbon shafts', '7075 aluminium shafts', 'carbon above and alloy below'],
    facts: ['cork grips that learn your hand', 'levers that never slip', 'baskets for mud and for snow', 'three sections that fit in a daypack'],
    uses: ['steep descents', 'snowshoe tours', 'knees that have seen a bit'] }),
  shelf('Trail tools > Navigation > Compasses', 'compass', 0.5, [15, 99], ['Compass', 'Sighting Compass', 'Baseplate Compass'], {
    sizes: ONE, of: ['a clear acrylic baseplate', 'a brass case', 'a shock-proof capsule'],
    facts: ['a needle that settles at once', 'a mirror for exact bearings', 'scales for three maps', 'marks that glow all night'],
    uses: ['mist on the moor', 'orienteering', 'learning to read the land'] }),
  shelf('Trail tools > Tools > Knives & multitools', 'knife', 0.8, [19, 159], ['Folding Knife', 'Multitool', 'Pocket Knife', 'Camp Knife'], {
    sizes: ONE, of: ['a carbon steel blade and ash handle', 'stainless steel', 'a walnut handle', 'a glass-fibre handle'],
    facts: ['a lock that clicks', 'an edge that is easy to bring back', 'a clip for the pocket', 'scissors that really cut'],
    uses: ['cheese and bread', 'small repairs', 'kindling', 'the top pocket'] }),
  shelf('Trail tools > Tools > First aid kits', 'firstaid', 0.4, [19, 79], ['First Aid Kit', 'Trail First Aid Kit', 'Expedition First Aid Kit'], {
    sizes: ['Small', 'Large'], of: ['water-resistant ripstop', 'a bright roll-out pouch'],
    facts: ['everything in labelled pockets', 'blister plasters that hold', 'a booklet with clear drawings', 'room for your own medicine'],
    uses: ['families', 'guided groups', 'far-off valleys'] }),
];

/** First sentences. {noun} is the product in lower case, {brand} its maker, {use} one of the shelf's uses. */
export const OPENINGS = [
  'Made for {use}.',
  'The one we reach for when it comes to {use}.',
  'A {noun} for {use}, and for a good many years after that.',
  '{brand} built the {model} for {use}.',
  'Plain, well made, and at home with {use}.',
  'If you plan on {use}, start here.',
  'The {model} has one job, {use}, and does it quietly.',
  'Light enough to take along, tough enough for {use}.',
  'Our staff wore out the last version on {use}; this one is better.',
];
/** Middle sentences: {of} is the material, {a} and {b} facts of the shelf. */
export const MIDDLES = [
  'Cut from {of}, with {a} and {b}.',
  'It pairs {of} with {a}. You also get {b}.',
  'Uses {of}. Worth knowing: {a}, {b}.',
  'What you notice first is {of}; what you keep noticing is {a}, and {b}.',
  'We like {a}, we like {b}, and we like that it is made with {of}.',
  '{Of}, {a}, {b}: nothing more than you need.',
];
/** Middle sentences for hard goods, where nothing is cut from cloth. */
export const HARD_MIDDLES = [
  'Made from {of}, with {a} and {b}.',
  'Built around {of}. You also get {a}, and {b}.',
  '{Of}, {a}, {b}: nothing more than you need.',
  'We like {a}, we like {b}, and we like the use of {of}.',
];
export const CLOSINGS = [
  'Spare parts are kept for ten years.',
  'Repairable, and we do repair it.',
  'Packed without plastic.',
  'A quiet best-seller.',
  'Made in small batches; sizes come back every few weeks.',
  'Looks better with every scratch.',
  'Comes with a three-year guarantee.',
  'Care: a damp cloth, a dry place, no hurry.',
  'Tested on our own doorstep, in our own weather.',
  'Colours may run out before the season does.',
];
/** Sometimes added, so that a maker has a voice. */
export const BRAND_LINES = [
  '{brand} is a small maker and answers its own telephone.',
  '{brand} dyes its {colour} with a third of the usual water.',
  'As with everything from {brand}, the details come from people who use it.',
  '{brand} calls this shade {colour}; we call it easy to find in a tent.',
];
