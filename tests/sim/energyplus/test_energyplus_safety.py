"""Nothing that an input file from outside brings may run code or reach beyond the folder of its run."""

import re
import time

import pytest
from energy_samples import model

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from citytwin_desktop.sim.energyplus.safety import check_idf_text, check_objects

CODE = [
    "PythonPlugin:Instance,a,Yes,plugin,Class;",
    "PYTHONPLUGIN:SEARCHPATHS,a,Yes,Yes,No;",
    "pythonPlugin:variables,a,b;",
    "  \t PythonPlugin:Instance  ,a;",
    "\n\nPythonPlugin\n:Instance,a;",
    "PythonPlugin :Instance,a;",
    "ExternalInterface,PtolemyServer;",
    "ExternalInterface:FunctionalMockupUnitImport,model.bin;",
    "externalInterface:actuator,a,b,c,d;",
    "EnergyManagementSystem:Program,a,set b = 1;",
    "energymanagementsystem:sensor,a,b,c;",
    "Output:EnergyManagementSystem,Verbose,Verbose,Verbose;",
    "Output : EnergyManagementSystem,Verbose;",
    "Zone,a;PythonPlugin:Instance,b;",
    "Zone,a; ! harmless\nPythonPlugin:Instance,b;",
    "! a comment ; that ends\nPythonPlugin:Instance,b;",
    "! a comment that ends with a carriage return\rPythonPlugin:Instance,b;\n",
    "! a comment that ends with a line separator\u2028PythonPlugin:Instance,b;\n",
    "! and with a form feed\fPythonPlugin:Instance,b;\n",
    "Zone,a!b;\n;PythonPlugin:Instance,b;",
    "Zone,a, ! open\nb; PythonPlugin:Instance,c;",
    "Ｐｙｔｈｏｎ Ｐｌｕｇｉｎ:Instance,wide letters;",
    "PythonPlugin：Instance,wide colon;",
    "\ufeffPythonPlugin:Instance,mark;",
    "PythonPlugin:Instance",
]
LOOK_ALIKE = [
    "РythonPlugin:Instance,Cyrillic;",
    "Zοne,Greek;",
    "Zone\u00a0,a;",
]
HIDDEN = [
    "Python\u200bPlugin:Instance,zero width;",
    "Python\u00adPlugin:Instance,soft hyphen;",
    "Python\x00Plugin:Instance,nothing;",
    "Zone,\u202egnp.elif;",
    "Zone,a\ufeffb;",
    "Zone,\x1b[2J;",
]
MACROS = [
    "##include ../../etc/passwd",
    "  ##fileprefix /etc\n",
    "Zone,a;\r##include x\n",
    "Zone,a;\r\n\t##set1 a b\r\n",
    "! hidden\x85##include x\n",
]
FILES = [
    "Schedule:File,a,b,/etc/passwd,1,0;",
    "Schedule:File,a,b,sub/plain.csv,1,0;",
    "Schedule:File,a,b,sub\\plain.csv,1,0;",
    "Schedule:File,a,b,sub／plain.csv,1,0;",
    "SCHEDULE:FILE:SHADING,sub/plain.csv;",
    "Construction:WindowDataFile,plain.dat;",
    "Zone,../../secret.csv;",
    "Zone,..\\secret.csv;",
    "Zone,a/.. /secret.csv;",
    "Zone,\\\\server\\share\\x.csv;",
    "Zone,//server/share/x.csv;",
    "Zone,C:\\x.csv;",
    "Zone,c:x.csv;",
    "Zone,\\\\?\\C:\\x.csv;",
    'Zone,"/etc/passwd";',
    "Zone,' /etc/passwd';",
    "Zone,file:///etc/passwd;",
    "Zone,FILE:etc/passwd;",
    "Zone,http://example.org/x.csv;",
    "Zone,~/x.csv;",
    "Zone,$HOME/x.csv;",
    "Zone,%USERPROFILE%\\x.csv;",
    "Zone,．．／secret.csv;",
    "Zone,／etc／passwd;",
    "Zone,plugin.py;",
    "Zone,model.FMU;",
    "Zone,\n  ! comment\n  /etc/passwd ! another\n;",
]


def refusal_of(text: str) -> str:
    """The sentence that refuses a text, empty when it is let in."""
    try:
        check_idf_text(text)
    except KnownError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (CODE, "can run other programs"),
        (LOOK_ALIKE, "is no class of EnergyPlus"),
        (HIDDEN, "invisible character"),
        (MACROS, "macro commands"),
        (FILES, "names a file outside|reads a file"),
    ],
    ids=["code", "look-alikes", "hidden", "macros", "files"],
)
def test_tricks_are_refused_by_name(texts: list[str], words: str) -> None:
    for text in texts:
        for whole in (text, f"Version,25.2;\n{text}", f"{text}\nZone,after;"):
            if whole.find("\ufeff") > 0 and text.startswith("\ufeff"):
                continue
            sentence = refusal_of(whole)
            assert re.search(words, sentence), f"{whole!r}: {sentence or 'let in'}"
            assert sentence.endswith(".")
            assert len(sentence) < 400


def test_a_mark_in_the_middle_is_hidden() -> None:
    with pytest.raises(KnownError, match="invisible"):
        check_idf_text("Version,25.2;\n\ufeffPythonPlugin:Instance,mark;")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeffVersion,25.2;\r\n",
        "Zone,Über straße 12/3, 0.0;",
        "Zone,Wall 1..2;",
        "Zone,Water 50% glycol;",
        "! ##include in a comment; PythonPlugin:Instance,x;\nZone,a; ! C:\\x.csv and ../x\n",
        "Output:Variable,*,Zone Mean Air Temperature,Hourly;",
        "Schedule:File,a,b,plain.csv,1,0;",
        "SCHEDULE:FILE:SHADING,plain.csv;",
        "Schedule:Compact,a,b,Through: 12/31,For: AllDays,Until: 24:00,1;",
        "Site:Location,Chicago Ohare Intl Ap_IL_USA Design_Conditions,41.96,-87.92,-6.0,201.0;",
    ],
)
def test_what_is_harmless_passes(text: str) -> None:
    check_idf_text(text)


def test_our_own_files_pass_and_quickly() -> None:
    text = building_idf(model(storeys=3), EnergySettings())
    check_idf_text(text)
    began = time.process_time()
    check_idf_text(text * 20)
    assert time.process_time() - began < 5.0, "far from linear"


def test_very_long_texts_and_fields_are_refused_at_once() -> None:
    with pytest.raises(KnownError, match="field of 5000 characters"):
        check_idf_text(f"Zone,{'a' * 5000};")
    with pytest.raises(KnownError, match="million characters"):
        check_idf_text(" " * 50_000_001)
    with pytest.raises(KnownError):
        check_idf_text("PythonPlugin:Instance" * 10_000)
    with pytest.raises(KnownError, match="no class"):
        check_idf_text("/" * 100_000)


def test_objects_are_held_to_the_same() -> None:
    check_objects([["ZONE", "a", 1.0, None, "b"]])
    for row in (
        ["PYTHONPLUGIN:INSTANCE", "a"],
        ["Output:EnergyManagementSystem"],
        ["Zone", "../x"],
        ["Schedule:File", "a", "b", "sub/x.csv"],
        ["Zone", "a\u200bb"],
        ["ZОNE", "Cyrillic"],
    ):
        with pytest.raises(KnownError):
            check_objects([["ZONE", "a"], row])
