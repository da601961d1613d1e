"""Install what a target of the Makefile needs from the system.

    python3 tools/install_system_packages.py venv|pdf|gettext|node|browser|…

Nothing is printed when it is there. What is missing is installed from Debian
packages when the user may (root, or sudo without a password); otherwise the exit
code is 1 and the message says which command to run, or what to install.
Runs before there is a virtual environment: standard library only.
"""

import os
import shutil
import subprocess
import sys

PYTHON = "python{}.{}".format(*sys.version_info)

# For each need: how to see that it is there, what it is, and the Debian packages.
# TeX is asked for files, so that a TeX Live from elsewhere serves as well.
NEEDS = {
    "venv": (
        lambda: runs(sys.executable, "-c", "import ensurepip, venv"),
        "Python's venv module, with pip",
        [PYTHON + "-venv"],
    ),
    "pdf": (
        lambda: (
            shutil.which("latexmk")
            and shutil.which("lualatex")
            and runs(
                "kpsewhich",
                "--all",
                "ltjarticle.cls",
                "luatexja-preset.sty",
                "pdfmanagement-testphase.sty",
                "fncychap.sty",
                "luatex85.sty",
                "HaranoAjiMincho-Regular.otf",
                "texgyretermes-regular.otf",
                "lmmono10-regular.otf",
            )
        ),
        "latexmk and TeX Live with LuaLaTeX, LuaTeX-ja, the Harano Aji, TeX Gyre and "
        "Latin Modern fonts",
        [
            "latexmk",
            "texlive-luatex",
            "texlive-latex-extra",
            "texlive-lang-japanese",
            "tex-gyre",
            "fonts-texgyre",
            "lmodern",
        ],
    ),
    "gettext": (
        lambda: shutil.which("msgfmt"),
        "GNU gettext, which checks catalogs",
        ["gettext"],
    ),
    "node": (
        lambda: runs(
            sys.executable, "-c", "import ctypes; ctypes.CDLL('libatomic.so.1')"
        ),
        "libatomic, for the Node.js that Playwright and textlint bring",
        ["libatomic1"],
    ),
    "reproducible": (
        lambda: shutil.which("faketime") and shutil.which("diffoscope"),
        "faketime, which sets another clock, and diffoscope, which shows differences",
        ["faketime", "diffoscope-minimal"],
    ),
    "office": (
        lambda: shutil.which("soffice"),
        "LibreOffice Calc, which opens the sheet of a review in a test",
        ["libreoffice-calc-nogui"],
    ),
    "editors": (
        lambda: all(map(shutil.which, ["poedit", "omegat", "Xvfb", "xdotool"])),
        "Poedit and OmegaT, which save a catalog in a test, and a screen for them",
        ["poedit", "omegat", "xvfb", "xauth", "xdotool"],
    ),
    "browser": (
        lambda: (
            shutil.which("chromium") and runs("sh", "-c", "fc-list :lang=ja | grep .")
        ),
        "Chromium, for the tests, and a Japanese font for it",
        ["chromium", "fontconfig", "fonts-noto-cjk"],
    ),
}


def runs(*command: str) -> bool:
    """Return whether *command* can be run and succeeds."""
    try:
        return not subprocess.run(command, capture_output=True).returncode
    except OSError:
        return False


def install(need: str) -> None:
    """Install what *need* lacks; exit with a message where that is not possible."""
    is_there, what, packages = NEEDS[need]
    if is_there():
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        sys.exit(f"Missing: {what}. Install it, and run make again.")
    if os.geteuid() == 0:
        sudo = []
    elif runs("sudo", "--non-interactive", "true"):
        sudo = ["sudo"]
    else:
        sys.exit(
            f"Missing: {what}. Install it with this command (as root, without its two "
            "sudo), and run make again:\n"
            f"  sudo apt-get update && sudo {' '.join(command)}"
        )
    print(f"Installing {what} (some minutes)", flush=True)
    env = ["env", "DEBIAN_FRONTEND=noninteractive"]
    # Another target may be installing at this moment.
    quiet = ["--quiet=2", "-o", "DPkg::Lock::Timeout=900", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run([*sudo, "apt-get", *quiet, "update"])
    result = subprocess.run(
        [*sudo, *env, *command, *quiet],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode:
        print(result.stdout)
    if result.returncode or not is_there():
        sys.exit(f"apt-get could not install {what}: see above.")


if __name__ == "__main__":
    # Whoever runs this may have any version.
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(
            f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}. "
            "Name another one with: make PYTHON=python3.13"
        )
    if sys.argv[1:] not in [[need] for need in NEEDS]:
        sys.exit(__doc__)
    install(sys.argv[1])
