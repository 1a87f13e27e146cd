"""What the page of assumptions and sources says, in both languages."""

from __future__ import annotations

from typing import Final

from maas.i18n.wording import Wording

ASSUMPTIONS: Final = Wording("Assumptions", "前提となる数値")
DEFINITIONS: Final = Wording("Definitions", "指標の定義")
METHOD: Final = Wording("How it is computed", "計算の方法")
CREDITS: Final = Wording("Sources and versions", "出典と版")
SCENARIO: Final = Wording("Scenario", "シナリオ")
CONFIDENCE_HEAD: Final = Wording("Confidence", "確かさ")
CONFIDENCE: Final = {
    "source": Wording("published", "公表資料"),
    "assumption": Wording("assumed", "仮定"),
    "guess": Wording("own knowledge", "経験からの推量"),
}
CONFIDENCE_NOTE: Final = Wording(
    "Published: the number stands in the named source. Assumed: chosen for the reason given. Own"
    " knowledge: nobody"
    " published it. Keys of the scenario files are in the CSV file.",
    "公表資料は出典に記載のある数値、仮定は記載の理由で置いた数値、経験からの推量は公表値のない数値。"
    "シナリオファイル内の項目名（キー）はCSVにあります。",
)
NAME: Final = Wording("Number", "項目")
KEY: Final = Wording("Key", "キー")
VALUE: Final = Wording("Value", "値")
RANGE: Final = Wording("Range", "幅")
ORIGIN: Final = Wording("Source or reason", "出典または理由")
FIGURE: Final = Wording("Figure", "指標")
UNIT: Final = Wording("Unit", "単位")
MEANING: Final = Wording("Meaning", "意味")
ROADS: Final = Wording("Roads and places", "道路と地点")
STUDY: Final = Wording("This study", "この検討")
FOLDER: Final = Wording("Folder", "フォルダー")
SEEDS: Final = Wording("Seeds of the days", "乱数の種")
APPROXIMATE: Final = Wording(
    "The road network is an approximation, not a survey.",
    "道路網は近似であり、測量された地図ではありません。",
)
FONTS: Final = Wording(
    "Japanese text in pictures: IPAex Gothic (IPA Font License). Colours: Okabe and Ito.",
    "図中の日本語: IPAexゴシック（IPAフォントライセンス）。配色: 岡部・伊藤のカラーユニバーサルデザイン。",
)
METHOD_TEXT: Final = Wording(
    """
- **A weekday is simulated call by call.** Residents drawn from the census ask for trips; the dispatcher
  that would
  run live decides each request on the spot, knowing nothing of the future; vehicles drive on streets
  generated from
  public data, with traffic that varies from day to day.
- **Every case meets the same days.** Day 7 of one case has the same residents, wishes and traffic as day 7
  of another,
  so that a difference comes from the service and not from chance.
- **Intervals.** A value stands with its 95 % interval over days (Student's t). Ratios, such as yen a rider,
  divide the sums of all days, as an account of a year does. Differences are taken day
  by day;
  quantiles over riders get theirs from drawing days. Many comparisons at once are corrected by Holm's
  procedure.
- **Marks.** ○ the whole interval is better by the threshold that the study stated beforehand, × the whole
  interval is
  worse, △ neither.
- **What it cannot say.** Trips that nobody would ask for today, habits that change, and what drivers
  decide are in no
  simulation. Numbers marked *assumed* or *own knowledge* are what a reader should doubt first; the study
  *what it
  rests on* shows how far each of them moves the answer.
""",
    """
- **平日1日を、申込みの1件ずつから模擬します。** 国勢調査にもとづく住民が移動を申し込み、
  実運行と同じ配車プログラムが、
  先のことを知らずにその場で可否を決めます。車両は公開データから生成した道路を、
  日ごとに変わる交通状況のなかで走ります。
- **どの案も同じ日で比べます。** ある案の7日目と別の案の7日目は、住民も希望も交通状況も同じです。
  差は偶然ではなくサービスの違いによるものです。
- **区間。** 値には日のばらつきから求めた95%信頼区間（Studentのt）を付けます。
  1人当たりの円などの比は、年間の決算と同じく全日の合計どうしの比です。差は同じ日どうしで取り、
  中央値などの区間は日の再抽出で求めます。多数の比較はHolm法で補正します。
- **判定。** ○は区間全体が事前に定めた基準値以上に良い、×は区間全体が悪い、△はどちらとも言えない。
- **分からないこと。** 今はだれも申し込まない移動、習慣の変化、運転者の判断は模擬に含まれません。
  「仮定」「経験からの推量」の
  数値はまず疑うべきもので、検討テーマ「どの仮定に左右されるか」で影響の大きさを示します。
""",
)
