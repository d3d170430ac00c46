# shellcheck shell=bash disable=SC2154
# The steps of an installation. need_X prints what step X would change, or nothing; do_X does it. Sourced by tools/install_kiosk.

INSTALL_STEPS=(packages buses accounts release settings rules journal watchdog units words_unit command start)
SETTINGS=/etc/rapport/rapport.toml
UNIT_FOLDER=/etc/systemd/system
HARDWARE_GROUPS=(audio video render gpio i2c spi plugdev)

# ---- packages ----

wanted_packages() {
    echo python3 python3-venv python3-pyaudio udev
    # Only Raspberry Pi OS has the camera's, and Debian 12 has no lgpio.
    local package
    for package in python3-picamera2 python3-lgpio; do offered "$package" && echo "$package"; done
    if [ -n "$screen" ]; then echo cage chromium; fi
}
missing_packages() {
    local package
    for package in $(wanted_packages); do installed "$package" || echo "$package"; done
}
need_packages() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "$missing" ] || echo "install the system packages $missing"
}
do_packages() {
    local log
    log=$(mktemp)
    say "installing system packages"
    # shellcheck disable=SC2046
    apt_get install --no-install-recommends $(missing_packages) >"$log" 2>&1 ||
        { apt_get update >"$log" 2>&1 && apt_get install --no-install-recommends $(missing_packages) >>"$log" 2>&1; } || {
        tail -n 10 "$log" | sed 's/^/    /' >&2
        fail "apt-get could not install $(missing_packages | tr '\n' ' '); mend that (above), then run this again"
    }
    rm -f "$log"
}

# ---- I2C and SPI, where the body's board needs them ----

board_file() {
    local name=${board:-starter_face}
    if [ -f "$name" ]; then echo "$name"; else echo "hardware/boards/$name.toml"; fi
}
missing_buses() {
    is_pi && command -v raspi-config >/dev/null 2>&1 || return 0
    if grep -qs pca9685 "$(board_file)" && [ "$(raspi-config nonint get_i2c)" != 0 ]; then echo i2c; fi
    if grep -qsi spi "$(board_file)" && [ "$(raspi-config nonint get_spi)" != 0 ]; then echo spi; fi
}
need_buses() {
    local bus
    for bus in $(missing_buses); do echo "switch on $bus, which the board needs (raspi-config; works after a restart)"; done
}
do_buses() {
    local bus
    for bus in $(missing_buses); do raspi-config nonint "do_$bus" 0; done
}

# ---- users and groups ----

has_group() { getent group "$1" >/dev/null; }
in_group() { id -nG "$1" 2>/dev/null | tr ' ' '\n' | grep -qx "$2"; }
need_accounts() {
    local group
    for group in "${HARDWARE_GROUPS[@]}"; do has_group "$group" || echo "add the group $group"; done
    id rapport >/dev/null 2>&1 || echo "add the system user rapport, without a shell or password"
    for group in "${HARDWARE_GROUPS[@]}"; do in_group rapport "$group" || echo "let the user rapport use the devices of the group $group"; done
    [ -n "$screen" ] || return 0
    id rapport-screen >/dev/null 2>&1 || echo "add the system user rapport-screen, which may use the screen and nothing else"
    for group in rapport video render input; do in_group rapport-screen "$group" || echo "put the user rapport-screen into the group $group"; done
}
do_accounts() {
    local group
    for group in "${HARDWARE_GROUPS[@]}"; do has_group "$group" || groupadd --system "$group"; done
    id rapport >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir /var/lib/rapport --no-create-home --shell /usr/sbin/nologin rapport
    for group in "${HARDWARE_GROUPS[@]}"; do usermod -aG "$group" rapport; done
    [ -n "$screen" ] || return 0
    has_group input || groupadd --system input
    id rapport-screen >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir /var/lib/rapport-screen --no-create-home --shell /usr/sbin/nologin rapport-screen
    for group in rapport video render input; do usermod -aG "$group" rapport-screen; done
}

# ---- the program ----

release_is_current() { [ -n "$release" ] && [ "$(readlink "$CURRENT" 2>/dev/null)" = "$release" ] && [ -e "$release/whole" ]; }
need_release() {
    release_is_current && return 0
    local extras
    extras=$(wanted_extras | tr '\n' ' ')
    if [ -e "$CURRENT" ]; then
        echo "upgrade the program: $release (the release before it is kept)"
    else
        echo "copy the program and about 250 MB of Python packages to ${release:-$HOME_OF_RELEASES}"
    fi
    echo "with ${extras:-none }of the extras words, memory and fleet, where there are wheels for this computer"
}
do_release() {
    find_release
    [ -e "$release/whole" ] || make_release
    switch_release "$release"
    restart=yes
}

# ---- settings ----

