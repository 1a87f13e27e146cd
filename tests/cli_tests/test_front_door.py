from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

import pytest

from maas.cli import COMMANDS, main
from maas.cli.console import (
    Language,
    _locale_language,
    guarded,
    language,
    language_option,
    progress,
    set_language,
    text,
)
from maas.cli.lazy import LazyCommand
from routing.errors import NetworkError

HEAVY = (
    "numpy",
    "numba",
    "pandas",
    "scipy",
    "matplotlib",
    "osmnx",
    "osmium",
    "pyarrow",
    "simpy",
    "streamlit",
)


@pytest.fixture(autouse=True)
def _language_of_the_locale() -> object:
    yield
    set_language(None)


def test_help_loads_no_numerics() -> None:
    script = (
        "import json, sys\nfrom maas.cli import main\ncode = main(['--help'])\n"
        "print(json.dumps([code, sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert [name for name in HEAVY if name in modules] == []
    assert "network" in done.stdout


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_of_the_table_loads(entry: LazyCommand) -> None:
    assert entry.load().name == entry.name


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_explains_itself(entry: LazyCommand, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([entry.name, "--help"]) == 0
    assert "maas" in capsys.readouterr().out


def test_help_comes_out_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--lang", "ja", "--help"])
    assert "デマンド交通" in capsys.readouterr().out
    main(["--lang=en", "--help"])
    assert "demand-responsive" in capsys.readouterr().out


def test_unknown_command_and_language_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["netwrk"]) == 2
    assert "Did you mean 'network'?" in capsys.readouterr().err
    assert main(["--lang", "fr", "network"]) == 2
    assert "'ja', 'en'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--lang", "ja", "network"], Language.JA),
        (["--lang=en"], Language.EN),
        (["--help", "--lang", "ja"], Language.JA),
        (["network", "--lang", "ja"], None),
        (["--lang", "fr"], None),
        (["--lang"], None),
        ([], None),
    ],
)
def test_language_is_read_before_the_command(arguments: list[str], expected: Language | None) -> None:
    assert language_option(arguments) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, Language.JA),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, Language.EN),
        ({"LC_MESSAGES": "ja_JP", "LANG": "en_US"}, Language.JA),
        ({"LANG": "de_DE.UTF-8"}, Language.EN),
    ],
)
def test_language_of_the_locale_is_japanese_or_english(
    environment: Mapping[str, str], expected: Language
) -> None:
    assert _locale_language(environment) == expected


def test_text_follows_the_language() -> None:
    set_language(Language.JA)
    assert (language(), text("road", "道")) == (Language.JA, "道")
    set_language(Language.EN)
    assert text("road", "道") == "road"


def raising(error: BaseException) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (NetworkError("field head: 9 of 5"), 2, "Error: field head: 9 of 5\n"),
        (NetworkError("one\nand two"), 2, "Error: one and two\n"),
        (
            FileNotFoundError(2, "No such file or directory", "a.toml"),
            2,
            "Error: a.toml: No such file or directory\n",
        ),
        (
            OSError(28, "No space left on device"),  # of a write, which names no file
            2,
            "Error: the disk is full (No space left on device); make room and run the command again\n",
        ),
        (KeyboardInterrupt(), 130, "Error: stopped by the keyboard\n"),
        (SystemExit(130), 130, "Error: stopped by the keyboard\n"),
        (SystemExit(0), 0, ""),
        (SystemExit(None), 0, ""),
        (SystemExit(2), 2, ""),
    ],
)
def test_expected_errors_are_one_sentence(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, sentence: str
) -> None:
    set_language(Language.EN)
    assert guarded(lambda: raising(error)) == code
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize("error", [ZeroDivisionError("fault"), OSError("no name")])
def test_faults_of_the_program_keep_their_traceback(error: Exception) -> None:
    with pytest.raises(type(error)):
        guarded(lambda: raising(error))


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Roads") as report:
        report(1, 2)
        report(2, 2)
    written = capsys.readouterr()
    assert (written.out, written.err) == ("", "")
