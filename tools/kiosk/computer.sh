# shellcheck shell=bash disable=SC2154
# What kind of computer this is, and whether Rapport can run on it; sourced by tools/install_kiosk.

is_pi() { grep -aqs "Raspberry Pi" /proc/device-tree/model; }

has_apt() { command -v apt-get >/dev/null 2>&1; }

systemd_runs() { [ -d /run/systemd/system ]; }

# Whether the package sources have it.
offered() { apt-cache policy "$1" 2>/dev/null | grep -Eq 'Candidate: +[^( ]'; }

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q ' installed$'; }

# The version of the system's Python as `3.11`; empty without one.
python_version() { "$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }

memory_mb() { awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo; }

free_mb() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }

must_suit() {
    has_apt || fail "no apt-get here: this installs on Raspberry Pi OS and Debian; elsewhere use tools/setup" 2
    case $(dpkg --print-architecture) in
        arm64 | amd64) ;;
        *) fail "$(dpkg --print-architecture): no TFLite interpreter is published for it; use the 64-bit Raspberry Pi OS (arm64) or amd64" 2 ;;
    esac
    command -v systemctl >/dev/null 2>&1 || fail "no systemd here: the service needs it; see docs/recipes/install_a_kiosk.md for other ways" 2
    case $(python_version) in
        3.11 | 3.12 | 3.13 | "") ;; # none yet: it comes with the packages
        *) fail "the system's Python is $(python_version), and Rapport needs 3.11 to 3.13: use Debian or Raspberry Pi OS 12 or 13" 2 ;;
    esac
    [ -z "$board" ] || [ -f "$board" ] || [ -f "hardware/boards/$board.toml" ] ||
        fail "--board $board: neither a file nor one of $(cd hardware/boards && ls ./*.toml | sed 's#^\./##; s#\.toml$##' | tr '\n' ' ')" 2
    case $place in home | public | workplace | school) ;; *) fail "--place $place: home, public, workplace or school" 2 ;; esac
    [ "$(free_mb /opt 2>/dev/null || free_mb /)" -ge 700 ] || fail "less than 700 MB free for /opt: make room first" 2
}