write_settings() {
    local kind=virtual
    if is_pi || [ -n "$board" ]; then kind=pi; fi
    if is_pi; then : "${camera:=picamera2}"; fi
    cat <<TEXT
# Rapport's settings on this computer: yours to edit, kept by every upgrade. Each key: docs/reference/configuration.md
# After a change: rapport service restart

[robot]
place = "$place"

[sources]
camera = "${camera:-none}"
microphone = "${microphone:-pyaudio}"

[body]
kind = "$kind"
board = "${board:-starter_face}"

[updates]
store = "/var/lib/rapport/models"
TEXT
    [ -z "$screen" ] || printf '\n[server]\nshow = true\n'
    wanted_extras | grep -qx words || printf '\n[hearing]\nwords = "off"\n'
    # A Zero 2 W: half the looks leave the little processor room for the rest.
    [ "$(memory_mb)" -ge 700 ] || printf '\n[sight]\nframes_per_s = 8.0\n'
}
need_settings() { [ -e "$SETTINGS" ] || echo "write the settings $SETTINGS"; }
do_settings() {
    mkdir -p "$(dirname "$SETTINGS")"
    write_settings >"$SETTINGS.new"
    mv "$SETTINGS.new" "$SETTINGS"
}

# ---- files of the system ----

same() { [ -f "$2" ] && cmp -s "$1" "$2"; }
put() { mkdir -p "$(dirname "$2")" && install -m 644 "$1" "$2"; }

RULES=/etc/udev/rules.d/70-rapport.rules
need_rules() { same tools/kiosk/70-rapport.rules "$RULES" || echo "write the device rules $RULES"; }
do_rules() {
    put tools/kiosk/70-rapport.rules "$RULES"
    if systemd_runs && udevadm control --reload 2>/dev/null; then udevadm trigger --action=change || true; fi
}

JOURNAL=/etc/systemd/journald@rapport.conf
need_journal() { same tools/kiosk/journald.conf "$JOURNAL" || echo "keep the robot's log apart and below 16 MB: $JOURNAL"; }
do_journal() {
    put tools/kiosk/journald.conf "$JOURNAL"
    if systemd_runs; then systemctl try-restart systemd-journald@rapport.service 2>/dev/null || true; fi
}

WATCHDOG=/etc/systemd/system.conf.d/rapport-watchdog.conf
need_watchdog() {
    [ ! -e /dev/watchdog ] || same tools/kiosk/watchdog.conf "$WATCHDOG" ||
        echo "let the computer's watchdog restart it if it hangs (from the next start on): $WATCHDOG"
}
do_watchdog() { put tools/kiosk/watchdog.conf "$WATCHDOG"; }

wanted_units() {
    local unit
    for unit in tools/kiosk/units/*; do
        case $unit in *rapport-screen*) [ -n "$screen" ] || [ -e "$UNIT_FOLDER/rapport-screen.service" ] || continue ;; esac
        echo "${unit##*/}"
    done
}
need_units() {
    local unit
    for unit in $(wanted_units); do
        same "tools/kiosk/units/$unit" "$UNIT_FOLDER/$unit" || echo "write the unit $UNIT_FOLDER/$unit"
    done
}
do_units() {
    local unit
    for unit in $(wanted_units); do put "tools/kiosk/units/$unit" "$UNIT_FOLDER/$unit"; done
    if systemd_runs; then systemctl daemon-reload; fi
    restart=yes
}

WORDS_UNIT=$UNIT_FOLDER/rapport.service.d/words-on-amd64.conf
need_words_unit() {
    [ "$(dpkg --print-architecture)" = amd64 ] && wanted_extras | grep -qx words || return 0
    same tools/kiosk/words-on-amd64.conf "$WORDS_UNIT" || echo "let the recogniser of words write code into memory, as it must on amd64: $WORDS_UNIT"
}
do_words_unit() {
    put tools/kiosk/words-on-amd64.conf "$WORDS_UNIT"
    if systemd_runs; then systemctl daemon-reload; fi
    restart=yes
}

COMMAND=/usr/local/bin/rapport
need_command() { [ "$(readlink "$COMMAND" 2>/dev/null)" = "$CURRENT/venv/bin/rapport" ] || echo "make the command rapport: $COMMAND"; }
do_command() { ln -sfn "$CURRENT/venv/bin/rapport" "$COMMAND"; }

# ---- start ----

wanted_started() {
    echo rapport-boots.service rapport.service rapport-update.timer
    if [ -n "$screen" ] || [ -e "$UNIT_FOLDER/rapport-screen.service" ]; then echo rapport-screen.service; fi
}
need_start() {
    local unit
    for unit in $(wanted_started); do
        [ "$(systemctl is-enabled "$unit" 2>/dev/null)" = enabled ] || echo "start $unit whenever the computer starts"
    done
    [ -n "$start" ] && systemd_runs || return 0
    for unit in $(wanted_started); do
        if [ -n "${restart:-}" ] || ! release_is_current || [ -n "$(need_units)$(need_words_unit)" ]; then
            echo "start $unit now"
        elif ! systemctl is-active --quiet "$unit"; then
            echo "start $unit now"
        fi
    done
}
do_start() {
    local unit
    # shellcheck disable=SC2046
    systemctl --quiet enable $(wanted_started)
    [ -n "$start" ] || return 0
    if ! systemd_runs; then
        say "systemd does not run here: the robot starts with the computer"
        return 0
    fi
    for unit in $(wanted_started); do
        systemctl restart "$unit" && continue
        journalctl --namespace=rapport --no-pager -n 15 -o cat 2>/dev/null | sed 's/^/    /' >&2
        fail "$unit did not start (above: its log); mend that, then  sudo rapport service start"
    done
}

farewell() {
    say "done. How it is: rapport status. Its log: rapport service logs. Its settings: $SETTINGS"
    [ -z "$(need_buses)" ] || say "restart the computer once, so that it has the buses its board needs"
}
