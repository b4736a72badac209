"""Sentences with formulas between dollar signs, as plain Unicode."""

import re

GLYPHS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "Gamma": "Γ",
    "delta": "δ",
    "epsilon": "ε",
    "varepsilon": "ε",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "Lambda": "Λ",
    "mu": "μ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "psi": "ψ",
    "chi": "χ",
    "omega": "ω",
    "nu": "ν",
    "zeta": "ζ",
    "partial": "∂",
    "sum": "Σ",
    "prod": "∏",
    "int": "∫",
    "nabla": "∇",
    "le": "≤",
    "ge": "≥",
    "ne": "≠",
    "approx": "≈",
    "simeq": "≃",
    "propto": "∝",
    "to": "→",
    "infty": "∞",
    "cdot": "·",
    "cdots": "…",
    "dots": "…",
    "ldots": "…",
    "times": "×",
    "pm": "±",
    "in": "∈",
    "setminus": "∖",
    "langle": "⟨",
    "rangle": "⟩",
    "top": "ᵀ",
    "ell": "ℓ",
    "mid": "|",
    "sqrt": "√",
}


def plain(sentence: str) -> str:
    r"""A sentence without the marks of LaTeX.

    Examples
    --------
    >>> plain(r"$\operatorname{tr} T = \sum_i T_{ii}$, so $\frac{1}{C} \le 2$")
    'tr T = Σ_i T_ii, so 1/C ≤ 2'
    """
    text = re.sub(r"\\([A-Za-z]+)", lambda m: GLYPHS.get(m[1], m[0]), sentence)
    text = re.sub(r"\\operatorname\{([^{}]*)\} ?", r"\1 ", text)
    text = re.sub(r"\\(?:mathcal|mathrm|mathbb|text|hat|bar)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\(?:mathcal|hat|bar|mathbb) ?(\w)", r"\1", text)
    text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2", text)
    text = re.sub(r"\\t?frac(\d)(\d)", r"\1/\2", text).replace("^ᵀ", "ᵀ")
    text = re.sub(r"\\texttt\{([^{}]*)\}", r"\1", text).replace("--", "–")
    text = text.replace(r"\|", "‖").replace(r"\,", " ").replace(r"\ ", " ")
    return re.sub(r" +", " ", text.translate(str.maketrans("", "", "$\\{}"))).strip()
