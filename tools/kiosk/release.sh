# shellcheck shell=bash disable=SC2154
# One release: a copy of the sources with an environment of its own, named by what is in it; sourced by tools/install_kiosk.
# A new one is made beside the old, and only a whole one is switched to, so that an upgrade that breaks off changes nothing.

HOME_OF_RELEASES=/opt/rapport/releases
CURRENT=/opt/rapport/current
IN_RELEASE=(robot hardware models docs setup.cfg pyproject.toml constraints.txt carriers.txt README.md LICENSE NOTICE SECURITY.md)

# The recogniser of words holds 270 MB beside the robot itself: more than a Zero 2 W has to give.
WORDS_NEED_MB=700

# What is installed beside the robot itself, as setup.cfg names it: what was not left out.
wanted_extras() {
    local extra
    for extra in words memory fleet; do
        case " $without " in *" $extra "*) continue ;; esac
        [ "$extra" != words ] || [ "$(memory_mb)" -ge "$WORDS_NEED_MB" ] || continue
        echo "$extra"
    done
}

list_sources() { find "${IN_RELEASE[@]}" -type f -not -path '*/__pycache__/*' -not -path '*.egg-info/*' | LC_ALL=C sort; }

# What is in a release, as sixteen digits.
release_key() {
    { echo "layout 2 $(python_version)" $(wanted_extras); list_sources | tr '\n' '\0' | xargs -0 sha256sum; } | sha256sum | cut -c 1-16
}

# Worked out once: hashing everything takes seconds on a Pi. Without a Python there is nothing to name yet.
release=""
find_release() { [ -n "$release" ] || [ -z "$(python_version)" ] || release=$HOME_OF_RELEASES/$(release_key); }

# A camera stack built for NumPy 1 cannot be loaded beside NumPy 2 (Raspberry Pi OS 12: "numpy.dtype size changed").
constraints_for_here() {
    if "$python" -c 'import numpy, sys; sys.exit(numpy.__version__.split(".")[0] != "1")' 2>/dev/null; then
        sed 's/^numpy==.*/numpy==1.26.4/' constraints.txt
    else
        cat constraints.txt
    fi
}

pip_tries() {
    # A Zero 2 W keeps /tmp in its little memory.
    TMPDIR=$folder/tmp "$folder/venv/bin/python" -m pip install --no-cache-dir --progress-bar off --disable-pip-version-check \
        --root-user-action ignore "$@" >>"$folder/setup.log" 2>&1
}
pip_in_release() {
    pip_tries "$@" || pip_failed
}
pip_failed() {
    tail -n 15 "$folder/setup.log" | sed 's/^/    /' >&2
    fail "pip could not install (above: the last lines of $folder/setup.log). Mostly the network: run this again when it is back"
}

# Wheels only: building one takes an hour on a Pi. Where there is none, the robot does without, and that is said.
install_extras() {
    local extra before
    : >"$folder/extras"
    for extra in $(wanted_extras); do
        before=$(wc -l <"$folder/setup.log")
        if pip_tries -c "$folder/constraints.txt" --no-build-isolation --only-binary :all: -e "$folder/app[$extra]"; then
            echo "$extra" >>"$folder/extras"
        elif tail -n "+$((before + 1))" "$folder/setup.log" | grep -q "No matching distribution found"; then
            say "no wheels for this computer: $extra is left out, and the robot does without (log: $folder/setup.log)"
        else
            pip_failed
        fi
    done
}

make_release() {
    local folder=$release pins=(gpiozero)
    say "copying the program and its Python packages to $folder; some minutes on a Pi (log: $folder/setup.log)"
    rm -rf "$folder"
    mkdir -p "$folder/app" "$folder/tmp"
    list_sources | tar -cf - -T - | tar -xf - -C "$folder/app" --no-same-owner
    # The system's site packages hold libcamera, which no package index has.
    "$python" -m venv --system-site-packages "$folder/venv" >"$folder/setup.log" 2>&1 || fail "$python could not make $folder/venv: see $folder/setup.log"
    constraints_for_here >"$folder/constraints.txt"
    pip_in_release -c "$folder/constraints.txt" setuptools
    # The pins of a Pi 5 need lgpio: the system's, or where it has none, the wheel there is for Python 3.11.
    if ! "$python" -c 'import lgpio' 2>/dev/null && [ "$(python_version)" = 3.11 ]; then pins+=(lgpio); fi
    pip_in_release -c "$folder/constraints.txt" --no-build-isolation -e "$folder/app" "${pins[@]}"
    pip_in_release --no-deps --ignore-requires-python --require-hashes -r "$folder/app/carriers.txt"
    install_extras
    # The service may not write here, so Python's compiled files are made now: they halve the start.
    "$folder/venv/bin/python" -m compileall -q -j 0 "$folder/app" "$folder/venv" >>"$folder/setup.log" 2>&1 || true
    "$folder/venv/bin/rapport" models verify >>"$folder/setup.log" 2>&1 ||
        fail "the models do not answer as they should on this computer: see the end of $folder/setup.log"
    rm -rf "$folder/tmp"
    touch "$folder/whole"
}

switch_release() {
    local folder=$1 before
    before=$(readlink "$CURRENT" || true)
    ln -sfn "$folder" "$CURRENT.new"
    mv -T "$CURRENT.new" "$CURRENT"
    find "$HOME_OF_RELEASES" -mindepth 1 -maxdepth 1 -not -path "$folder" -not -path "${before:-none}" -exec rm -rf {} +
}
