"""Invented products. Some titles are awkward on purpose: formulas, markup, quotes, other scripts."""

from __future__ import annotations

_AWKWARD = {
    "US": (
        '=HYPERLINK("https://example.invalid","Ostrelle Kettle")',
        "<script>alert('Plimbo')</script> Mug <b>350 ml</b>",
        'Ostrelle 10" Pan, 2" deep, "the quiet one"',
        "+1 Quavento Refill & Funnel; 50% more",
        "@Plimbo 'Café Crème' Cup — naïve blue",
        "Quavento Lantern 🏮 for camping",
        "-2 Ostrelle Trivets | square, " + "extra long name for very patient readers, " * 3 + "oak",
    ),
    "DE": (
        '=HYPERLINK("https://example.invalid";"Ostrelle Töpfchen")',
        "<script>alert('Plimbo')</script> Becher <b>350 ml</b>",
        'Ostrelle Pfanne 26 cm (10"), „die Leise“',
        "Quavento Müslischüssel, grün, für Groß & Klein",
        "+1 Plimbo Überlaufschutz; 50 % mehr",
        "Quavento Straßenlaterne – Größe Ä/Ö/Ü, 12 €",
        "@Ostrelle Untersetzer | eckig, " + "besonders langer Name für geduldige Leser, " * 3 + "Eiche",
    ),
    "JP": (
        '=HYPERLINK("https://example.invalid","オストレル やかん")',
        "<script>alert('プリンボ')</script> マグ 350ml",
        'オストレル フライパン 26cm (10") 「静か」',
        "クアヴェント 能登風 表替え ソープ皿 十本",
        "+1 プリンボ カップ ①②③ ㈱なし 〜 増量",
        "@クアヴェント ランタン 髙さ20cm 﨑",
        "-2 オストレル 鍋敷き " + "とても長い商品名で辛抱強い方に " * 4 + "樫",
    ),
}
_AWKWARD["UK"] = (*_AWKWARD["US"][:4], "Plimbo Teapot £5 off, 'proper brew'", *_AWKWARD["US"][5:])

AWKWARD = len(_AWKWARD["US"])

_BRANDS = {
    "JP": ("オストレル", "プリンボ", "クアヴェント"),
}
_THINGS = {
    "US": ("Kettle", "Tea Strainer", "Soap Dish", "Bread Box", "Door Wedge", "Cable Basket", "Egg Timer", "Wall Hook"),
    "DE": ("Kessel", "Teesieb", "Seifenschale", "Brotkasten", "Türkeil", "Kabelkorb", "Eieruhr", "Wandhaken"),
    "JP": ("やかん", "茶こし", "石けん皿", "ブレッドケース", "ドアストッパー", "ケーブルかご", "タイマー", "壁フック"),
}
_COLOURS = {
    "US": ("slate", "amber", "moss", "ivory", "plum"),
    "DE": ("schiefer", "bernstein", "moosgrün", "elfenbein", "weiß"),
    "JP": ("灰", "琥珀", "苔色", "象牙", "紫"),
}


def titles_for(market: str, number: int) -> str:
    """Give the title of the account's product of that number; the first ones are awkward."""
    awkward = _AWKWARD[market]
    if number < len(awkward):
        return awkward[number]
    language = market if market in _THINGS else "US"
    brand = _BRANDS.get(language, ("Ostrelle", "Plimbo", "Quavento"))[number % 3]
    thing = _THINGS[language][number % 8]
    colour = _COLOURS[language][number // 8 % 5]
    return f"{brand} {thing} {colour} No. {number}"
