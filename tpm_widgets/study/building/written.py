"""Lines of settings as people paste them: TOML for study.toml, Python for ``make_study``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.cells.toml import plain_number, toml_key, toml_line, toml_text
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.choices import EVERYWHERE
from tpm_widgets.study.reading.settings import SurveySettings

Line = str


@dataclass(slots=True)
class Lines:
    """The lines that a survey still needs, each with what is declared already; a frame in memory has no ``file``."""

    settings: SurveySettings
    file: str
    on_rating_scale: Sequence[str]
    scales: dict[str, Scale] = field(default_factory=dict)
    longer: dict[str, Scale] = field(default_factory=dict)  # by one step, if the next number is an answer
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    needed: dict[tuple[str, str], list[Any]] = field(default_factory=dict)  # codes, by column of its own and kind

    def add_code(self, column: str, kind: str, code: Any) -> None:
        """Take in a code that is likely to mean this."""
        codes = self.needed.setdefault((self._own(column, kind), kind), [])
        if code not in codes:
            codes.append(code)

    def _own(self, column: str, kind: str) -> str:
        """Return the column where it has codes of its own, "" where those of the survey count."""
        return column if kind in self.settings.codes.get(column, {}) else ""

    def codes(self, column: str, kind: str, codes: Iterable[Any]) -> Line:
        """Write the codes of a kind: those declared, those of other columns that seem to be of it, and these."""
        own = self._own(column, kind)
        declared = self.settings.codes[column][kind] if own else getattr(self.settings, kind)
        needed = self.needed.get((own, kind), [])
        codes = list(codes)
        shared = needed if any(code in needed for code in codes) else []
        return self._line(kind, list(dict.fromkeys([*declared, *_in_order(shared), *codes])))

    def scale(self, column: str, *, longer: bool = False) -> Line:
        """Write the scale of a column: for all ratings where all need it, else by column."""
        scales = self.longer if longer else self.scales
        scale = scales[column]
        if self._asks_to_recommend(column):
            return self._line("recommend_scale", list(scale))
        if column in self.on_rating_scale and all(scales.get(name) == scale for name in self.on_rating_scale):
            return self._line("rating_scale", list(scale))
        if self.settings.scales and self.file:
            return self._line(column, list(scale))
        own = {**self.settings.scales, **scales}
        return self._line(
            "scales", {name: list(ends) for name, ends in own.items() if not self._asks_to_recommend(name)}
        )

    def _asks_to_recommend(self, column: str) -> bool:
        """Whether the scale of a column is that of the question on recommendation."""
        asked = self.settings.columns.get("recommend", "recommend")
        return column == asked and not {asked, "recommend"} & set(self.settings.scales)

    def open_words(self) -> bool:
        """Whether some word has no number yet."""
        return any(number == "" for words in self.words.values() for number in words.values())

    def all_words(self, more: Mapping[str, Any] | None = None) -> Line:
        """Write every word of every column once, and some more; by column where a word would have two numbers."""
        together: dict[str, Any] = {}
        agree = True
        for words in self.words.values():
            agree &= all(together.setdefault(word, number) == number for word, number in words.items())
        declared = {key: dict(words) for key, words in self.settings.words.items()}
        everywhere = {**declared.pop(EVERYWHERE, {}), **(more or {})}
        if agree and not declared:
            return self._line("words", {**everywhere, **together})
        own = {column: {**declared.get(column, {}), **words} for column, words in self.words.items()}
        return self._line("words", {**everywhere, **declared, **own})

    def flags(self, column: str) -> Line:
        """Write that 1 is yes and 2 no in a column."""
        codes = {"true": [1], "false": [2]}
        declared = {key: dict(own) for key, own in self.settings.codes.items()}
        if not self.file:
            return self._line("codes", {**declared, column: {**declared.get(column, {}), **codes}})
        return f"`codes.{toml_line(column, codes)}`"

    def place(self, column: str, key: str) -> Sentence:
        """Say where the lines of a column belong."""
        if not self.file:
            return say("(for make_study)")
        if key == "codes" and column in self.settings.codes:
            return say("(under [survey.codes.{column}])", column=toml_key(column))
        if key == "scales" and self.settings.scales and not self._asks_to_recommend(column):
            return say("(under [survey], or [survey.scales] for one column)")
        if key == "reversed":
            settled = bool(self.settings.turned)
        else:
            settled = bool(self.settings.words) if key == "words" else key == "codes" and self._has_codes()
        return say("(under [survey], in place of what is said there)") if settled else say("(under [survey])")

    def _has_codes(self) -> bool:
        return bool(self.settings.not_experienced or self.settings.no_answer)

    def _line(self, key: str, value: Any) -> Line:
        return setting_line(key, value, self.file)


def setting_line(key: str, value: Any, file: str) -> Line:
    """Write one setting between backticks: for study.toml, or for ``make_study`` where the table has no file."""
    return f"`{toml_line(key, value)}`" if file else f"`{key}={in_python(value)}`"


def _in_order(codes: list[Any]) -> list[Any]:
    return sorted(codes, key=lambda code: (isinstance(code, str), code if not isinstance(code, str) else 0))


def in_python(value: Any) -> str:
    """Return a value as Python writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml_text(key)}: {in_python(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_python, value))}]"
    if isinstance(value, bool):
        return repr(value)
    return toml_text(value) if isinstance(value, str) else plain_number(value)
