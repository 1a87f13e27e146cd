"""The one page that is read: the question, the answer in plain words, and what would change our mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dashboards.evidence.exhibits import TextExhibit
from dashboards.evidence.kpis import MARKS, printed, threshold_words, unvaried
from maas.i18n.effects import effect_words
from maas.i18n.figures import wording
from maas.i18n.wording import Language, Wording
from simulation.study_comparison import Effect, Mark, StudyComparison
from simulation.study_outcome import StudyOutcome
from simulation.study_sensitivity import share_of_futures, tornado

_MOST_CASES: Final = 6
"""Cases whose answer is told in words; the table has all of them."""

_MOST_LISTED: Final = 2
"""Cases of which every figure has a line."""

_MOST_FIGURES: Final = 4
"""Figures told of each of more cases."""


_LANGUAGES: Final[tuple[Language, Language]] = ("en", "ja")

WOULD_CHANGE: Final = Wording("What would change our mind", "判断を変える条件")
NOT_STATED: Final = Wording(
    "The study file does not say. State it before the study is run.",
    "スタディファイルに記載がない。計算の前に定めておくこと。",
)


def summary(study: StudyOutcome, comparison: StudyComparison) -> TextExhibit:
    """Question, answer, what would change our mind, how surely, and what to be careful about."""
    said = study.definition
    paragraphs: list[tuple[Wording | None, Wording]] = [
        (Wording("Question", "問い"), _text(said["question"], NOT_STATED)),
        *(
            (Wording("Answer", "答え") if index == 0 else None, line)
            for index, line in enumerate(_answer(study, comparison))
        ),
        (
            Wording("What would change our mind", "判断を変える条件"),
            _text(said["would_change_our_mind"], NOT_STATED),
        ),
        (Wording("How surely", "確かさ"), _how_surely(study, comparison)),
        (Wording("Be careful", "留意点"), _care(study)),
    ]
    return TextExhibit("summary", Wording("Summary", "要旨"), tuple(paragraphs))


def _answer(study: StudyOutcome, comparison: StudyComparison) -> Iterator[Wording]:
    plain = unvaried(study)
    told = [case for case in plain.cases if plain.baseline(case.name) != case.name]
    for case in told[:_MOST_CASES]:
        base = next(known for known in plain.cases if known.name == plain.baseline(case.name))
        effects = [
            comparison.by_key[case.name, key]
            for key in study.definition["figures"]
            if (case.name, key) in comparison.by_key
        ]
        if len(told) > _MOST_LISTED:
            yield Wording(*(_short_line(case.title, effects, language) for language in _LANGUAGES))
            continue
        verdict = _verdict([effect.mark for effect in effects if effect.mark is not None])
        yield Wording(
            f"{_capital(case.title.en)}, against {base.title.en}: {verdict.en}",
            f"{case.title.ja}（{base.title.ja}との比較）: {verdict.ja}",
        )
        yield from (Wording(_line(effect, "en"), _line(effect, "ja")) for effect in effects)
    if len(told) > _MOST_LISTED:
        yield _reading(study, comparison)
    if len(told) > _MOST_CASES:
        left = len(told) - _MOST_CASES
        yield Wording(
            f"{left} more cases are in the table of key figures.", f"ほか{left}案は主要指標の表を参照。"
        )
    yield from _sensitivity_answer(study)


def _short_line(title: Wording, effects: Sequence[Effect], language: Language) -> str:
    """Values of the first figures with their marks: `4台: 利用者の割合 88.7% ×、待ち時間 平均 3.0分 ×`."""
    parts = []
    for effect in effects[:_MOST_FIGURES]:
        mark = "" if effect.mark is None else f" {MARKS[effect.mark]}"
        parts.append(_value(effect.figure, effect.value, language) + mark)
    return (
        f"{title.ja}: {'、'.join(parts)}" if language == "ja" else f"{_capital(title.en)}: {'; '.join(parts)}"
    )


def _value(key: str, value: float, language: Language) -> str:
    """`待ち時間 平均 3.0分`, `mean wait 3.0 min`."""
    figure = printed(wording(key))
    name, unit = figure.name.text(language), figure.unit.text(language)
    if language == "ja":
        return f"{name} {figure.number(value)}{unit}"
    return f"{_lower(name)} {figure.number(value)} {unit}".strip()


def _reading(study: StudyOutcome, comparison: StudyComparison) -> Wording:
    """With what the short lines are compared, where that is one case, and what the marks say."""
    baselines = {effect.baseline for effect in comparison.effects}
    en = "○ better by the threshold at least, × worse, △ neither; intervals are in the table of key figures."
    ja = "○は基準値以上に良い、×は悪い、△はどちらとも言えない。区間は主要指標の表を参照。"
    if len(baselines) != 1:
        return Wording(en, ja)
    base = next(case for case in study.cases if case.name in baselines)
    found = {effect.figure: effect.base for effect in comparison.effects}
    shown = [key for key in study.definition["figures"] if key in found][:_MOST_FIGURES]
    values_en, values_ja = ([_value(key, found[key], language) for key in shown] for language in _LANGUAGES)
    return Wording(
        f"Compared with {base.title.en}: {'; '.join(values_en)}. {_capital(en)}",
        f"比較の基準は{base.title.ja}: {'、'.join(values_ja)}。{ja}",
    )


def _verdict(marks: Sequence[Mark]) -> Wording:
    """How many of the figures with a threshold are better, worse, open."""
    if not marks:
        return Wording("the study states no thresholds.", "基準値の定めなし。")
    better, worse, still_open = (marks.count(kind) for kind in ("better", "worse", "open"))
    return Wording(
        f"of {len(marks)} figures with a threshold, {better} are better by it at least (○), {worse} are"
        f" worse (×), {still_open} are neither (△).",
        f"基準値のある{len(marks)}指標のうち、基準値以上に良いもの{better}（○）、悪いもの{worse}（×）、"
        f"どちらとも言えないもの{still_open}（△）。",
    )


def _line(effect: Effect, language: Language) -> str:
    """Mark, figure, both values, difference: `○ 待ち時間 平均 32.1 → 1.2分、30.9分短い（29.5～32.3）`."""
    figure = printed(wording(effect.figure))
    difference = effect.difference
    words = effect_words(figure, difference.mean, difference.low, difference.high, language)
    mark = "・" if effect.mark is None else MARKS[effect.mark]
    unit = figure.unit.text(language)
    values = f"{figure.number(effect.base)} → {figure.number(effect.value)}"
    name = figure.name.text(language)
    if language == "ja":
        return f"{mark} {name} {values}{unit}、{words}"
    return f"{mark} {name} {values}{' ' if unit else ''}{unit}: {words}"


def _sensitivity_answer(study: StudyOutcome) -> Iterator[Wording]:
    kinds = {axis.get("ranges") for axis in study.definition["grid"]}
    variants = [v for v in study.definition["variants"] if v["name"] != study.definition["baseline"]]
    if "futures" in kinds:
        for key in study.definition["thresholds"]:
            for variant in variants:
                found = share_of_futures(study, key, variant["name"])
                name = wording(key).name
                yield Wording(
                    f"{name.en}: {variant['title']['en']} beats the baseline in {100 * found.share:.0f} % of"
                    f" {found.count} futures ({100 * found.low:.0f} to {100 * found.high:.0f} %).",
                    f"{name.ja}: {variant['title']['ja']}は{found.count}通りの将来の"
                    f"{100 * found.share:.0f}%で基準より優れる"
                    f"（{100 * found.low:.0f}～{100 * found.high:.0f}%）。",
                )
    if "one_at_a_time" in kinds:
        figure = printed(wording(study.definition["figures"][0]))
        for variant in variants:
            bars = tornado(study, figure.key, variant["name"])
            turning = [b for b in bars if b.at_low.mean * b.at_high.mean < 0]
            yield Wording(
                f"{figure.name.en}: {len(turning)} of {len(bars)} assumptions could alone turn the sign of"
                " the difference within their range.",
                f"{figure.name.ja}: {len(bars)}個の仮定のうち、単独で差の符号を"
                f"変えうるものは{len(turning)}個。",
            )


def _how_surely(study: StudyOutcome, comparison: StudyComparison) -> Wording:
    days = len(study.seeds)
    en = (
        f"{days} simulated weekdays a case, each with the same riders and traffic in every case; differences"
        " day by day with 95 % intervals."
    )
    ja = (
        f"各案とも同じ利用者・交通状況の平日{days}日をシミュレーションし、"
        "同じ日どうしの差を95%信頼区間とともに示す。"
    )
    marked = [key for key in study.definition["figures"] if key in study.definition["thresholds"]]
    if marked:
        en += (
            " Thresholds, stated before the study: "
            + "; ".join(_threshold(study, k, "en") for k in marked)
            + "."
        )
        ja += "計算前に定めた基準値: " + "、".join(_threshold(study, k, "ja") for k in marked) + "。"
    short = [e for e in comparison.effects if e.mark == "open" and (e.days_needed or 0) > days]
    if short:
        most = max(effect.days_needed or 0 for effect in short)
        en += f" For {len(short)} of the △ the days do not suffice; about {most:,} would."
        ja += f"△のうち{len(short)}個は日数が足りず、約{most:,}日が必要。"
    return Wording(en, ja)


def _threshold(study: StudyOutcome, key: str, language: Language) -> str:
    name = wording(key).name.text(language)
    words = threshold_words(study, key, language)
    return f"{name} {words}" if language == "ja" else f"{_lower(name)} {words}"


def _care(study: StudyOutcome) -> Wording:
    en = (
        "A model, not a trial: the intervals hold the chance of days, not the chance that assumptions are"
        " wrong. Differences between cases are surer than the figures of one."
    )
    ja = (
        "これはモデルによる試算であり実証ではない。信頼区間は日ごとのばらつきを表し、仮定の誤りは含まない。"
        "個々の値より案どうしの差のほうが確かである。"
    )
    if study.is_approximate:
        en += " The roads are an approximation, not surveyed."
        ja += "道路網は測量によらない概略である。"
    for case in study.samples:
        share = 100 * case.provenance["demand_share"]
        en += f" {_capital(case.title.en)} has {share:.0f} % of the demand: do not scale it up."
        ja += f"{case.title.ja}の需要は{share:.0f}%であり、拡大推計できない。"
    return Wording(en, ja)


def _text(said: Mapping[str, str] | None, otherwise: Wording) -> Wording:
    return otherwise if said is None else Wording(said["en"], said["ja"])


def _lower(name: str) -> str:
    """A name within a sentence; abbreviations stay as they are."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
