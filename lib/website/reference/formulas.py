"""Formulas as docstrings write them, `dx = dy Wᵀ`, turned into TeX.

A docstring sets a formula off by two spaces, as in "Mean squared error  L = mean (y − t)²;  dy = 2 (y − t) / size.".
What follows two spaces and holds a relation such as = or ← is a formula; anything else stays text.
"""

import re
import unicodedata

RELATION = re.compile(r" [+−]?= |[←≈≤≥∝∼≠≡]")
CODE = re.compile(r"[`\"#]|\.\w+\(|\bback = |= back\(|\bNone\b|\bself\.")
END = re.compile(
    r"(?<=[^\s.])\. (?=[A-Z`])|(?<=[^\s.])\.$|[,;:]$|; (?=[a-z]{2,} )|: |, (?!else|otherwise)(?=[a-z]{3,}(?: |$))"
)
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀᵗⁿˡˣⁱʲᵏᵈᵃᵇᶜʰᵐᵖʳˢᵘᵛʷʸᶻ", "0123456789+-Ttnlxijkdabchmprsuvwyz", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦ", "0123456789+-aehijklmnoprstuvxβ", strict=True))
SYMBOLS = {
    **{"−": "-", "·": r"\cdot ", "∘": r"\odot ", "×": r"\times ", "…": r"\dots ", "Σ": r"\sum ", "Π": r"\prod "},
    **{"←": r"\leftarrow ", "→": r"\to ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "∝": r"\propto "},
    **{"∈": r"\in ", "∞": r"\infty ", "‖": r"\Vert ", "½": r"\tfrac12 ", "¼": r"\tfrac14 ", "∂": r"\partial "},
    **{"⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "⟨": r"\langle ", "⟩": r"\rangle "},
    **{"∇": r"\nabla ", "∗": "*", "⊕": r"\oplus ", "⊗": r"\otimes ", "±": r"\pm ", "∼": r"\sim ", "≡": r"\equiv "},
    **{"%": r"\%", "#": r"\#", "&": r"\&", "<": r"\lt ", ">": r"\gt ", "{": "{", "}": "}"},
}
FUNCTIONS = ("log", "exp", "tanh", "cos", "sin", "max", "min", "arg", "det", "lim")
OPERATORS = (
    *(
        "mean",
        "sign",
        "clip",
        "softmax",
        "var",
        "std",
        "sum",
        "median",
        "concat",
        "argmax",
        "KL",
        "cosh",
        "relu",
        "logit",
    ),
    *("softplus", "sigmoid", "round", "conv", "pool", "norm", "diag", "tr", "rank"),
)
WORDS = set(
    re.findall(
        r"\w+",
        "a all and as at before both by each else elsewhere every for from if in is it its of on or otherwise over per "
        "row rows so that the their then there to up where which while with without",
    )
)
WORD_BEFORE_MARK = re.compile(r"(?<=\w) \}(?=[,;:)]|$| \\allowbreak \\text)")  # its space would be one too many
_UP, _DOWN = "".join(SUPERSCRIPTS), "".join(SUBSCRIPTS)
TOKEN = re.compile(
    rf"[{_UP}]+|[{_DOWN}]+|(?:(?![{_UP}{_DOWN}])[^\W\d_])+[\u0300-\u036f]?|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL
)


def parts(text: str) -> list[tuple[str, bool]]:
    """The text cut into (piece, whether it is a formula)."""
    found: list[tuple[str, bool]] = []
    for i, piece in enumerate(re.split(r"(?<=\S) {2,}(?=\S)", text)):
        space = " " if i else ""
        if CODE.search(piece) or not RELATION.search(piece) or _is_prose(piece, strict=not i):
            found.append((space + piece, False))
            continue
        end = END.search(piece)
        cut = end.start() if end else len(piece)
        found += [(space, False), (piece[:cut], True), (piece[cut:], False)]
    return [part for part in found if part[0]]


def is_formula(line: str) -> bool:
    """Whether a line that stands by itself is a formula, and not code."""
    return bool(RELATION.search(line)) and not CODE.search(line)


def _is_prose(piece: str, strict: bool) -> bool:
    """Left of its relation a formula has symbols, and a sentence has words; the first words of a text usually are."""
    left = re.findall(r"[^\W\d_]+", RELATION.split(piece)[0])
    long = [word for word in left if len(word) > 3 and word not in OPERATORS]
    return (
        len(long) > 1 or any(w.lower() in WORDS for w in left if len(w) > 1) or (strict and bool(long or len(left) > 6))
    )


def tex(formula: str) -> str:
    """The formula in TeX; words and names of several letters stand upright."""
    text = unicodedata.normalize("NFD", formula.replace("≠", r" \ne "))
    made = _sequence([match.group() for match in TOKEN.finditer(text)], 0, "")[0].strip()
    return WORD_BEFORE_MARK.sub("}", made)


def _sequence(tokens: list[str], i: int, closing: str) -> tuple[str, int]:
    """TeX of tokens from i up to the closing bracket, and where that stands."""
    out = ""
    while i < len(tokens) and not (closing and tokens[i] == closing):
        piece, i = _one(tokens, i)
        out += piece
    return out, i


def _one(tokens: list[str], i: int) -> tuple[str, int]:
    token = tokens[i]
    if token in ("_", "^", "√"):
        argument, after = _argument(tokens, i + 1, token)
        return ({"√": r"\sqrt"}.get(token, token) + "{" + argument + "}", after)
    if token == "(":
        inner, after = _sequence(tokens, i + 1, ")")
        return f"({inner})", after + 1
    for marks, sign in ((SUPERSCRIPTS, "^"), (SUBSCRIPTS, "_")):
        if token[0] in marks:
            return sign + "{" + "".join(marks[letter] for letter in token) + "}", i + 1
    if len(token) > 1 and token.isspace() and 0 < i < len(tokens) - 1:
        return r"\quad ", i + 1
    if token.isspace():
        return (r"\," if _is_product(tokens, i) else " "), i + 1
    return _atom(token), i + 1


def _argument(tokens: list[str], i: int, of: str) -> tuple[str, int]:
    """What a root, a ^ or a _ applies to: a bracket, or one symbol with its sign."""
    if i == len(tokens):
        return "", i
    if tokens[i] in ("(", "{"):
        inner, after = _sequence(tokens, i + 1, ")" if tokens[i] == "(" else "}")
        return inner, after + 1
    if tokens[i] in ("−", "-"):
        inner, after = _argument(tokens, i + 1, of)
        return "-" + inner, after
    if tokens[i] == "|" and "|" in tokens[i + 1 :]:
        inner, after = _sequence(tokens, i + 1, "|")
        return f"|{inner}|", after + 1
    pair = of == "_" and len(tokens[i]) == 2 and tokens[i].isalpha() and tokens[i] not in WORDS  # two indices, a_ij
    inner, after = (tokens[i], i + 1) if pair else _one(tokens, i)
    goes_on = {"_": "'′", "^": "_", "√": "_^" if len(tokens[i]) == 1 else "(_^"}[of]
    while after < len(tokens) and (tokens[after] in tuple(goes_on) or (of != "_" and tokens[after][0] in SUBSCRIPTS)):
        more, after = _one(tokens, after)
        inner += more
    return inner, after


def _is_product(tokens: list[str], i: int) -> bool:
    """Whether a space stands for a product, as in x W."""
    before, after = tokens[i - 1] if i else " ", tokens[i + 1] if i + 1 < len(tokens) else " "
    if before in WORDS - {"a"} or after in WORDS - {"a"}:
        return False
    return (before[-1].isalnum() or before[-1] in ")}]|‖") and (after[0].isalnum() or after[0] in "(√")


def _atom(token: str) -> str:
    if token in SYMBOLS:
        return SYMBOLS[token]
    if unicodedata.combining(token[-1]):
        accent = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar"}.get(token[-1], r"\bar")
        d = r"\mathrm{d}" if len(token) == 3 and token[0] == "d" else ""
        return f"{d}{accent}{{{token[-2]}}}"
    if token in FUNCTIONS:
        return "\\" + token + " "
    if token in OPERATORS:
        return rf"\operatorname{{{token}}}"
    if token in WORDS and len(token) > 1:
        return rf"\allowbreak \text{{ {token} }}"  # a line may end before a word
    if len(token) == 2 and token[0] == "d" and token[1].isalpha():
        return rf"\mathrm{{d}}{token[1]}"
    return rf"\mathrm{{{token}}}" if len(token) > 1 and token.isalpha() else token
