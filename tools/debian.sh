# shellcheck shell=bash disable=SC2154
# Debian packages that only tests and the making of an environment need; sourced by tools/setup, which sets $python, say and fail.

is_root() { [ "$(id -u)" = 0 ]; }

# Whether what a Debian package gives is there, from that package or from anywhere else.
present() {
    case $1 in
        chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
        pulseaudio-utils) command -v pactl ;;
        nginx) command -v nginx || [ -x /usr/sbin/nginx ] ;;
        gcc) command -v gcc ;;
        mosquitto | nginx) PATH="$PATH:/usr/sbin" command -v "$1" ;;
        systemd) command -v systemd-analyze ;;
        portaudio19-dev) [ -e /usr/include/portaudio.h ] ;;
        python3*-dev) [ -e "$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] ;;
        libasound2-plugins) dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q ' installed$' ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
        -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Installs the missing ones of these packages as root; otherwise says what is left out. Never stops the set-up.
debian_packages() {
    local package missing=() known=() apt_log
    for package in "$@"; do
        present "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "skipped, not a Debian system: ${missing[*]}; tests that need them are skipped too"
        return 0
    fi
    if ! is_root; then
        say "skipped, not root: ${missing[*]}; tests that need them are skipped too. To have them: sudo apt-get install ${missing[*]}"
        return 0
    fi
    say "installing Debian packages: ${missing[*]}"
    apt_log=$(mktemp)
    if ! apt_get install --no-install-recommends "${missing[@]}" >"$apt_log" 2>&1; then
        apt_get update >"$apt_log" 2>&1 || true
        for package in "${missing[@]}"; do
            if apt-cache policy "$package" 2>/dev/null | grep -Eq 'Candidate: +[^( ]'; then
                known+=("$package")
            else
                say "skipped, this system's package sources do not have it: $package"
            fi
        done
        if [ ${#known[@]} -gt 0 ] && ! apt_get install --no-install-recommends "${known[@]}" >>"$apt_log" 2>&1; then
            tail -n 5 "$apt_log" | sed 's/^/    /'
            say "skipped, apt-get could not install: ${known[*]}; tests that need them are skipped too"
        fi
    fi
    rm -f "$apt_log"
}
